"""One Redis with two replicas under three sentinels, and what befalls it."""
import asyncio
import collections

import cuts
from book import Clients
from lib import resp
from lib.http1 import ask
from lib.sentinel import NAME, credentials, watched
from lib.waiting import Clock, until
from probe import Probe, majority
from worlds import World

_LOST = (OSError, EOFError, asyncio.TimeoutError, resp.RedisError)
_RELAY = """location /relay/json/ { mfa_reset am; mfa_reset_redis %s; }"""


class SentinelWorld(World):
    name = "sentinel"
    replicas = 2

    def __init__(self, *parts):
        super().__init__(*parts)
        self._watched = self._standin = None
        self._astray = collections.defaultdict(Clock)  # servers that replicate from nobody, or from the wrong one

    async def start(self):
        self._watched = await watched(self.scene, self.replicas, **self.engine())
        self.store = self._watched.store
        self._standin = await self.scene.standin(behind=self._watched.master)
        self._standin.rule = cuts.at_rest
        await self.serve(self._watched.url(), credentials(self.scene), _RELAY % self._standin.url)
        self.probe = Probe(["mfa:{/alpha/probe}"], self._watched.servers, self._find, self.replicas)
        return self

    def kinds(self):
        return [("master killed", self._killed), ("master frozen", self._frozen),
                ("master stalls", self._stalled),
                ("master restarted", self._restarted), ("SENTINEL FAILOVER", self._failover),
                ("replica killed", self._replica_killed), ("replica frozen", self._replica_frozen),
                ("cut at any moment", self._cut_anywhere), ("cut while greeting", self._cut_greeting),
                ("cut before the reply", self._cut_unanswered), ("cut while waiting", self._cut_waiting),
                ("cut at each state", self._cut_by_standin)]

    @property
    def _master(self):
        return self._watched.master

    def _a_replica(self):
        return self.dice.choice([server for server in self._watched.servers if server is not self._master])

    async def _find(self, _key):
        port = await majority([sentinel.master() for sentinel in self._watched.sentinels])
        return port and self._watched.server(port)

    async def _is_settled_now(self):
        """Servers that were started anew are told whose replicas they are; the sentinels, too, would do it in time."""
        try:
            named = {await sentinel.master() for sentinel in self._watched.sentinels}
            if len(named) != 1:
                return False
            self._watched.master = self.store.redis = master = self._watched.server(named.pop())
            for server in self._watched.servers:
                role = await server.call("ROLE")
                if server is master or (role[0] == b"slave" and role[2] == master.port):
                    self._astray.pop(server, None)
                elif self._astray[server].seconds > 2:
                    await server.call("REPLICAOF", "127.0.0.1", master.port)
            if self._astray:
                return False
            await asyncio.wait_for(self._watched.settled(), 25)
            await self._watched.replicated()
        except (*_LOST, AssertionError):
            return False
        return self.probe.works()

    async def _killed(self):
        old = self._master
        self.strike()
        await old.kill()
        self.struck()
        await self._watched.decided()
        await self.pause(0, 0.4)
        await old.start()
        await self._watched.rejoin(old)

    async def _frozen(self):
        old = self._master
        self.strike()
        old.freeze()
        self.struck()
        await self._watched.decided()
        await self.pause(0, 0.4)
        old.thaw()
        await self._watched.rejoin(old)

    async def _stalled(self):
        """For less than sentinels wait, and longer than a command may take: its replies come late."""
        self.strike()
        self._master.freeze()
        await self.pause(0.3, 0.45)
        self._master.thaw()

    async def _restarted(self):
        self.strike()
        await self._master.kill()
        await self._master.start()

    async def _failover(self):
        old = self._master
        self.strike()

        async def asked():
            try:
                return await self._watched.sentinels[0].call("SENTINEL", "FAILOVER", NAME)
            except resp.RedisError:
                return False  # it is not ready for one yet
        await until(asked, 10, "a sentinel begins a failover", every=0.1)
        await self._watched.decided()
        self.struck()
        await self.pause(0, 0.4)
        await self._watched.rejoin(old)

    async def _replica_killed(self):
        replica = self._a_replica()
        self.strike(replicas_only=True)
        await replica.kill()
        await self.pause(0.2, 0.6)
        await replica.start()
        await self._watched.rejoin(replica)

    async def _replica_frozen(self):
        replica = self._a_replica()
        self.strike(replicas_only=True)
        replica.freeze()
        await self.pause(0.4, 0.9)
        replica.thaw()

    async def _cut_anywhere(self):
        self.strike()
        return f"{await cuts.at_any_moment([self._master], self.dice)} cut"

    async def _cut_greeting(self):
        self.strike()
        return f"{await cuts.while_greeting([self._master], self.dice)} cut"

    async def _cut_unanswered(self):
        self.strike()
        return f"{await cuts.before_the_reply([self._master], self.dice)} cut"

    async def _cut_waiting(self):
        self.strike()
        return f"{await cuts.while_replicas_are_waited_for(self._master, self._a_replica(), self.dice)} cut"

    async def _cut_by_standin(self):
        """At states that only somebody in between can hit; with a load that goes by there."""
        self._standin.behind = self._master.socket
        self._standin.rule = cutter = cuts.Cutter(self.dice)
        self.strike(contexts=("relay",))
        async with Clients(self.nginx.port, self.book.draw("relay"), self.book, fresh=4, kept=4, rate=150):
            await self.pause(1.5, 2)
            self._standin.rule = _truthful
            self.struck()
            await asyncio.sleep(1.3)
        await until(self._relay_is_idle, 3, "the load by the stand-in is over")
        self._standin.rule = cuts.at_rest
        for link in list(self._standin.links):
            link.close()
        return str(cutter)

    async def _relay_is_idle(self):
        call, = self.store.unknown(1)
        call.context = "relay"
        return call.answers(await ask(self.nginx.port, call.request))


async def _truthful(command):
    await command.pass_on()
