"""What the two sets of servers have in common: an nginx, records, a probe of the engine, and kinds of faults.

A fault is a coroutine function that breaks something, says `self.struck()` when it breaks nothing more, and mends what
would not mend itself."""
import asyncio
import contextlib
import time

from book import HEADERS, Book, Clients
from lib.waiting import until

DEADLINE = 1.0  # mfa_reset_timeout's default
DURABLE = {"appendonly": "yes", "appendfsync": "always"}
_WAIT = "mfa_reset_redis_wait %d timeout=400ms;\n"
_SETTLING = 40  # seconds at most


class World:
    """`kinds` are pairs of a fault's name and its method."""
    name = ""
    replicas = 1  # of each master

    def __init__(self, scene, dice, wait):
        self.scene, self.dice, self.wait = scene, dice, wait
        self.store = self.book = self.nginx = self.probe = None
        self.strikes = []  # (from, to, contexts, whether only the replicas were hit)
        self._began = None
        self._replicas_only = False
        self._contexts = ("openam",)

    def engine(self):
        """The settings of each Redis."""
        return DURABLE if self.wait else {"appendonly": "no"}

    async def serve(self, url, http="", server=""):
        wait = _WAIT % self.replicas if self.wait else ""
        self.book = Book(self.store)
        await self.book.seed()
        self.nginx = await self.scene.edge(url, http=f"{wait}{HEADERS}\n{http}", server=server)

    def kinds(self):
        raise NotImplementedError

    async def settled(self):
        """Waits until all servers are up and every replica has what its master has."""
        await until(self._is_settled_now, _SETTLING, f"{self.name} is settled", every=0.05)

    async def _is_settled_now(self):
        raise NotImplementedError

    def strike(self, replicas_only=False, contexts=("openam",)):
        """A fault begins."""
        self._began, self._replicas_only, self._contexts = time.monotonic(), replicas_only, contexts

    def struck(self):
        """From here on the engine has it in its own hands."""
        if self._began is not None:
            self.strikes.append((self._began, time.monotonic(), self._contexts, self._replicas_only))
            self._began = None

    async def pause(self, least, most):
        await asyncio.sleep(self.dice.uniform(least, most))

    @contextlib.asynccontextmanager
    async def load(self, rate):
        async with Clients(self.nginx.port, self.book.draw(), self.book, fresh=8, kept=8, rate=rate) as load:
            yield load
