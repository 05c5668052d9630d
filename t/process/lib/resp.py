"""Redis's protocol as far as the tests need it: commands out, one value at a time in."""


class RedisError(Exception):
    """A reply that began with `-`."""


def encode(*words):
    """A command."""
    parts = [b"*%d\r\n" % len(words)]
    for word in words:
        data = word if isinstance(word, bytes) else str(word).encode()
        parts.append(b"$%d\r\n%s\r\n" % (len(data), data))
    return b"".join(parts)


async def read_raw(stream):
    """The bytes of one value, and the value: bytes, int, None, a list, or a RedisError."""
    line = await stream.readuntil(b"\r\n")
    kind, rest = line[:1], line[1:-2]
    if kind == b"+":
        return line, rest
    if kind == b"-":
        return line, RedisError(rest.decode(errors="replace"))
    if kind == b":":
        return line, int(rest)
    if kind == b"$":
        return await _read_bulk(stream, line, int(rest))
    if kind == b"*":
        return await _read_array(stream, line, int(rest))
    raise ValueError(f"not RESP: {line!r}")


async def _read_bulk(stream, line, length):
    if length < 0:
        return line, None
    data = await stream.readexactly(length + 2)
    return line + data, data[:-2]


async def _read_array(stream, line, length):
    if length < 0:
        return line, None
    raw, values = [line], []
    for _ in range(length):
        part, value = await read_raw(stream)
        raw.append(part)
        values.append(value)
    return b"".join(raw), values
