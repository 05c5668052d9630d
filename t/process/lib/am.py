"""AM's reset call as the tests make it, the records it works on, and the answers it must get.

Every call is made so that its answer shows whose it is: a user of its own, a name of its own that
nobody has, or a caller of its own. A ledger keeps what each answer said and compares it with what
Redis holds in the end.
"""
import hashlib
import json
from dataclasses import dataclass

from .http1 import ask, compose
from .waiting import Clock, until

ADMIN = "token-of-the-administrator*AAJTSQACMDE"
DEVICES = '[{"uuid":"d569bb53","recoveryCodes":[],"sharedSecret":"31323334","deviceName":"OATH Device"}]'
DONE = b'{"result":true}'


def target(user, factor="oath", context="openam", realm="alpha"):
    return f"/{context}/json/realms/root/realms/{realm}/users/{user}/devices/2fa/{factor}?_action=reset"


def headers(token=ADMIN):
    return (("Accept-API-Version", "resource=1.0"), ("Content-Type", "application/json"),
            ("iPlanetDirectoryPro", token))


def post(user, token=ADMIN, body=b"{}", context="openam", more=()):
    return compose("POST", target(user, context=context), (*headers(token), *more), body)


def error(code, reason, message):
    return json.dumps({"code": code, "reason": reason, "message": message}, separators=(",", ":")).encode()


def universal_id(user, realm="/"):
    """As AM makes it: the realms from the inside out."""
    parts = "".join(f"o={part}," for part in reversed(realm.split("/")) if part)
    return f"id={user},ou=user,{parts}ou=services,dc=example"


@dataclass
class Call:
    """One reset, and the answer that is its own."""
    user: str
    token: str
    status: int
    body: bytes
    context: str = "openam"  # the first part of the path, which selects the location

    @property
    def request(self):
        return post(self.user, self.token, context=self.context)

    def answers(self, answer):
        """True for the answer, False where the store was not there; anything else is an error."""
        if answer.status == 503:
            check_unavailable(answer)
            return False
        assert (answer.status, answer.body) == (self.status, self.body), \
            f"for {self.user} wanted {self.status} {self.body!r}, got {answer}"
        return True


def check_unavailable(answer):
    assert answer.status == 503, f"wanted 503, got {answer}"
    assert int(answer.headers["retry-after"]) > 0, answer.headers
    assert answer.headers["content-type"] == "application/json;charset=UTF-8", answer.headers
    said = json.loads(answer.body)
    assert (said["code"], said["reason"]) == (503, "Service Unavailable"), answer


def is_uncertain(answer):
    """A 503 that says that the reset may have happened."""
    return answer.status == 503 and "may have" in json.loads(answer.body).get("detail", "")


class Store:
    """The records of the tests: one administrator, and users and callers as many as are wanted."""

    def __init__(self, redis, prefix="mfa:"):
        self.redis = redis
        self._prefix = prefix
        self._made = 0

    def user_key(self, user):
        return f"{self._prefix}{{/alpha/{user}}}"

    def session(self, token, *fields):
        digest = hashlib.sha256(token.encode()).hexdigest()
        return ("HSET", f"{self._prefix}session:{digest}", *fields)

    async def seed(self):
        await self.redis.pipeline([self.session(
            ADMIN, "user", "amAdmin", "realm", "/", "universalId", universal_id("amAdmin"), "admin", "/")])
        return self

    async def enrol(self, count, prefix="user-"):
        """That many users with a device, not reset yet."""
        names = [f"{prefix}{self._made + number}" for number in range(count)]
        self._made += count
        await self.redis.pipeline(
            [("HSET", self.user_key(name), "uid", name, "oath2faEnabled", 2, "oathDeviceProfiles", DEVICES)
             for name in names])
        return [Call(name, ADMIN, 200, DONE) for name in names]

    async def strangers(self, count):
        """Callers without the right: each refusal names the caller."""
        numbers = range(self._made, self._made + count)
        self._made += count
        await self.redis.pipeline(
            [self.session(f"stranger-{n}", "user", f"eve{n}", "realm", "/alpha", "universalId",
                          universal_id(f"eve{n}", "/alpha"))
             for n in numbers])
        return [Call("amAdmin", f"stranger-{n}", 403,
                     error(403, "Forbidden", f"User, {universal_id(f'eve{n}', '/alpha')}, not authorized.")) for n in numbers]

    def unknown(self, count):
        """Targets without a record: each 404 names the target."""
        numbers = range(self._made, self._made + count)
        self._made += count
        return [Call(f"nobody-{n}", ADMIN, 404, error(404, "Not Found", f"User nobody-{n} not found"))
                for n in numbers]

    async def mixed(self, count):
        """Resets, unknown users and strangers in turn."""
        share = -(-count // 3)
        kinds = (await self.enrol(share), self.unknown(share), await self.strangers(share))
        return [call for group in zip(*kinds) for call in group][:count]

    async def events(self, users):
        """How many resets of each user are recorded."""
        return await self.redis.pipeline([("XLEN", self.user_key(user) + ":events") for user in users])

    async def has_devices(self, users):
        return await self.redis.pipeline(
            [("HEXISTS", self.user_key(user), "oathDeviceProfiles") for user in users])

    async def untouched(self, user):
        return (await self.events([user]))[0] == 0 and (await self.has_devices([user]))[0] == 1


class Ledger:
    """What the answers said of each user, against what Redis holds."""

    def __init__(self, store):
        self._store = store
        self.done, self.uncertain, self.refused, self.unanswered = [], [], [], []
        self.others = 0

    def enter(self, call, answer):
        """`answer` is None for a call that was given up before it was answered."""
        if call.status != 200:
            self.others += 1
            return answer is not None and call.answers(answer)
        if answer is None:
            self.unanswered.append(call.user)
            return False
        if call.answers(answer):
            self.done.append(call.user)
            return True
        (self.uncertain if is_uncertain(answer) else self.refused).append(call.user)
        return False

    async def settle(self):
        """A success is one event and no device; a refusal neither; of the others, both or neither."""
        for name, allowed in (("done", {1}), ("refused", {0}), ("uncertain", {0, 1}), ("unanswered", {0, 1})):
            users = getattr(self, name)
            if not users:
                continue
            events = await self._store.events(users)
            devices = await self._store.has_devices(users)
            for user, count, has in zip(users, events, devices):
                assert count in allowed, f"{user}: answered as {name}, and {count} events are recorded"
                assert has == 1 - count, f"{user}: {count} events, and devices there: {has}"

    def __str__(self):
        return (f"{len(self.done)} done, {len(self.uncertain)} uncertain, {len(self.refused)} refused, "
                f"{len(self.unanswered)} given up, {self.others} not resets")


async def redis_state(port):
    """`up` or `down`, and how many commands wait: of the worker that answers."""
    return (await ask(port, compose("GET", "/state"))).body.decode()


async def pending(port, count):
    """Waits until this number of commands waits in the one worker: what was sent to it has been read."""
    async def condition():
        return (await redis_state(port)).split()[1] == str(count)
    await until(condition, 3, f"{count} commands are pending")


async def down(port):
    """Waits until the one worker knows that Redis is down."""
    async def condition():
        return (await redis_state(port)).startswith("down ")
    await until(condition, 3, "Redis is known to be down")


async def recovered(port, store, seconds=1.5):
    """Waits until a call is answered, and says how long that took."""
    clock = Clock()

    async def answered():
        call, = store.unknown(1)
        return call.answers(await ask(port, call.request))

    await until(answered, seconds, "requests are answered", promised=True)
    return clock.seconds
