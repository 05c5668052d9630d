"""What the engine can do by itself, watched without the module: when a master takes a write, and when all replicas of
it have that. Also what the machine does to an answer that has nothing to do with Redis."""
import asyncio
import collections
import contextlib
import time

from lib import resp
from lib.http1 import Connection
from lib.load import Plain

_PATIENCE = 0.3  # seconds for one command
_PAUSE = 0.02
_LOST = (OSError, EOFError, asyncio.TimeoutError, resp.RedisError)


class Line:
    """One connection to one server, that never waits longer than `_PATIENCE`."""

    def __init__(self, server):
        self._server = server
        self._stream = None

    async def call(self, *words):
        try:
            return await asyncio.wait_for(self._call(words), _PATIENCE)
        except resp.RedisError:
            raise
        except BaseException:
            self.close()
            raise

    async def _call(self, words):
        if self._stream is None:
            self._stream = await asyncio.open_unix_connection(self._server.socket)
        reader, writer = self._stream
        writer.write(resp.encode(*words))
        reply = (await resp.read_raw(reader))[1]
        if isinstance(reply, resp.RedisError):
            raise reply
        return reply

    def close(self):
        if self._stream is not None:
            self._stream[1].close()
            self._stream = None


class Outages:
    """Spans of time in which something did not work, as (from, to)."""

    def __init__(self):
        self.past = []
        self._good = time.monotonic()  # when what worked last had begun
        self._since = None

    def tell(self, works, began):
        if not works:
            self._since = self._since if self._since is not None else self._good
        else:
            if self._since is not None:
                self.past.append((self._since, time.monotonic()))
            self._since, self._good = None, began

    @property
    def works(self):
        return self._since is None


class Probe:
    """`find(key)` is a coroutine function that asks around for the server that most hold for the master of that key.
    Used as `async with`."""

    def __init__(self, keys, servers, find, replicas):
        self._lines = {key: {server: Line(server) for server in servers} for key in keys}
        self._find, self._replicas = find, replicas
        self._task = None
        self._stopping = False
        self.taken = {key: Outages() for key in keys}  # a write was taken by the master
        self.held = {key: Outages() for key in keys}  # and all replicas had it

    async def __aenter__(self):
        self._task = asyncio.gather(*(self._watch(key) for key in self._lines))
        return self

    async def __aexit__(self, *_):
        self._stopping = True
        await self._task
        for lines in self._lines.values():
            for line in lines.values():
                line.close()

    def works(self):
        return not self._task.done() and all(
            outages.works for outages in (*self.taken.values(), *self.held.values()))

    def spans(self, held):
        return [span for outages in (self.held if held else self.taken).values() for span in outages.past]

    async def _watch(self, key):
        master = None
        while not self._stopping:
            began = time.monotonic()
            master = master or await self._find(key)
            taken, held = await self._try(key, self._lines[key].get(master))
            self.taken[key].tell(taken, began)
            self.held[key].tell(held, began)
            if not held:
                master = None
            await asyncio.sleep(_PAUSE)

    async def _try(self, key, line):
        taken = False
        with contextlib.suppress(*_LOST):
            if line is not None:
                taken = await line.call("SET", key, 1, "EX", 60) == b"OK"
                return taken, await line.call("WAIT", self._replicas, int(_PATIENCE * 800)) >= self._replicas
        return taken, False


async def majority(asking):
    """The answer that more than half of these awaitables give, or None; one that fails gives none."""
    said = await asyncio.gather(*(asyncio.wait_for(one, _PATIENCE) for one in asking), return_exceptions=True)
    counts = collections.Counter(one for one in said if one is not None and not isinstance(one, BaseException))
    answer, count = counts.most_common(1)[0] if counts else (None, 0)
    return answer if 2 * count > len(said) else None


class Control:
    """Asks the same worker all the time for what needs no Redis. Used as `async with`."""

    def __init__(self, port):
        self._port = port
        self._task = None
        self._stopping = False
        self._asked = []  # (from, to)

    async def __aenter__(self):
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_):
        self._stopping = True
        await self._task

    async def _run(self):
        async with Connection(self._port) as connection:
            while not self._stopping:
                began = time.monotonic()
                Plain.answers(await connection.ask(Plain.request))
                self._asked.append((began, time.monotonic()))
                await asyncio.sleep(_PAUSE)

    def slowest(self, began=float("-inf"), ended=float("inf")):
        """Seconds, of those that were under way in that time; what lies between two counts, too: nobody was woken."""
        spans = [*self._asked, *((a[1] + _PAUSE, b[0]) for a, b in zip(self._asked, self._asked[1:]))]
        return max((to - at for at, to in spans if to >= began and at <= ended), default=0)
