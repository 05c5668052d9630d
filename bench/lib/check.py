"""That all systems do the same: each call is made to each of them, and answer, record and event must be
those of the module. And what each asks of Redis, command by command."""
from . import loads
from .http import Connection
from .loads import ADMIN, EVE, NOBODY, REALM, SELF, Call, am
from .redis import Connection as RedisConnection
from .store import enrol, record_key

_JSON = ("Content-Type", "application/json")
_VERSION = ("Accept-API-Version", "resource=1.0")
_PATH = f"{REALM}/users/self/devices/2fa/oath"
_RESET = _PATH + "?_action=reset"


def _raw(status, target=_RESET, *headers, method="POST", body="{}"):
    """A call with these headers and a good session."""
    return Call(method, target, (*headers, ("iPlanetDirectoryPro", SELF)), body, status)


def _with(status, *headers, body="{}"):
    return _raw(status, _RESET, *headers, body=body)


# (what, call, whether the body must be the same: how JSON is wrong, others say in their own words)
AM_CASES = [
    ("a user's own device", am()),
    ("the push device", am(factor="push")),
    ("an administrator", am(token=ADMIN)),
    ("pretty-printed, with another order of parameters", am(query="_prettyPrint=true&_action=reset")),
    ("names have no case", am("SELF")),
    ("a name that is percent-encoded", am("%73elf")),
    ("a slash at the end", _with(200, _JSON, _VERSION)),
    ("the token in the cookie", Call("POST", _RESET, (
        _JSON, _VERSION, ("Cookie", f"a=b; iPlanetDirectoryPro={SELF}; c=d")), "{}")),
    ("the cookie, and no sign of a deliberate call", Call("POST", _RESET, (
        _JSON, ("Cookie", f"iPlanetDirectoryPro={SELF}")), "{}", 403)),
    ("no body", _with(200, _JSON, _VERSION, body="")),
    ("a body that is a string", _with(200, _JSON, _VERSION, body='"<object>"')),
    ("no version", _with(200, _JSON)),
    ("no content type", _with(200, _VERSION)),
    ("both versions", _with(200, _JSON, ("Accept-API-Version", "protocol=2.1, resource=1"))),
    ("a content type with parameters", _with(200, ("Content-Type", "Application/JSON; charset=utf-8"), _VERSION)),
    ("a session that nobody knows", am(token=NOBODY, status=401)),
    ("no session", Call("POST", _RESET, (_JSON, _VERSION), "{}", 401)),
    ("a token that is none", am(token="AQIC5w{}", status=401)),
    ("somebody else's device", am(token=EVE, status=403)),
    ("a user who is not there, for an administrator", am("nosuch", ADMIN, status=404)),
    ("a user who is not there, for a user", am("nosuch", EVE, status=403)),
    ("bad percent-encoding in the query", am(query="_action=%zzreset", status=400)),
    ("bad percent-encoding in the path", am("se%2", status=400)),
    ("an empty element", _raw(400, _RESET.replace("/devices", "//devices"), _JSON, _VERSION)),
    ("a name that is no UTF-8", am("se%FFlf", status=400)),
    ("a version that is none", _with(400, _JSON, ("Accept-API-Version", "v1"))),
    ("a resource version that is not served", _with(404, _JSON, ("Accept-API-Version", "resource=2.0"))),
    ("a protocol that is not served", _with(400, _JSON, ("Accept-API-Version", "protocol=3.0"))),
    ("another content type", _with(400, ("Content-Type", "text/plain"), _VERSION)),
    ("If-Match", _with(412, _JSON, _VERSION, ("If-Match", "*"))),
    ("If-Modified-Since", _with(409, _JSON, _VERSION, ("If-Modified-Since", "Thu, 01 Jan 1970 00:00:00 GMT"))),
    ("two actions", am(query="_action=reset&_action=reset", status=400)),
    ("no action", am(query="", status=501)),
    ("no action, in an old protocol", _raw(400, _PATH, _JSON, ("Accept-API-Version", "protocol=1.0,resource=1.0"))),
    ("another action", am(query="_action=delete", status=501)),
    ("_mimeType", am(query="_action=reset&_mimeType=a", status=400)),
    ("GET", _raw(400, _PATH, _JSON, _VERSION, method="GET", body="")),
    ("PUT", _raw(501, _RESET, _JSON, _VERSION, method="PUT")),
    ("another factor", am(factor="sms", status=404)),
    ("a body that is not JSON", _with(400, _JSON, _VERSION, body='{"a":')),
    ("a body of two values", _with(400, _JSON, _VERSION, body="{} {}")),
]
_OWN_WORDS = {"a body that is not JSON", "a body of two values"}


class Check:
    """Counts what is as it must be; `tell` gets a line about each thing that is not."""

    def __init__(self, systems, redis, tell):
        self._systems = {system.name: system for system in systems}
        self._redis, self._tell = redis, tell
        self.passed = self.failed = 0

    def _judge(self, what, good, *found):
        if good:
            self.passed += 1
            return
        self.failed += 1
        self._tell(f"FAILED  {what}")
        for text in found:
            self._tell("        " + str(text).replace("\n", "\n        "))

    def _outcome(self, system, call, name="self"):
        """The answer, and what the user's record and events are after it."""
        enrol(self._redis, name)
        with Connection(system.port) as connection:
            answer = connection.ask(call.text())
        fields = self._redis.call("HGETALL", record_key(name))
        events = [event for _, event in self._redis.call("XRANGE", record_key(name) + ":events", "-", "+")]
        for event in events:
            at = event.index(b"request") + 1
            event[at] = b"an id" if len(event[at]) == 32 else event[at]
        return answer, (dict(zip(fields[::2], fields[1::2])), events)

    def compare(self):
        """Every call of AM's; the limit only with the answer of a reset that is done."""
        module = self._systems["module"]
        others = [name for name in loads.SELF_LOAD.systems if name not in ("module", "limit")]
        for what, call in AM_CASES:
            answer, state = self._outcome(module, call)
            self._judge(f"the module, {what}: {call.status}", answer.status == call.status, answer)
            for name in others:
                other, other_state = self._outcome(self._systems[name], call)
                same = answer.status == other.status if what in _OWN_WORDS else answer == other
                self._judge(f"{name}, {what}: the answer", same, "expected:", answer, "found:", other)
                self._judge(f"{name}, {what}: record and event", state == other_state, "expected:", state, "found:",
                            other_state)
        expected, _ = self._outcome(module, loads.SELF_LOAD.call)
        found, _ = self._outcome(self._systems["limit"], loads.SELF_LOAD.call)
        self._judge("return 200 answers with a reset's bytes", found == expected, expected, found)

    def check_loads(self):
        """Each load's call has the status that it is meant to have, on a kept connection, and the module's bytes."""
        for load in loads.LOADS:
            expected = None
            for name in load.systems:
                with Connection(self._systems[name].port) as connection:
                    answers = [connection.ask(load.call.text(number)) for number in range(3)]
                expected = expected or answers
                self._judge(f"{name}, {load.name}: {load.call.status}", answers == expected and all(
                    answer.status == load.call.status for answer in answers), *answers)

    def commands(self):
        """{(load, system): how many commands it sends to Redis per request}"""
        return {(load.name, name): self._count_commands(load, self._systems[name])
                for load in loads.LOADS for name in load.systems}

    def _count_commands(self, load, system, times=20):
        """What Redis sees; what a script calls is marked, and not counted."""
        monitor = RedisConnection(self._redis.socket, timeout=10)
        monitor.call("MONITOR")
        with Connection(system.port) as connection:
            for number in range(times):
                connection.ask(load.call.text(number))
        self._redis.call("ECHO", "end of the count")
        count = 0
        while b"end of the count" not in (line := monitor.receive()):
            count += b" lua] " not in line.split(b'"')[0]
        monitor.close()
        return count / times
