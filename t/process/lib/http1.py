"""HTTP/1.1 over one connection; the test controls the bytes and the timing of the client."""
import asyncio
import socket
import struct
import time
from dataclasses import dataclass, field

from .waiting import scaled


class Closed(Exception):
    """The server closed before the whole answer was there; `received` bytes of it were."""

    def __init__(self, received):
        super().__init__(f"closed after {received} bytes of the answer")
        self.received = received


@dataclass
class Answer:
    status: int
    headers: dict = field(default_factory=dict)  # names in lower case; the last of a name counts
    body: bytes = b""
    lines: list = field(default_factory=list)  # (name, value) of each line, names in lower case

    def values(self, name):
        return [value for key, value in self.lines if key == name.lower()]

    def __str__(self):
        return f"{self.status} {self.body[:200]!r}"


def compose(method, target, headers=(), body=b"", length=True):
    """A request's bytes; `length` adds Content-Length where there is a body or the method is POST."""
    lines = [f"{method} {target} HTTP/1.1", "Host: localhost", *(f"{name}: {value}" for name, value in headers)]
    if length and (body or method == "POST"):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def chunked(*pieces):
    """A body in chunks."""
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


class Connection:
    def __init__(self, port):
        self._port = port
        self._reader = self._writer = None

    async def __aenter__(self):
        self._reader, self._writer = await asyncio.wait_for(
            asyncio.open_connection("127.0.0.1", self._port, limit=1 << 20), scaled(5))
        return self

    async def __aexit__(self, *_):
        self.close()

    async def send(self, data):
        self._writer.write(data)
        try:
            await self._writer.drain()
        except ConnectionError as error:
            raise Closed(0) from error

    async def ask(self, request, seconds=10):
        """Sends a whole request and returns its answer."""
        await self.send(request)
        return await self.answer(head=request.startswith(b"HEAD "), seconds=seconds)

    async def answer(self, head=False, seconds=10):
        return await asyncio.wait_for(self._answer(head), scaled(seconds))

    async def _answer(self, head):
        try:
            block = await self._reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError as error:
            raise Closed(len(error.partial)) from error
        except ConnectionError as error:
            raise Closed(0) from error
        first, *lines = block[:-4].decode("latin-1").split("\r\n")
        pairs = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        headers = dict(pairs)
        answer = Answer(int(first.split()[1]), headers, lines=pairs)
        if not head and answer.status not in (100, 204, 304):
            try:
                answer.body = await self._body(headers)
            except (asyncio.IncompleteReadError, ConnectionError) as error:
                raise Closed(len(block)) from error
        return answer

    async def _body(self, headers):
        if headers.get("transfer-encoding") == "chunked":
            pieces = []
            while size := int(await self._reader.readuntil(b"\r\n"), 16):
                pieces.append((await self._reader.readexactly(size + 2))[:-2])
            await self._reader.readuntil(b"\r\n")
            return b"".join(pieces)
        if "content-length" in headers:
            return await self._reader.readexactly(int(headers["content-length"]))
        return await self._reader.read()

    async def read_until(self, mark, seconds=5):
        """All bytes up to `mark`, including it: after a protocol switch."""
        return await asyncio.wait_for(self._reader.readuntil(mark), scaled(seconds))

    async def rest(self, seconds=5):
        """All bytes until the server closes."""
        return await asyncio.wait_for(self._reader.read(), scaled(seconds))

    def close(self):
        if self._writer is not None:
            self._writer.close()

    def reset(self):
        """Leaves without a farewell: RST instead of FIN."""
        linger = struct.pack("ii", 1, 0)
        self._writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._writer.transport.abort()


async def ask(port, request, seconds=10):
    """One request on a connection of its own."""
    async with Connection(port) as connection:
        return await connection.ask(request, seconds)


async def caught_up(port):
    """The only worker has handled all that clients did before, such as leaving."""
    await asyncio.sleep(0)  # asyncio closes in its next turn
    assert (await ask(port, compose("GET", "/plain"))).status == 200


async def timed(port, request):
    """The same, and how many seconds it took."""
    start = time.monotonic()
    answer = await ask(port, request)
    return time.monotonic() - start, answer
