"""What is asked of the systems. A call is one HTTP request; a load is a call that is made again and again."""
import base64
import dataclasses
import json

REALM = "/openam/json/realms/root/realms/bench"
ADMIN = "AQIC5wSampleOfBenchAdmin.2NzEz*"
SELF = "AQIC5wSampleOfBenchSelf.2NzEz*"
EVE = "AQIC5wSampleOfBenchEve.2NzEz*"
NOBODY = "AQIC5wSampleOfNobody.2NzEz*"  # a session that is not there
SERVICESTACK = "aXujm6JBEWMtZW8Fuo1f"
CONTEXT = "edbe55c6-438f-448f-a742-9925b6471fe1"
OAA_USER, OAA_KEY = "portal", "5f" * 32

# The users that an administrator resets come in the order number = (number * 214013 + 2531011) % users,
# which goes through all of them once before it repeats; enrol_again.lua and the load generator know it.
STEP = "number = (number * 214013 + 2531011) % {users}"


@dataclasses.dataclass(frozen=True)
class Call:
    """`path` and `body` may hold @, in the place of a user's number."""
    method: str
    path: str
    headers: tuple
    body: str
    status: int = 200

    def text(self, number=0):
        """The request's bytes."""
        body = self.body.replace("@", str(number))
        lines = [f"{self.method} {self.path.replace('@', str(number))} HTTP/1.1", "Host: 127.0.0.1",
                 *(f"{name}: {value}" for name, value in self.headers), f"Content-Length: {len(body.encode())}", "", body]
        return "\r\n".join(lines)


@dataclasses.dataclass(frozen=True)
class Load:
    name: str
    title: str
    call: Call
    systems: tuple
    connections: tuple
    users: bool = False  # whether it is about many users
    second: bool = False  # whether it goes to the server whose Redis database is small


def am(user="self", token=SELF, *, query="_action=reset", body="{}", status=200, factor="oath", headers=()):
    return Call("POST", f"{REALM}/users/{user}/devices/2fa/{factor}?{query}", (
        ("Content-Type", "application/json"), ("Accept-API-Version", "resource=1.0"), ("iPlanetDirectoryPro", token),
        *headers), body, status)


def foundry(session=SERVICESTACK, status=200):
    return Call("PUT", "/users/2fa/reset", (
        ("Accept", "application/json"), ("Content-Type", "application/json"), ("X-ss-id", session)),
        '{"targetUserId":"foundry"}', status)


def oaa(key=OAA_KEY, status=200):
    credentials = base64.b64encode(f"{OAA_USER}:{key}".encode()).decode()
    return Call("DELETE", f"/oaa/runtime/challengecounter/v1?challengeType=ChallengeSMS&contextId={CONTEXT}", (
        ("Content-Type", "application/json"), ("Authorization", f"Basic {credentials}")), "", status)


_ALL = (1, 16, 64, 256)
_AM = ("module", "usual", "tuned", "node")
SELF_LOAD = Load("self", "AM, a user's own device", am(),
                 ("module", "usual", "tuned", "by-hand", "node", "limit"), _ALL)
ADMIN_LOAD = Load("admin", "AM, an administrator, any user", am("u@", ADMIN), _AM, _ALL, users=True)
REFUSED_LOAD = Load("refused", "AM, refused (401)", am(token=NOBODY, status=401), _AM, _ALL)
FOUNDRY_LOAD = Load("foundry", "Foundry, JSON", foundry(), ("module",), _ALL)
OAA_LOAD = Load("oaa", "OAA", oaa(), ("module",), _ALL)
LOADS = (
    SELF_LOAD, ADMIN_LOAD, FOUNDRY_LOAD, OAA_LOAD, REFUSED_LOAD,
    Load("foundry-refused", "Foundry, refused (401)", foundry("AAAAAAAAAAAAAAAAAAAA", 401), ("module",), (64,)),
    Load("oaa-refused", "OAA, refused (401)", oaa("00" * 32, 401), ("module",), (64,)),
)
# Refused beside served: what the verdict compares.
REFUSALS = (("refused", "self"), ("foundry-refused", "foundry"), ("oaa-refused", "oaa"))


def servicestack_session():
    return json.dumps({
        "__type": "ServiceStack.AuthUserSession, ServiceStack", "id": SERVICESTACK, "userAuthId": "1",
        "userAuthName": "alice", "userName": "alice", "displayName": "Alice", "email": "alice@example.com",
        "createdAt": "/Date(1795379552240)/", "lastModified": "/Date(1795379552310)/", "roles": ["Admin"],
        "permissions": [], "isAuthenticated": True, "fromToken": False, "tag": 0, "authProvider": "credentials",
        "providerOAuthAccess": []}, separators=(",", ":"))
