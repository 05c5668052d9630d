"""Steady load: clients that ask one call after the other, half of them on connections of their own."""
import asyncio

from .http1 import Closed, Connection, compose
from .waiting import Clock

_LOST = (Closed, OSError, asyncio.TimeoutError)


class Plain:
    """The call that costs nothing, for comparison: `return 200`."""
    user = "/plain"
    request = compose("GET", "/plain")

    @staticmethod
    def answers(answer):
        assert (answer.status, answer.body) == (200, b"plain\n"), str(answer)
        return True


class Count:
    """In place of a ledger where no records are kept."""

    @staticmethod
    def enter(call, answer):
        return answer is not None and call.answers(answer)


class _Pace:
    """At most `rate` calls a second: refusals cost nothing, and a fast machine would use up all calls with them."""

    def __init__(self, rate):
        self._interval = 1 / rate
        self._next = 0

    async def turn(self):
        now = asyncio.get_running_loop().time()
        self._next = max(self._next + self._interval, now)
        await asyncio.sleep(self._next - now)


class Load:
    """`calls` are taken from the front and never repeated, at most `rate` a second. Used as `async with`: it runs
    inside."""

    def __init__(self, port, calls, ledger, *, fresh=8, kept=8, rate=2500):
        self._port, self._ledger, self._pace = port, ledger, _Pace(rate)
        self._calls = iter(calls)
        self._clients = [self._fresh] * fresh + [self._kept] * kept
        self._tasks = []
        self._stopping = False
        self.answered = self.retried = self.refused = 0
        self.slowest = 0  # seconds, of an answer
        self.failures = []

    async def __aenter__(self):
        self._tasks = [asyncio.create_task(client()) for client in self._clients]
        return self

    async def __aexit__(self, kind, error, trace):
        self._stopping = True
        done = await asyncio.gather(*self._tasks, return_exceptions=True)
        if error is None:
            for outcome in done:
                if isinstance(outcome, BaseException):
                    raise outcome

    def _next(self):
        if self._stopping:
            return None
        call = next(self._calls, None)
        assert call is not None, "the load ran out of calls: enrol more"
        return call

    def _enter(self, call, answer):
        self.answered += 1
        self.refused += not self._ledger.enter(call, answer)

    async def _fresh(self):
        while (call := self._next()) is not None:
            try:
                async with Connection(self._port) as connection:
                    answer = await self._timed(connection, call)
            except _LOST as error:
                self._fail(call, f"on a new connection: {error!r}")
            else:
                self._enter(call, answer)
            await self._pace.turn()

    async def _kept(self):
        connection = None
        while (call := self._next()) is not None:
            try:
                connection, answer = await self._ask_on(connection, call)
            except _LOST as error:
                connection = None
                self._fail(call, f"on a kept connection: {error!r}")
            else:
                self._enter(call, answer)
            await self._pace.turn()
        if connection is not None:
            connection.close()

    async def _ask_on(self, connection, call):
        """On the connection kept so far; where it is closed before a byte of the answer, once more on a new one."""
        if connection is not None:
            try:
                return connection, await self._timed(connection, call)
            except Closed as error:
                connection.close()
                if error.received:
                    raise
                self.retried += 1
        connection = await Connection(self._port).__aenter__()
        return connection, await self._timed(connection, call)

    async def _timed(self, connection, call):
        clock = Clock()
        answer = await connection.ask(call.request)
        self.slowest = max(self.slowest, clock.seconds)
        return answer

    def _fail(self, call, how):
        self.failures.append(f"{call.user} {how}")
        self._ledger.enter(call, None)

    def __str__(self):
        return (f"{self.answered} answered, {len(self.failures)} failed, {self.refused} refused with 503, "
                f"{self.retried} asked again after a kept connection was closed")
