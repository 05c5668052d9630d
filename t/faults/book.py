"""Every reset under its tag, what it was answered, and whether the store agrees in the end.

A reset's tag is a user of its own, whom nobody else resets, a caller whose name the answer must bear
($mfa_reset_caller, which comes out of Redis's reply), and the id that both the answer and the event have
($mfa_reset_request).
"""
import collections
import dataclasses
import time

from lib.am import Call, is_uncertain, universal_id
from lib.load import Load

HEADERS = ('add_header X-Caller "$mfa_reset_caller" always; add_header X-Request "$mfa_reset_request" always;\n'
           'add_header X-Result "$mfa_reset_result" always;')
_CALLERS = 50
_BATCH = 1200


@dataclasses.dataclass
class Tagged(Call):
    caller: str = ""
    began: float = 0.0
    took: float = 0.0
    outcome: str = ""  # done, other (a refusal by rule), refused, uncertain or unanswered
    request_id: str = ""

    @property
    def is_reset(self):
        return self.status == 200

    @property
    def ended(self):
        return self.began + self.took

    @property
    def failed(self):
        return self.outcome not in ("done", "other")

    def answers(self, answer):
        good = super().answers(answer)
        caller = answer.headers.get("x-caller", "")
        assert caller == self.caller or (not good and not caller), f"{self.user} of {self.caller}: told to {caller!r}"
        self.request_id = answer.headers.get("x-request", "")
        wanted = {200: "ok", 403: "forbidden", 404: "unknown"}.get(answer.status) if good else None
        assert not good or answer.headers.get("x-result") == wanted, f"{self.user}: {answer.headers}"
        return good


class Book:
    """A load's ledger. What contradicts is written down, and the load goes on."""

    def __init__(self, store):
        self._store = store
        self._waiting = collections.deque()
        self.calls = []
        self.strays = []  # answers that are not their request's, as lines

    async def seed(self):
        """The callers' sessions."""
        await self._store.redis.pipeline(
            [self._store.session(
                f"admin-{n}", "user", f"admin{n}", "realm", "/", "universalId", universal_id(f"admin{n}"), "admin", "/")
             for n in range(_CALLERS)])

    async def top_up(self):
        """Calls for the next fault: resets, and between them some that are refused."""
        if len(self._waiting) >= _BATCH:
            return
        resets = [self._tag(call, n) for n, call in enumerate(await self._store.enrol(_BATCH))]
        unknown = [self._tag(call, n) for n, call in enumerate(self._store.unknown(_BATCH // 6))]
        strangers = [Tagged(**vars(call), caller=universal_id(f"eve{call.token.partition('-')[2]}", "/alpha"))
                     for call in await self._store.strangers(_BATCH // 6)]
        for number in range(_BATCH // 6):
            self._waiting += [*resets[6 * number:6 * number + 6], unknown[number], strangers[number]]

    @staticmethod
    def _tag(call, number):
        call.token = f"admin-{number % _CALLERS}"
        return Tagged(**vars(call), caller=universal_id(f"admin{number % _CALLERS}"))

    def ahead(self, count):
        """The users of the resets that come next."""
        return [call.user for call in list(self._waiting)[:2 * count] if call.is_reset][:count]

    def draw(self, context="openam"):
        while self._waiting:
            call = self._waiting.popleft()
            call.context = context
            yield call

    def enter(self, call, answer):
        self.calls.append(call)
        call.outcome = "unanswered"
        if answer is None:
            return False
        try:
            if call.answers(answer):
                call.outcome = "done" if call.is_reset else "other"
            else:
                call.outcome = "uncertain" if is_uncertain(answer) else "refused"
        except (AssertionError, KeyError, ValueError) as error:
            self.strays.append(f"{type(error).__name__}: {error}")
        return not call.failed

    def count(self, outcome, calls=None):
        return sum(call.outcome == outcome for call in (self.calls if calls is None else calls))

    async def settle(self):
        """What the store says of each reset: (lost, wrong), as lines. Wrong is what was said not to have been done,
        and was, or was done by half."""
        resets = [call for call in self.calls if call.is_reset]
        keys = [self._store.user_key(call.user) for call in resets]
        events = await self._store.redis.pipeline([("XRANGE", f"{key}:events", "-", "+") for key in keys])
        devices = await self._store.has_devices([call.user for call in resets])
        lost, wrong = [], []
        for call, entries, has in zip(resets, events, devices):
            if call.outcome == "done" and (not entries or has):
                lost.append(f"{call.user}: answered 200, and the store has {len(entries)} events and devices: {has}")
            elif has != 1 - len(entries) or (call.outcome == "refused" and entries):
                wrong.append(f"{call.user}: {call.outcome}, and the store has {len(entries)} events and devices: {has}")
            self.strays += self._foreign(call, entries)
        return lost, wrong

    @staticmethod
    def _foreign(call, entries):
        """The event must be of the very request that was answered."""
        for _, fields in entries:
            event = {fields[i].decode(): fields[i + 1].decode() for i in range(0, len(fields), 2)}
            if call.request_id not in ("", event["request"]) or event["caller"] != call.caller:
                yield f"{call.user}: answered as {call.request_id} of {call.caller}, and the event is {event}"


class Clients(Load):
    """A load that writes down when each call began, and how long it took."""

    async def _timed(self, connection, call):
        call.began = time.monotonic()
        try:
            return await super()._timed(connection, call)
        finally:
            call.took = time.monotonic() - call.began
