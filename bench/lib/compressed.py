"""Bodies for Foundry that are refused once they are inflated, and plain ones of as many bytes, which are refused, too.

compressed.py --calls           names of all, as bench/instructions has them
compressed.py CALL              its body
compressed.py --encoding CALL"""
import gzip
import sys
import zlib

BODY = 65536


class _Bits:
    def __init__(self):
        self._value, self._count = 0, 0

    def number(self, value, bits):
        self._value |= value << self._count
        self._count += bits

    def code(self, value, bits):
        """A Huffman code: its highest bit comes first."""
        self.number(int(f"{value:0{bits}b}"[::-1], 2), bits)

    def bytes(self):
        return self._value.to_bytes((self._count + 7) // 8, "little")


def _tables(size):
    """Deflated data of about that many bytes: blocks of nothing, each with tables of 316 codes to be built."""
    order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4]
    lengths = {16: 1, 4: 3, 5: 3, 8: 3, 9: 3}
    codes = {16: (0, 1), 4: (4, 3), 5: (5, 3), 8: (6, 3), 9: (7, 3)}
    bits = _Bits()
    count = size // 30
    for at in range(count):
        bits.number(at == count - 1, 1)
        bits.number(2, 2)
        bits.number(29, 5)
        bits.number(29, 5)
        bits.number(len(order) - 4, 4)
        for symbol in order:
            bits.number(lengths.get(symbol, 0), 3)
        for length, times in ((8, 226), (9, 60), (4, 2), (5, 28)):
            _repeat(bits, codes, length, times)
        bits.code(482, 9)
    return bits.bytes()


def _repeat(bits, codes, length, times):
    """A number of codes of that length."""
    bits.code(*codes[length])
    times -= 1
    while times > 0:
        step = next((step for step in (6, 5, 4, 3) if step <= times and times - step not in (1, 2)), 0)
        if step:
            bits.code(*codes[16])
            bits.number(step - 3, 2)
            times -= step
        else:
            bits.code(*codes[length])
            times -= 1


def _json(unit, last):
    """No JSON, which shows at its end."""
    first = b'{"targetUserId":"myuser","x":['
    return first + unit * ((BODY - len(first) - len(last)) // len(unit)) + last


def _plain(size):
    return b'{"targetUserId":"' + b"a" * (size - 17)


_BOMB = gzip.compress(b"a" * 40_000_000, mtime=0)
_ROWS = {
    "large-bomb": ("gzip", _BOMB),
    "small-bomb": ("gzip", gzip.compress(b"a" * (BODY + 1), mtime=0)),
    "members": ("gzip", gzip.compress(b"", mtime=0) * (BODY // 20)),
    "tables": ("deflate", _tables(BODY)),
    "few-tables": ("deflate", _tables(120 * 30)),
    "strings": ("gzip", gzip.compress(_json(b'"",', b"0]"), mtime=0)),
    "objects": ("gzip", gzip.compress(_json(b"{},", b"0]"), mtime=0)),
    "numbers": ("gzip", gzip.compress(_json(b"0,", b"0]"), mtime=0)),
}


def _body(call):
    name = call.removeprefix("refused-")
    if name.startswith("plain-"):
        return _plain(len(_ROWS[name.removeprefix("plain-")][1]))
    return _ROWS[name][1]


def main(*words):
    if words == ("--calls",):
        for name in _ROWS:
            print(f"refused-plain-{name}\nrefused-{name}")
    elif words[0] == "--encoding":
        print(_ROWS.get(words[1].removeprefix("refused-"), ("identity",))[0])
    else:
        sys.stdout.buffer.write(_body(words[0]))


if __name__ == "__main__":
    assert zlib.decompress(_tables(600), -15) == b""
    main(*sys.argv[1:])
