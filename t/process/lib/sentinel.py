"""A master with replicas, and sentinels that watch them: real processes on free loopback ports."""
import asyncio
import os
import signal
import subprocess

from . import resp
from .am import Store
from .ports import free_port
from .redis import Redis
from .waiting import until

NAME = "mfa-main"
USER, PASSWORD = "edge", "sentinels-own-p@ss"

# Sentinels talk to each other as `default`. The module's user has the least rights that work, as docs/how-to/redis.md
# gives them.
_CONFIGURATION = """\
port {port}
bind 127.0.0.1
dir {folder}
logfile {folder}/sentinel.log
daemonize no
user default on >peers ~* &* +@all
user {user} on >{password} resetchannels -@all +auth +client|setname +sentinel|get-master-addr-by-name
sentinel sentinel-user default
sentinel sentinel-pass peers
sentinel monitor {name} 127.0.0.1 {master} {quorum}
sentinel down-after-milliseconds {name} 500
sentinel failover-timeout {name} 2000
sentinel parallel-syncs {name} 2
"""


class Sentinel:
    """One redis-sentinel."""

    def __init__(self, folder, master, quorum):
        self.port = free_port()
        self._process = None
        self._path = os.path.join(folder, "sentinel.conf")
        with open(self._path, "w", encoding="ascii") as file:
            file.write(_CONFIGURATION.format(port=self.port, folder=folder, user=USER, password=PASSWORD, name=NAME,
                                             master=master, quorum=quorum))

    async def start(self):
        self._process = subprocess.Popen(["redis-sentinel", self._path], stdin=subprocess.DEVNULL,
                                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        await until(self._answers, 10, "redis-sentinel answers PING")
        return self

    async def _answers(self):
        assert self._process.poll() is None, "redis-sentinel ended at once: see sentinel.log"
        try:
            return await self.call("PING") == b"PONG"
        except (OSError, EOFError):
            return False

    async def stop(self):
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            self.thaw()
            await until(lambda: self._process.poll() is not None, 10, "redis-sentinel ends")

    def freeze(self):
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self._process.send_signal(signal.SIGCONT)

    async def call(self, *words):
        """One command on a connection of its own; an error reply is raised."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(resp.encode("AUTH", "peers") + resp.encode(*words))
            await asyncio.wait_for(resp.read_raw(reader), 5)
            reply = (await asyncio.wait_for(resp.read_raw(reader), 5))[1]
        finally:
            writer.close()
        if isinstance(reply, resp.RedisError):
            raise reply
        return reply

    async def master(self):
        """The port that it gives as the master's."""
        return int((await self.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME))[1])

    async def instances(self, kind):
        """What it knows of REPLICAS or SENTINELS, a dictionary each."""
        rows = await self.call("SENTINEL", kind, NAME)
        return [{row[i].decode(): row[i + 1].decode() for i in range(0, len(row), 2)} for row in rows]


class Watched:
    """A master, its replicas, and the sentinels that watch them."""

    def __init__(self, servers, sentinels):
        self.servers, self.sentinels = servers, sentinels
        self.master = servers[0]
        self.store = None

    def url(self, database=""):
        hosts = ",".join(f"127.0.0.1:{sentinel.port}" for sentinel in self.sentinels)
        return f"redis+sentinel://{hosts}/{NAME}{database}"

    def server(self, port):
        return next(server for server in self.servers if server.port == port)

    async def settled(self):
        """The sentinels agree, know each other, and could make a replica the master."""
        await until(self._is_settled, 20, "the sentinels and the replicas are settled", every=0.05)
        return self

    async def _is_settled(self):
        try:
            return await self._agree()
        except (OSError, EOFError, resp.RedisError):
            return False  # a server that becomes a replica closes connections

    async def _agree(self):
        for server in self.servers:
            role = await server.call("ROLE")
            if server is not self.master and (role[0] != b"slave" or role[3] != b"connected"):
                return False
        for sentinel in self.sentinels:
            replicas = await sentinel.instances("REPLICAS")
            peers = await sentinel.instances("SENTINELS")
            good = (await sentinel.master() == self.master.port
                    and len(peers) == len(self.sentinels) - 1 and all(row["flags"] == "sentinel" for row in peers)
                    and len(replicas) == len(self.servers) - 1
                    and (not replicas or any((row["flags"], row["master-link-status"]) == ("slave", "ok")
                                             for row in replicas)))
            if not good:
                return False
        return True

    async def replicated(self):
        """What has been written to the master is on every replica."""
        assert await self.master.call("WAIT", len(self.servers) - 1, 5000) == len(self.servers) - 1

    async def decided(self, seconds=15):
        """Waits until a sentinel names another master, sets `master`, and returns the time."""
        before = self.master.port

        async def other():
            named = await asyncio.gather(*(sentinel.master() for sentinel in self.sentinels))
            return next((port for port in named if port != before), None)

        port = await until(other, seconds, "the sentinels decide", every=0.005)
        moment = asyncio.get_running_loop().time()
        self.master = self.store.redis = self.server(port)
        await self.master.hang_up()  # the sentinel has closed our connection, as all others
        return moment

    async def rejoin(self, server):
        """The old master as a replica of the new one. The sentinels do that, too, but take their time."""
        async def told():
            try:
                return await server.call("REPLICAOF", "127.0.0.1", self.master.port)
            except (OSError, EOFError):
                return False  # a sentinel did it first, and closed our connection
        await until(told, 5, "the old master becomes a replica")


async def watched(t, replicas=2, sentinels=3, **settings):
    """All of it, settled, with the administrator's session in the master; `settings` are Redis's."""
    quick = {"repl-diskless-sync-delay": 0, "repl-ping-replica-period": 1, **settings}
    servers = [await t.redis(**quick) for _ in range(1 + replicas)]
    for server in servers[1:]:
        await server.call("REPLICAOF", "127.0.0.1", servers[0].port)
    watchers = [await t.keep(Sentinel(t.subfolder("sentinel"), servers[0].port, sentinels // 2 + 1))
                for _ in range(sentinels)]
    all_of_it = Watched(servers, watchers)
    all_of_it.store = await Store(servers[0]).seed()
    return await all_of_it.settled()


def password_file(t):
    """For mfa_reset_redis_sentinel_password_file."""
    path = os.path.join(t.folder, "sentinel.password")
    with open(path, "w", encoding="ascii") as file:
        file.write(PASSWORD + "\n")
    return path


def credentials(t):
    """The directives with the credentials for the sentinels."""
    return (f"mfa_reset_redis_sentinel_user {USER};\n"
            f"mfa_reset_redis_sentinel_password_file {password_file(t)};\n")
