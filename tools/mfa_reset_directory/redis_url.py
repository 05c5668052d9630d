"""Redis as nginx.conf names it: every form of mfa_reset_redis (docs/reference/directives.md)."""
import re
import urllib.parse
from dataclasses import dataclass, field

from .errors import Failed

FORMS = ("redis[s]://[user[:password]@]host[:port][/db], unix:/path[:/db], "
         "redis[s]+sentinel://[user[:password]@]host[:port],.../master[/db] or "
         "redis[s]+cluster://[user[:password]@]host[:port],...")
_SCHEME = re.compile(r"(rediss?)(\+sentinel|\+cluster)?://(.*)", re.DOTALL)
_ADDRESS = re.compile(r"(?:\[([^]]+)\]|([^:\[\]]+))(?::([0-9]+))?")


@dataclass
class Url:
    kind: str  # server, unix, sentinel, cluster
    tls: bool = False
    addresses: list = field(default_factory=list)  # (host, port)
    path: str = ""
    master: str = ""
    database: int = 0
    user: str | None = None
    password: str | None = None


def parse_url(text):
    """A Url. Failed says what is wrong with it, and never shows its password."""
    if text.startswith("unix:"):
        return _unix(text[len("unix:"):])
    match = _SCHEME.fullmatch(text)
    if not match:
        raise _wrong("begins with no scheme that is known")
    url = Url(kind=(match[2] or "+server")[1:], tls=match[1] == "rediss")
    credentials, at, rest = match[3].rpartition("@")
    if at:
        user, colon, password = credentials.partition(":")
        url.user = urllib.parse.unquote(user) or None
        url.password = urllib.parse.unquote(password) if colon else None
    hosts, slash, path = rest.partition("/")
    _read_path(url, path if slash else "")
    port = 26379 if url.kind == "sentinel" else 6379
    for host in hosts.split(",") if url.kind != "server" else [hosts]:
        match = _ADDRESS.fullmatch(host)
        if not match:
            raise _wrong("has no valid host and port")
        url.addresses.append((match[1] or match[2], int(match[3] or port)))
    return url


def _unix(path):
    path, colon, database = path.partition(":/")
    if not path.startswith("/"):
        raise _wrong("names a unix socket by no absolute path")
    return Url(kind="unix", path=path, database=_database(database if colon else ""))


def _read_path(url, path):
    if url.kind == "sentinel":
        master, _, path = path.partition("/")
        url.master = urllib.parse.unquote(master)
        if not url.master:
            raise _wrong("lacks the name of the master")
    url.database = _database(path)
    if url.kind == "cluster" and url.database:
        raise _wrong("names a database, and a cluster has none")


def _database(text):
    if text and not text.isdecimal():
        raise _wrong("has a database that is not a number")
    return int(text or 0)


def _wrong(what):
    return Failed(f"the URL of Redis {what}: write {FORMS}")
