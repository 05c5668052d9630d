"""The records in Redis: one server, the master that sentinels name, or a cluster."""
import collections
import hashlib

import redis
import redis.cluster
import redis.exceptions
import redis.sentinel

from .errors import Failed
from .profiles import FIELDS
from .redis_url import parse_url
from .subjects import record_key, subject_in

TIMEOUT = 10  # seconds, of one command and of connecting
BUSY = (redis.exceptions.ConnectionError, redis.exceptions.TimeoutError, redis.exceptions.BusyLoadingError,
        redis.exceptions.ReadOnlyError)

# Writes one user's record, by one step, and only what the directory has: counters, locks and codes stay.
#
# KEYS  1 the record   2 the user's events
# ARGV  1 `new`: a record that is there stays; `update`
#       2 milliseconds since 1970: if the user's last event is later, the directory may not know of it yet; '' for none
#       3 uid, then pairs: a field, and its value; '' for a field that the directory does not have
# Returns added, updated, same, kept (it is there) or behind (of an event that the directory may not have).
WRITE = """
local record, added = KEYS[1], redis.call('HEXISTS', KEYS[1], 'uid') == 0
if not added and ARGV[1] == 'new' then
    return 'kept'
end
if not added and ARGV[2] ~= '' then
    local last = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)[1]
    if last and tonumber(last[1]:match('^%d+')) > tonumber(ARGV[2]) then
        return 'behind'
    end
end
local changed = false
if added then
    redis.call('HSET', record, 'uid', ARGV[3])
end
for i = 4, #ARGV, 2 do
    local now = redis.call('HGET', record, ARGV[i]) or ''
    if now ~= ARGV[i + 1] then
        changed = true
        if ARGV[i + 1] == '' then
            redis.call('HDEL', record, ARGV[i])
        else
            redis.call('HSET', record, ARGV[i], ARGV[i + 1])
        end
    end
end
return added and 'added' or changed and 'updated' or 'same'
"""
_WRITE_SHA1 = hashlib.sha1(WRITE.encode()).hexdigest()


class Store:
    """Texts in, texts out. Everything raises redis' own exceptions; BUSY are those that may pass by themselves."""

    def __init__(self, settings):
        """`settings`: redis (URL), redis_password, sentinel_user, sentinel_password, tls (a dict), prefix."""
        self.prefix = settings.prefix
        self.url = parse_url(settings.redis)
        self.client = _connect(self.url, settings)

    def ping(self):
        """A wrong address or password shows before any work is done."""
        self.client.ping()

    @property
    def is_cluster(self):
        return self.url.kind == "cluster"

    def script(self, text):
        return self.client.register_script(text)

    def write(self, users, mode):
        """`users`: (subject, uid, fields, behind) each, see WRITE. The verdicts, in their order."""
        calls = []
        for subject, uid, fields, behind in users:
            record = record_key(self.prefix, subject)
            pairs = [word for name in FIELDS for word in (name, fields.get(name, ""))]
            calls.append(("EVALSHA", _WRITE_SHA1, 2, record, record + ":events", mode, behind, uid, *pairs))
        verdicts = self._many(calls)
        # A server that does not know the script has run nothing; the text goes only there.
        unknown = [i for i, verdict in enumerate(verdicts) if isinstance(verdict, redis.exceptions.NoScriptError)]
        again = self._many([("EVAL", WRITE, *calls[i][2:]) for i in unknown])
        for index, verdict in zip(unknown, again):
            verdicts[index] = verdict
        return verdicts

    def read(self, subjects):
        """Of each subject a dict of uid and FIELDS, None for what is not there."""
        names = ("uid",) + FIELDS
        calls = [("HMGET", record_key(self.prefix, subject), *names) for subject in subjects]
        return [dict(zip(names, values)) for values in self._many(calls)]

    def subjects(self):
        """All users that have a record, one after the other, some perhaps twice."""
        pattern = self.prefix.translate({ord(c): "\\" + c for c in "*?[]^\\"}) + "{/*}"
        for key in self.client.scan_iter(match=pattern, count=1000):
            subject = subject_in(self.prefix, key)
            if subject is not None:
                yield subject

    def _many(self, calls):
        """The replies, in the order of the calls. An error is raised, but for NOSCRIPT, which is left in its place."""
        by_node, results = {}, [None] * len(calls)
        for index, call in enumerate(calls):
            node = self.client.get_node_from_key(call[3] if call[0].startswith("EVAL") else call[1]) \
                if self.is_cluster else None
            by_node.setdefault(node and node.name, (node, []))[1].append(index)
        for node, indexes in by_node.values():
            client = self.client.get_redis_connection(node) if node else self.client
            pipeline = client.pipeline(transaction=False)
            for index in indexes:
                pipeline.execute_command(*calls[index])
            for index, result in zip(indexes, pipeline.execute(raise_on_error=False)):
                results[index] = self._settled(calls[index], result)
        return results

    def _settled(self, call, result):
        if not isinstance(result, Exception) or isinstance(result, redis.exceptions.NoScriptError):
            return result
        if self.is_cluster and isinstance(result, redis.exceptions.ResponseError):
            return self.client.execute_command(*call)  # the slot is on its way: follow it
        raise result


class _Sentinels(redis.sentinel.Sentinel):
    """Asks as the module does, so that its user's right is enough: to SENTINEL GET-MASTER-ADDR-BY-NAME, and no other."""

    def discover_master(self, service_name):
        """The address that most of the sentinels name: one that was cut off from the others may name the old master."""
        named = collections.Counter()
        for sentinel in self.sentinels:
            try:
                address = sentinel.sentinel_get_master_addr_by_name(service_name)
            except (redis.exceptions.ConnectionError, redis.exceptions.TimeoutError):
                continue
            if address:
                named[tuple(address)] += 1
        if not named:
            raise redis.sentinel.MasterNotFoundError(f"no sentinel names a master {service_name}")
        return named.most_common(1)[0][0]


def _connect(url, settings):
    common = {"password": settings.redis_password or url.password, "username": url.user, "decode_responses": True,
              "socket_timeout": TIMEOUT, "socket_connect_timeout": TIMEOUT}
    tls = {"ssl": True, "ssl_cert_reqs": "required", "ssl_check_hostname": True, **settings.tls} if url.tls else {}
    try:
        if url.kind == "unix":
            return redis.Redis(unix_socket_path=url.path, db=url.database, **common)
        if url.kind == "cluster":
            nodes = [redis.cluster.ClusterNode(*address) for address in url.addresses]
            return redis.cluster.RedisCluster(startup_nodes=nodes, **common, **tls)
        if url.kind == "sentinel":
            own = {"username": settings.sentinel_user, "password": settings.sentinel_password,
                   "socket_timeout": 1, "socket_connect_timeout": 1, "decode_responses": True, **tls}
            sentinel = _Sentinels(url.addresses, sentinel_kwargs=own)
            return sentinel.master_for(url.master, db=url.database, **common, **tls)
        host, port = url.addresses[0]
        return redis.Redis(host=host, port=port, db=url.database, **common, **tls)
    except (redis.exceptions.RedisError, OSError) as error:
        raise Failed(f"Redis: {error}") from None
