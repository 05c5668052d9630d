"""A Redis Cluster of three masters with a replica each, and what befalls it."""
import asyncio

import cuts
from lib import resp
from lib.cluster import slot_of
from lib.waiting import until
from probe import Line, Probe, majority
from worlds import World

_LOST = (OSError, EOFError, asyncio.TimeoutError, resp.RedisError)
_SLOTS = 10  # moved in one fault


class ClusterWorld(World):
    name = "cluster"
    replicas = 1

    def __init__(self, *parts):
        super().__init__(*parts)
        self._shards = {}  # the replica of each master

    async def start(self):
        self.store = await self.scene.cluster_store(**self.engine())
        await self.serve(self._cluster.url)
        self.probe = Probe(self._probe_keys(), self._cluster.nodes, self._find, self.replicas)
        return self

    def kinds(self):
        return [("master killed", self._killed), ("master frozen", self._frozen),
                ("master stalls", self._stalled),
                ("master restarted", self._restarted), ("CLUSTER FAILOVER", self._failover),
                ("slots moved", self._migration),
                ("replica killed", self._replica_killed), ("replica frozen", self._replica_frozen),
                ("cut at any moment", self._cut_anywhere), ("cut while greeting", self._cut_greeting),
                ("cut before the reply", self._cut_unanswered), ("cut while waiting", self._cut_waiting)]

    @property
    def _cluster(self):
        return self.store.redis

    def _probe_keys(self):
        """One for each master."""
        found = {}
        for number in range(100):
            key = f"mfa:{{/alpha/probe-{number}}}"
            found.setdefault(self._cluster.owner(key), key)
        return list(found.values())

    async def _find(self, key):
        """Whom most of the nodes hold for the master of that slot."""
        port = await majority([self._owner_at(node, slot_of(key)) for node in self._cluster.nodes])
        return next((node for node in self._cluster.nodes if node.port == port), None)

    async def _owner_at(self, node, slot):
        line = Line(node)
        try:
            rows = await line.call("CLUSTER", "SLOTS")
        finally:
            line.close()
        return next((row[2][1] for row in rows if row[0] <= slot <= row[1]), None)

    async def _is_settled_now(self):
        try:
            if not await self._cluster.whole():
                return False
            await self._cluster.look()
            self._shards = {}
            for node in self._cluster.nodes:
                role = await node.call("ROLE")
                if role[0] == b"slave":
                    self._shards[next(other for other in self._cluster.nodes if other.port == role[2])] = node
            for master in self._shards:
                if await master.call("WAIT", 1, 1000) != 1:
                    return False
        except _LOST:
            return False
        return len(self._shards) == 3 and self.probe.works()

    def _a_master(self):
        return self.dice.choice(sorted(self._shards, key=lambda node: node.port))

    async def _killed(self):
        master = self._a_master()
        self.strike()
        await master.kill()
        self.struck()
        await self._cluster.taken_over(master)
        await self.pause(0, 0.4)
        await master.start()

    async def _frozen(self):
        master = self._a_master()
        self.strike()
        master.freeze()
        self.struck()
        await self._cluster.taken_over(master)
        await self.pause(0, 0.4)
        master.thaw()
        await master.hang_up()

    async def _stalled(self):
        """For less than the others wait, and longer than a command may take: its replies come late."""
        master = self._a_master()
        self.strike()
        master.freeze()
        await self.pause(0.3, 0.7)
        master.thaw()

    async def _restarted(self):
        master = self._a_master()
        self.strike()
        await master.kill()
        await master.start()

    async def _failover(self):
        master = self._a_master()
        replica = self._shards[master]
        self.strike()

        async def promoted():
            return (await replica.call("ROLE"))[0] == b"master"
        await replica.call("CLUSTER", "FAILOVER")
        await until(promoted, 10, "the replica is the master", every=0.005)

    async def _migration(self):
        """Slots of the resets that come next, from wherever they are to one master."""
        target = self._a_master()
        slots = {slot_of(self.store.user_key(user)) for user in self.book.ahead(60)
                 if self._cluster.owner(self.store.user_key(user)) is not target}
        self.strike()
        moved = sorted(slots)[:_SLOTS]
        for slot in moved:
            await self._cluster.move(slot, target, every=self.dice.uniform(0, 0.01))
        return f"{len(moved)} slots"

    async def _replica_killed(self):
        replica = self._shards[self._a_master()]
        self.strike(replicas_only=True)
        await replica.kill()
        await self.pause(0.2, 0.6)
        await replica.start()

    async def _replica_frozen(self):
        replica = self._shards[self._a_master()]
        self.strike(replicas_only=True)
        replica.freeze()
        await self.pause(0.3, 0.7)
        replica.thaw()

    async def _cut_anywhere(self):
        self.strike()
        return f"{await cuts.at_any_moment(list(self._shards), self.dice)} cut"

    async def _cut_greeting(self):
        self.strike()
        return f"{await cuts.while_greeting(list(self._shards), self.dice)} cut"

    async def _cut_unanswered(self):
        self.strike()
        return f"{await cuts.before_the_reply(list(self._shards), self.dice)} cut"

    async def _cut_waiting(self):
        master = self._a_master()
        self.strike()
        return f"{await cuts.while_replicas_are_waited_for(master, self._shards[master], self.dice)} cut"
