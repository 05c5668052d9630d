"""A private Redis Cluster on loopback: masters, replicas, slots that move, and a client that knows where keys are."""
import asyncio
import binascii

from .ports import free_port
from .redis import Redis
from .waiting import until

SLOTS = 16384
_SETTINGS = {
    "unixsocketperm": 777, "cluster-enabled": "yes", "cluster-config-file": "nodes.conf", "cluster-node-timeout": 1000,
    "cluster-replica-validity-factor": 0, "cluster-migration-barrier": 9, "repl-diskless-sync-delay": 0,
    "repl-ping-replica-period": 1}


def slot_of(key):
    """By Python's own CRC-16/XMODEM."""
    key = key.encode() if isinstance(key, str) else key
    start = key.find(b"{")
    end = key.find(b"}", start + 1)
    tag = key[start + 1:end] if start >= 0 and end > start + 1 else key
    return binascii.crc_hqx(tag, 0) % SLOTS


class Cluster:
    """`masters` with `replicas` of each; the slots in equal parts. A scene's server."""

    def __init__(self, new_folder, masters=3, replicas=1, **settings):
        self._new_folder = new_folder
        self._settings = {**_SETTINGS, **settings}
        self._replicas = replicas
        self.nodes = [self._new_node() for _ in range(masters * (1 + replicas))]
        self.masters = self.nodes[:masters]
        self.replicas = self.nodes[masters:]
        self._owners = []
        self._ids = {}

    def _new_node(self):
        folder = self._new_folder()
        return Redis(folder, **self._settings, **{"cluster-port": free_port()})

    @property
    def url(self):
        return self.url_of(*self.nodes)

    @staticmethod
    def url_of(*nodes):
        return "redis+cluster://" + ",".join(f"127.0.0.1:{node.port}" for node in nodes)

    async def start(self):
        await asyncio.gather(*(node.start() for node in self.nodes))
        await self._join(self.nodes)
        share = -(-SLOTS // len(self.masters))
        for number, master in enumerate(self.masters):
            first = number * share
            await master.call("CLUSTER", "ADDSLOTSRANGE", first, min(first + share, SLOTS) - 1)
        for number, replica in enumerate(self.replicas):
            await replica.call("CLUSTER", "REPLICATE", await self.id_of(self.masters[number // self._replicas]))
        await until(self.whole, 15, "the cluster is whole", every=0.02)
        await self.look()
        return self

    async def _join(self, nodes):
        """All know all, and no two have the same epoch."""
        first = self.nodes[0]
        for number, node in enumerate(nodes):
            if node is not first:
                await node.call("CLUSTER", "SET-CONFIG-EPOCH", len(self.nodes) + number)
                await node.call("CLUSTER", "MEET", "127.0.0.1", first.port, first.setting("cluster-port"))

        async def known():
            for node in self.nodes:
                lines = (await node.call("CLUSTER", "NODES")).decode().splitlines()
                if len(lines) != len(self.nodes) or any("handshake" in line for line in lines):
                    return False
            return True
        await until(known, 15, "the nodes know each other", every=0.02)

    async def whole(self, nodes=None):
        """Each of `nodes` says that all is well, and each replica has what its master has."""
        for node in nodes or self.nodes:
            try:
                said = (await node.call("CLUSTER", "INFO")).decode()
                role = await node.call("ROLE")
            except (OSError, EOFError, asyncio.IncompleteReadError):
                return False
            if "cluster_state:ok" not in said or "cluster_slots_ok:16384" not in said:
                return False
            if role[0] == b"slave" and role[3] != b"connected":
                return False
        return True

    async def look(self, at=None):
        """Reads the owner of each slot from that node."""
        at = at or next(node for node in self.nodes if node.running())
        owners = [None] * SLOTS
        for first, last, master, *_ in await at.call("CLUSTER", "SLOTS"):
            owners[first:last + 1] = [self._at(master[1])] * (last + 1 - first)
        self._owners = owners

    def _at(self, port):
        return next(node for node in self.nodes if node.port == port)

    def owner(self, key):
        return self._owners[slot_of(key)]

    async def id_of(self, node):
        if node not in self._ids:
            self._ids[node] = (await node.call("CLUSTER", "MYID")).decode()
        return self._ids[node]

    async def add_master(self):
        """A new node without slots."""
        node = self._new_node()
        self.nodes.append(node)
        await node.start()
        await self._join([node])
        await until(self.whole, 10, "the new node is of the cluster", every=0.02)
        return node

    async def begin_move(self, slot, target):
        """From now on the slot is on its way; its keys are still where they were. The source."""
        source = self._owners[slot]
        await target.call("CLUSTER", "SETSLOT", slot, "IMPORTING", await self.id_of(source))
        await source.call("CLUSTER", "SETSLOT", slot, "MIGRATING", await self.id_of(target))
        return source

    async def move_keys(self, slot, target, every=0.0):
        """One after the other, with that much time between."""
        source = self._owners[slot]
        while keys := await source.call("CLUSTER", "GETKEYSINSLOT", slot, 1 if every else 100):
            await source.call("MIGRATE", "127.0.0.1", target.port, "", 0, 2000, "KEYS", *keys)
            await asyncio.sleep(every)

    async def end_move(self, slot, target):
        """The target first, as redis-cli does; a replica learns of it by itself."""
        source, target_id = self._owners[slot], await self.id_of(target)
        await target.call("CLUSTER", "SETSLOT", slot, "NODE", target_id)
        await source.call("CLUSTER", "SETSLOT", slot, "NODE", target_id)
        self._owners[slot] = target

    async def move(self, slot, target, every=0.0):
        await self.begin_move(slot, target)
        await self.move_keys(slot, target, every)
        await self.end_move(slot, target)

    async def taken_over(self, master, seconds=10):
        """Waits until all others say that another node has the slots of `master`, which does not answer."""
        others = [node for node in self.nodes if node is not master]

        async def taken():
            for node in others:
                ranges = await node.call("CLUSTER", "SLOTS")
                served = sum(last + 1 - first for first, last, *_ in ranges)  # none may be between two owners
                if served != SLOTS or any(owner[1] == master.port for _, _, owner, *_ in ranges):
                    return False
            return True
        await until(taken, seconds, "a replica takes over", every=0.01)
        await self.look(at=others[0])

    async def call(self, *words):
        return (await self.pipeline([words]))[0]

    async def pipeline(self, commands):
        """Each command to the node that has the slot of its first argument."""
        parts = {}
        for number, words in enumerate(commands):
            parts.setdefault(self.owner(words[1]), []).append(number)
        replies = [None] * len(commands)

        async def give(node, numbers):
            for number, reply in zip(numbers, await node.pipeline([commands[n] for n in numbers])):
                replies[number] = reply
        await asyncio.gather(*(give(node, numbers) for node, numbers in parts.items()))
        return replies

    async def clients(self):
        """How many connections of the module each running node has."""
        return {node.port: len(await node.clients()) for node in self.nodes if node.running()}

    async def stop(self):
        """At once: the data is not needed."""
        await asyncio.gather(*(node.kill() for node in self.nodes))
