"""A Redis that fails on demand.

It stands between the module and a real Redis. Each command that arrives is given to `rule`, a
coroutine function that may have it answered truly, or answer anything else, or nothing. Without a
real Redis behind it, a rule has to make up every answer.
"""
import asyncio
import contextlib
import os
import socket
import ssl
import struct

from . import resp
from .ports import free_port

_GREETING = {"AUTH", "SELECT", "CLIENT", "HELLO", "CONFIG", "INFO", "PING", "READONLY"}


class Link:
    """One connection from the module, with one of its own to the real Redis."""

    def __init__(self, standin, reader, writer):
        self.standin = standin
        self.reader, self.writer = reader, writer
        self._behind = None

    async def ask(self, raw):
        if self._behind is None:
            self._behind = await self._connect(self.standin.behind)
        self._behind[1].write(raw)
        return (await resp.read_raw(self._behind[0]))[0]

    @staticmethod
    async def _connect(behind):
        if isinstance(behind, int):
            return await asyncio.open_connection("127.0.0.1", behind)
        return await asyncio.open_unix_connection(behind)

    def segments(self):
        """How many TCP segments with data came in (tcpi_data_segs_in)."""
        info = self.writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
        return struct.unpack_from("I", info, 152)[0]

    def send(self, data):
        self.writer.write(data)

    def close(self, abort=False):
        if abort:
            linger = struct.pack("ii", 1, 0)
            self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.writer.transport.abort()
        self.writer.close()
        if self._behind is not None:
            self._behind[1].close()


class Command:
    """One command as it came in."""

    def __init__(self, link, raw, words):
        self.link = link
        self.words = words
        self.name = words[0].decode(errors="replace").upper()
        self._raw = raw

    @property
    def is_script(self):
        return self.name in ("EVAL", "EVALSHA")

    @property
    def is_greeting(self):
        return self.name in _GREETING

    async def true_reply(self):
        """The real Redis runs it; the bytes of its reply."""
        return await self.link.ask(self._raw)

    async def pass_on(self):
        self.link.send(await self.true_reply())

    def send(self, data):
        self.link.send(data)

    async def send_and_close(self, data=b"", abort=False):
        self.link.send(data)
        with contextlib.suppress(ConnectionError):
            await self.link.writer.drain()
        if abort:
            await asyncio.sleep(0.002)  # what was sent shall arrive before the RST discards it
        self.link.close(abort)


async def truthful(command):
    """The rule of a Redis that is well."""
    await command.pass_on()


class StandIn:
    """`behind` is the unix socket or the TCP port of a real Redis, or None. Listens on a unix socket, or on TCP; with
    `tls`, a certificate and key of lib/certificates.py, on TCP with TLS."""

    def __init__(self, folder, behind=None, tcp=False, tls=None):
        self.behind = behind
        self.rule = truthful
        self.links = set()
        self.accepted = 0
        self.commands = 0  # scripts only; the greeting is not counted
        self.names = []  # what SNI said, of each connection; None where it said nothing
        self._path = None if tcp or tls else os.path.join(folder, "standin.sock")
        self._port = free_port() if tcp or tls else None
        self._tls = self._context(tls) if tls else None
        self._server = None
        self._tasks = set()

    @property
    def url(self):
        return f"unix:{self._path}" if self._path else f"redis{'s' if self._tls else ''}://127.0.0.1:{self._port}"

    def _context(self, pair):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pair.certificate, pair.key)
        context.sni_callback = lambda _, name, __: self.names.append(name)
        return context

    async def start(self):
        if self._path:
            self._server = await asyncio.start_unix_server(self._serve, self._path)
            os.chmod(self._path, 0o777)  # workers may run as another user
        else:
            listener = socket.create_server(("127.0.0.1", self._port))
            if self._tls:  # keep the unread bytes in flight few
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
            self._server = await asyncio.start_server(self._serve, sock=listener, ssl=self._tls)
        return self

    async def stop(self):
        self._server.close()
        for link in list(self.links):
            link.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader, writer):
        link = Link(self, reader, writer)
        self.links.add(link)
        self.accepted += 1
        self._tasks.add(asyncio.current_task())
        try:
            while not writer.is_closing():
                raw, words = await resp.read_raw(reader)
                command = Command(link, raw, words)
                self.commands += command.is_script
                await self.rule(command)
        except (EOFError, ConnectionError):
            pass
        finally:
            self._tasks.discard(asyncio.current_task())
            self.links.discard(link)
            link.close()
