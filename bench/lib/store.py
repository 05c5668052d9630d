"""What is in Redis: the callers, the users that are asked about by name, and the many."""
import base64
import hashlib
import json
import time

from . import loads
from .processes import REPO

OATH = json.dumps([{
    "uuid": "d569bb53-9b53-4f4c-8f0e-0a4a9c7e6c11", "recoveryCodes": [],
    "sharedSecret": "3132333435363738393031323334353637383930", "deviceName": "OATH Device", "lastLogin": 0, "counter": 0,
    "checksumDigit": False, "truncationOffset": 0, "clockDriftSeconds": 0, "createdDate": 1700000000000,
    "lastAccessDate": 1700000000000}], separators=(",", ":"))
PUSH = json.dumps([{
    "uuid": "7c9e6679-7425-40de-944b-e07fc1f90ae7", "recoveryCodes": [],
    "sharedSecret": "3132333435363738393031323334353637383930", "deviceName": "Push Device", "communicationType": "gcm",
    "createdDate": 1700000000000, "lastAccessDate": 1700000000000}], separators=(",", ":"))
_EVENTS = 20  # the module's default
_AT_ONCE = 2000  # users by one script call, which takes some milliseconds
_TEMPLATE = "mfa:{/bench/template}"


def record_key(name):
    return f"mfa:{{/bench/{name}}}"


def _enrolled(name):
    return ("HSET", record_key(name), "uid", name, "oath2faEnabled", 2, "oathDeviceProfiles", OATH, "push2faEnabled", 2,
            "pushDeviceProfiles", PUSH)


def enrol(redis, name):
    """As it was at the beginning, and without events."""
    redis.call("DEL", record_key(name), record_key(name) + ":events")
    redis.call(*_enrolled(name))


def session_key(token):
    return "mfa:session:" + hashlib.sha256(token.encode()).hexdigest()


def _session(redis, token, *fields):
    redis.call("HSET", session_key(token), *fields)
    redis.call("EXPIRE", session_key(token), 28800)


def load_callers(redis):
    """Who calls, and the users that are asked about by name; in the database that is selected."""
    _session(redis, loads.ADMIN, "user", "amAdmin", "realm", "/", "admin", "/",
             "universalId", "id=amAdmin,ou=user,dc=example,dc=com")
    for token, name in ((loads.SELF, "self"), (loads.EVE, "eve")):
        _session(redis, token, "user", name, "realm", "/bench",
                 "universalId", f"id={name},ou=user,o=bench,ou=services,dc=example,dc=com")
    redis.call("SET", "urn:iauthsession:" + loads.SERVICESTACK, loads.servicestack_session(), "EX", 28800)
    redis.call("HSET", "mfa:context:" + loads.CONTEXT, "subject", "/bench/oaa")
    redis.call("EXPIRE", "mfa:context:" + loads.CONTEXT, 28800)
    for name in ("self", "foundry", "oaa"):
        enrol(redis, name)


def write_credentials(folder):
    """The file of mfa_reset_oaa_user_file, which the module's nginx reads."""
    digest = base64.b64encode(hashlib.sha256(loads.OAA_KEY.encode()).digest()).decode()
    (folder / "oaa.users").write_text(f"{loads.OAA_USER}:{{SHA256}}{digest}\n", encoding="ascii")


def _script(name):
    return (REPO / "bench" / "redis" / f"{name}.lua").read_text(encoding="utf-8")


def _make_template(redis):
    """A user with devices, and as many events as are kept; more were written, as with any user in time."""
    redis.call(*_enrolled("template"))
    for number in range(3 * _EVENTS):
        redis.call("XADD", _TEMPLATE + ":events", "MAXLEN", _EVENTS, "*", "api", "am", "action", "reset", "factor", "oath",
                   "caller", "id=amAdmin,ou=user,dc=example,dc=com", "ip", "127.0.0.1", "request", f"{number:032x}",
                   "removed", 1)


class Users:
    """u0, u1, … in the database that is selected; a power of two, for the order in which they are taken."""

    def __init__(self, redis, count, database=0):
        self._redis, self.count, self._database = redis, count, database
        self._again = None
        self.next = 0  # the number after which the next load goes on
        self.bytes_each = self.seconds = None

    def _call(self, *words):
        """In our database; the connection goes back to the first one."""
        if self._database:
            self._redis.call("SELECT", self._database)
        try:
            return self._redis.call(*words)
        finally:
            if self._database:
                self._redis.call("SELECT", 0)

    def load(self, tell=lambda part: None):
        began = time.monotonic()
        redis = self._redis
        redis.call("SELECT", self._database)
        load_callers(redis)
        _make_template(redis)
        before = int(redis.info("memory")["used_memory"])
        sha1 = redis.call("SCRIPT", "LOAD", _script("enrol"))
        for first in range(0, self.count, _AT_ONCE):
            last = min(first + _AT_ONCE, self.count) - 1
            redis.call("EVALSHA", sha1, 2, _TEMPLATE, _TEMPLATE + ":events", first, last)
            tell((last + 1) / self.count)
        self.bytes_each = (int(redis.info("memory")["used_memory"]) - before) / self.count
        self._again = redis.call("SCRIPT", "LOAD", _script("enrol_again"))
        redis.call("SELECT", 0)
        self.seconds = time.monotonic() - began
        return self

    def _go_through(self, number, count, device):
        for done in range(0, count, _AT_ONCE):
            number = self._call("EVALSHA", self._again, 0, number, min(_AT_ONCE, count - done), self.count, device)
        return number

    def enrol_again(self, count):
        """Gives devices to the `count` users that were taken, and remembers where the next load begins."""
        self.next = self._go_through(self.next, min(count, self.count), OATH)

    def empty(self):
        """Leaves all without devices to reset."""
        self._go_through(0, self.count, "")
