"""One world's faults, one after the other under one load, and the figures that come of it."""
import asyncio
import dataclasses
import time

from lib import processes
from lib.am import recovered
from lib.waiting import Clock, until
from probe import Control
from worlds import DEADLINE

_WARM_UP = 3  # seconds of load, until buffers have their size
_AFTER = 1.2  # of load behind each fault
_SCHEDULING = 0.1  # seconds that an answer may take besides its deadline on an idle machine
_BACK = 1.0  # within which service is back
_GROWTH = 2048  # KiB
_OUTCOMES = ("done", "other", "refused", "uncertain")


@dataclasses.dataclass
class Check:
    """A promise, what was seen, and whether that keeps it."""
    what: str
    seen: str
    kept: bool
    details: list = dataclasses.field(default_factory=list)


class Campaign:
    """`tell` is given a line for each fault as it is over."""

    def __init__(self, world, faults, rate, tell):
        self._world, self._faults, self._rate, self._tell = world, faults, rate, tell
        self._control = self._load = None
        self._began = 0
        self._files = self._size = ()  # before and after

    async def run(self):
        """The checks."""
        world = self._world
        await world.start()
        await recovered(world.nginx.port, world.store, 5)
        worker, = world.nginx.workers()
        async with world.probe, Control(world.nginx.port) as self._control:
            await self._prepare()
            files = len(processes.open_files(worker))
            async with world.load(self._rate) as self._load:
                self._began = time.monotonic()
                await asyncio.sleep(_WARM_UP)
                size = processes.resident_kib(worker)
                for name, fault in self._faults:
                    await self._prepare()
                    await self._one(name, fault)
            self._size = size, processes.resident_kib(worker)
            self._files = files, await self._descriptors(worker, files)
        lost, wrong = await world.book.settle()
        return [*self._checks(lost, wrong),
                Check("the worker is the same", str(worker), world.nginx.workers() == [worker])]

    async def _prepare(self):
        await self._world.settled()
        await self._world.book.top_up()
        await self._world.settled()

    async def _one(self, name, fault):
        world, clock, began, first = self._world, Clock(), time.monotonic(), len(self._world.book.calls)
        note = await fault()
        world.struck()
        await world.settled()
        whole = clock.seconds
        await asyncio.sleep(_AFTER)
        calls = [call for call in world.book.calls[first:] if call.began >= began]
        outage = max((up - began for _, up in world.probe.spans(True) if up > began), default=0)
        counts = "".join(f"{world.book.count(outcome, calls):7}" for outcome in _OUTCOMES)
        back = "".join(f"{self._latest(calls, held) * 1000:9.0f}" for held in (False, True))
        slowest = max((call.took for call in calls), default=0)
        self._tell(f"{world.name:9}{name:21}{outage:8.2f}{whole:8.2f}{counts}{back}{slowest * 1000:9.0f}  {note or ''}")

    async def _descriptors(self, worker, before):
        """As many as there are when those that will be closed had their time."""
        try:
            await until(lambda: len(processes.open_files(worker)) <= before, 15, "descriptors", every=0.1)
        except AssertionError:
            pass  # the number says it
        return len(processes.open_files(worker))

    def _spans(self, context, held):
        """When requests of that context may fail: a fault is under way, or the engine is not there."""
        strikes = [(began, ended) for began, ended, contexts, replicas_only in self._world.strikes
                   if context in contexts and (held or not replicas_only)]
        if context == "relay":
            return strikes
        return strikes + self._world.probe.spans(False) + (self._world.probe.spans(True) if held else [])

    def _lateness(self, call):
        """How long the engine had been back when a call began that failed all the same; 0 for one that it let down."""
        spans = self._spans(call.context, call.is_reset)
        if any(down <= call.ended and call.began <= up for down, up in spans):
            return 0
        return call.began - max((up for _, up in spans if up <= call.began), default=self._began)

    def _latest(self, calls, resets):
        return max((self._lateness(call) for call in calls if call.failed and call.is_reset == resets), default=0)

    def _overdue(self, call):
        """Seconds past the deadline, less what the machine alone makes an answer wait."""
        over = call.took - DEADLINE
        return over - self._control.slowest(call.began, call.ended) if over > 0 else 0

    def _checks(self, lost, wrong):
        book = self._world.book
        calls = book.calls
        counts = ", ".join(f"{book.count(outcome)} {outcome}" for outcome in _OUTCOMES)
        slowest = max(call.took for call in calls)
        overdue = max(self._overdue(call) for call in calls)
        return [
            Check("faults", f"{len(self._faults)}; {len(calls)} calls: {counts}", book.count("done") > 0),
            Check("acknowledged and lost", f"{len(lost)} of {book.count('done')}", not lost, lost),
            Check("refused and done, or done by half", f"{len(wrong)}", not wrong, wrong),
            Check("answers of another request", f"{len(book.strays)}", not book.strays, book.strays),
            Check("calls without an answer", f"{len(self._load.failures)}, {self._load.retried} asked twice",
                  not self._load.failures and not self._load.retried, self._load.failures),
            Check("slowest answer", f"{slowest * 1000:.0f} ms of {DEADLINE * 1000:.0f} ms; "
                  f"without Redis {self._control.slowest() * 1000:.0f} ms", overdue <= _SCHEDULING),
            self._beside_replicas(),
            *(self._back(resets) for resets in (False, True)),
            Check("descriptors of the worker", "{} before, {} after".format(*self._files),
                  self._files[1] <= self._files[0]),
            Check("memory of the worker", "{} KiB before, {} KiB after".format(*self._size),
                  self._size[1] <= self._size[0] + _GROWTH)]

    def _beside_replicas(self):
        """Refusals wait for no replica: they are as fast while one is lost as ever."""
        spans = [(began, ended) for began, ended, _, replicas_only in self._world.strikes if replicas_only]
        calls = [call for call in self._world.book.calls if not call.is_reset
                 and any(began <= call.began and call.ended <= ended for began, ended in spans)]
        slow = max((call.took - self._control.slowest(call.began, call.ended) for call in calls), default=0)
        return Check("refusals while a replica is lost", f"{len(calls)}, the slowest "
                     f"{max((call.took for call in calls), default=0) * 1000:.0f} ms",
                     slow <= _SCHEDULING and not any(call.failed for call in calls))

    def _back(self, resets):
        calls = [call for call in self._world.book.calls if call.failed and call.is_reset == resets]
        late = [(self._lateness(call), call) for call in calls]
        latest = max((seconds for seconds, _ in late), default=0)
        return Check(f"{'resets' if resets else 'refusals'} answered after the engine's recovery",
                     f"{latest * 1000:.0f} ms at most", latest < _BACK,
                     [f"{call.user} {call.outcome}, begun {seconds:.2f} s after it, took {call.took:.2f} s"
                      for seconds, call in late if seconds >= _BACK])
