"""An AM behind the edge: keeps what it received, byte for byte, and answers what the test says.

`rule` is a coroutine function with what was received, once its head is there; the body may still
be in transit. The default rule waits for the body and answers what came.
"""
import asyncio
import json
import os
import time
from dataclasses import dataclass, field

from .am import universal_id
from .waiting import scaled


@dataclass(eq=False)
class Received:
    """One request as it came in."""
    head: bytes
    method: str
    target: str
    headers: list  # (name, value), in order, as sent
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    body: bytearray = field(default_factory=bytearray)
    whole: bool = False

    def values(self, name):
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def value(self, name):
        return (self.values(name) or [""])[0]

    @property
    def token(self):
        return self.value("Cookie").partition("=")[2].partition(";")[0]

    async def read_body(self):
        if self.value("Transfer-Encoding") == "chunked":
            while size := int(await self.reader.readuntil(b"\r\n"), 16):
                self.body += (await self.reader.readexactly(size + 2))[:-2]
            await self.reader.readuntil(b"\r\n")
        else:
            while missing := int(self.value("Content-Length") or 0) - len(self.body):
                piece = await self.reader.read(missing)
                if not piece:
                    raise EOFError("the body ended early")
                self.body += piece
        self.whole = True
        return bytes(self.body)

    async def send(self, data):
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self, status, body=b"", headers=(), length=True):
        lines = [f"HTTP/1.1 {status} Said", *(f"{name}: {value}" for name, value in headers)]
        if length:
            lines.append(f"Content-Length: {len(body)}")
        await self.send("\r\n".join(lines).encode() + b"\r\n\r\n" + body)


async def tell(received):
    """The default rule: says what came."""
    await received.read_body()
    await received.answer(200, f"{received.method} {received.target} {len(received.body)}".encode(),
                          [("X-Behind", "yes")])


def session_info(user, realm="/alpha", lives=3600, idle=1800, **more):
    """What AM says about a session that ends after that number of seconds."""
    def at(seconds):
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))
    return json.dumps({
        "username": user, "universalId": universal_id(user, realm), "realm": realm,
        "latestAccessTime": at(0), "maxIdleExpirationTime": at(idle), "maxSessionExpirationTime": at(lives),
        "properties": {"AuthLevel": "10"}, **more}).encode()


async def whose(received):
    """A rule: the token `token-of-NAME` is NAME's of /alpha; any other is not good."""
    await received.read_body()
    name = received.token.removeprefix("token-of-")
    if name == received.token:
        await received.answer(401, b'{"code":401}', [("Content-Type", "application/json")])
    else:
        await received.answer(200, session_info(name), [("Content-Type", "application/json")])


class Backend:
    def __init__(self, folder):
        self.path = os.path.join(folder, "am.sock")
        self.rule = tell
        self.received = []
        self.accepted = 0
        self.open = 0  # connections
        self.wrong = []
        self._server = None
        self._tasks = set()

    @property
    def url(self):
        """For proxy_pass."""
        return f"http://unix:{self.path}:"

    async def start(self):
        self._server = await asyncio.start_unix_server(self._serve, self.path, limit=1 << 20, backlog=1024)
        os.chmod(self.path, 0o777)  # workers may run as another user
        return self

    async def stop(self):
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.wait_for(asyncio.gather(*self._tasks, return_exceptions=True), scaled(5))
        assert not self.wrong, f"AM's stand-in: {self.wrong}"

    async def _serve(self, reader, writer):
        self.accepted += 1
        self.open += 1
        self._tasks.add(asyncio.current_task())
        try:
            while not writer.is_closing():
                received = await self._read_head(reader, writer)
                self.received.append(received)
                await self.rule(received)
                if "close" in received.values("Connection") or not received.whole:
                    break
        except (EOFError, ConnectionError, asyncio.IncompleteReadError):
            pass
        except Exception as error:  # pylint: disable=broad-except  # a rule's failure is the test's
            self.wrong.append(repr(error))
        finally:
            self._tasks.discard(asyncio.current_task())
            self.open -= 1
            writer.close()

    @staticmethod
    async def _read_head(reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head[:-4].decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        headers = [tuple(line.split(": ", 1)) if ": " in line else (line.rstrip(":"), "") for line in lines]
        return Received(head, method, target, headers, reader, writer)
