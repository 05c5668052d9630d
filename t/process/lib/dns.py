"""A name server whose answers a test sets and changes; it can also be silent."""
import asyncio
import ipaddress
import struct

_A, _AAAA = 1, 28
SERVFAIL, NXDOMAIN = 2, 3
_QUESTION = 12  # where it begins: after the header


class Dns(asyncio.DatagramProtocol):
    """Knows no name at first. Listens on a UDP port of 127.0.0.1."""

    def __init__(self):
        self._names = {}
        self._transport = None
        self._tasks = []
        self.silent = False
        self.lost = 0  # that many questions more are not answered
        self.delay = 0  # seconds before each answer
        self.held = None  # an asyncio.Event: nothing is answered before it
        self.questions = []  # (name, type)

    async def start(self):
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", 0))
        return self

    async def stop(self):
        self._transport.close()

    def resolver(self, more=""):
        """The directive that has nginx ask us."""
        port = self._transport.get_extra_info("sockname")[1]
        return f"resolver 127.0.0.1:{port} {more};"

    def set(self, name, *addresses, ttl=1):
        """`name` stands for these, from now on."""
        self._names[name] = (0, [ipaddress.ip_address(address) for address in addresses], ttl)

    def fail(self, name, code):
        """An answer without addresses: NXDOMAIN, SERVFAIL."""
        self._names[name] = (code, [], 0)

    def datagram_received(self, data, addr):
        name, kind, end = _question(data)
        self.questions.append((name, kind))
        if self.silent or self.lost:
            self.lost = max(self.lost - 1, 0)
            return
        code, addresses, ttl = self._names.get(name, (NXDOMAIN, [], 0))
        wanted = [each.packed for each in addresses if each.version == (4 if kind == _A else 6)]
        header = data[:2] + struct.pack("!HHHHH", 0x8180 | code, 1, len(wanted), 0, 0)
        records = [struct.pack("!HHHIH", 0xC000 | _QUESTION, kind, 1, ttl, len(each)) + each for each in wanted]
        answer = header + data[_QUESTION:end] + b"".join(records)
        if self.held and not self.held.is_set():
            self._tasks.append(asyncio.create_task(self._answer_later(self.held, answer, addr)))
        else:
            asyncio.get_running_loop().call_later(self.delay, self._transport.sendto, answer, addr)

    async def _answer_later(self, held, answer, addr):
        await held.wait()
        self._transport.sendto(answer, addr)


def _question(data):
    """The name asked for, the type, and where the question ends."""
    labels, at = [], _QUESTION
    while data[at]:
        labels.append(data[at + 1:at + 1 + data[at]].decode())
        at += 1 + data[at]
    return ".".join(labels), struct.unpack_from("!H", data, at + 1)[0], at + 5
