"""Enough HTTP/2 to have many requests pending on one connection, and to cancel some of them.

Headers are sent without compression. Those of answers are not decoded, so an answer is its body.
"""
import asyncio

from .waiting import scaled

_DATA, _HEADERS, _RST_STREAM, _SETTINGS, _PING, _GOAWAY, _WINDOW_UPDATE = 0, 1, 3, 4, 6, 7, 8
_END_STREAM, _END_HEADERS, _ACK = 1, 4, 1
_CANCEL = 8


def _frame(kind, flags, stream, payload=b""):
    return len(payload).to_bytes(3, "big") + bytes((kind, flags)) + stream.to_bytes(4, "big") + payload


def _integer(value):
    """HPACK's integer with a prefix of seven bits, whose first bit (Huffman) is off."""
    if value < 127:
        return bytes((value,))
    rest, more = value - 127, [127]
    while rest > 127:
        more.append(rest % 128 + 128)
        rest //= 128
    return bytes((*more, rest))


def _field(name, value):
    """A literal header, new name, never indexed."""
    name, value = name.lower().encode(), value.encode()
    return b"\x10" + _integer(len(name)) + name + _integer(len(value)) + value


class Connection:
    def __init__(self, port):
        self._port = port
        self._reader = self._writer = self._task = None
        self._next = 1
        self._bodies = {}
        self._ended = {}

    async def __aenter__(self):
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._writer.write(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + _frame(_SETTINGS, 0, 0))
        self._task = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_):
        self._task.cancel()
        self._writer.close()

    def post(self, target, headers, body=b"", end=True):
        """Begins a request and returns its stream; without `end` more of the body seems to come."""
        stream, self._next = self._next, self._next + 2
        self._bodies[stream] = bytearray()
        self._ended[stream] = asyncio.get_running_loop().create_future()
        block = b"".join(_field(name, value) for name, value in (
            (":method", "POST"), (":scheme", "http"), (":path", target), (":authority", "localhost"), *headers))
        self._writer.write(
            _frame(_HEADERS, _END_HEADERS | (0 if body else _END_STREAM), stream, block)
            + (_frame(_DATA, _END_STREAM if end else 0, stream, body) if body else b""))
        return stream

    def give_up(self, stream):
        self._writer.write(_frame(_RST_STREAM, 0, stream, _CANCEL.to_bytes(4, "big")))

    async def body(self, stream, seconds=10):
        await asyncio.wait_for(self._ended[stream], scaled(seconds))
        return bytes(self._bodies[stream])

    async def _read(self):
        try:
            while True:
                head = await self._reader.readexactly(9)
                payload = await self._reader.readexactly(int.from_bytes(head[:3], "big"))
                self._take(head[3], head[4], int.from_bytes(head[5:], "big"), payload)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            for ended in self._ended.values():
                if not ended.done():
                    ended.set_exception(error)

    def _take(self, kind, flags, stream, payload):
        if kind == _SETTINGS and not flags & _ACK:
            self._writer.write(_frame(_SETTINGS, _ACK, 0))
        elif kind == _PING and not flags & _ACK:
            self._writer.write(_frame(_PING, _ACK, 0, payload))
        elif kind == _DATA:
            self._bodies[stream] += payload
        if kind == _RST_STREAM and not self._ended[stream].done():
            self._ended[stream].set_exception(ConnectionResetError(f"stream {stream} was reset"))
        elif kind in (_DATA, _HEADERS) and flags & _END_STREAM and not self._ended[stream].done():
            self._ended[stream].set_result(None)
