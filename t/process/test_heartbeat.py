"""mfa_reset_redis_heartbeat: dead idle connections are replaced before a request needs them."""
import asyncio
import signal
import socket

from lib import processes
from lib.am import recovered
from lib.http1 import ask
from lib.ports import free_port
from lib.sentinel import credentials, watched
from lib.waiting import Clock, until

# Time enough for a busy machine.
_PATIENT = "mfa_reset_redis_connect_timeout 20s;"
_OFTEN = "mfa_reset_redis_heartbeat 200ms; mfa_reset_redis_timeout 1s; mfa_reset_timeout 5s;"
_UNANSWERED = "Redis did not answer a heartbeat"


class _Middlebox:
    """A stand-in that passes all on, until it forgets its connections: what comes by these is lost, silently."""

    def __init__(self, standin):
        self.standin = standin
        self.forgotten = set()
        self.greeted = set()
        self.probes = []  # the links that a PING came by
        standin.rule = self._rule

    async def _rule(self, command):
        if command.name == "PING":
            self.probes.append(command.link)
        if command.link not in self.forgotten:
            await command.pass_on()
            self.greeted.add(command.link)

    def forget(self):
        self.forgotten = set(self.standin.links)

    async def replaced(self, count):
        """nginx has closed all that was forgotten, and has `count` connections again."""
        await until(lambda: not self.forgotten & self.standin.links, 10, "dead connections are closed")
        await self.connected(count)

    async def connected(self, count):
        await until(lambda: len(self.standin.links & self.greeted) == count, 10, f"{count} connections")


async def _reset(nginx, store, call=None):
    """The first request since the connections died."""
    call = call or (await store.enrol(1))[0]
    answer = await ask(nginx.port, call.request)
    assert call.answers(answer), f"a user found a dead connection: {answer}"
    assert await store.events([call.user]) == [1]


async def _survives(t, store, box, nginx, count):
    """Connections die twice, without a request in between; the first request after it is answered."""
    await box.connected(count)
    for _ in range(2):
        box.forget()
        clock = Clock()
        await box.replaced(count)
        t.note(f"{count} connections replaced after {clock.seconds:.2f} s")
        await _reset(nginx, store)
    assert nginx.lines("warn", _UNANSWERED), "nothing says why"
    assert not nginx.lines("error"), nginx.lines("error")


async def test_dead_connections_are_replaced_before_a_user_needs_them(t):
    for tcp in (True, False):
        store = await t.store()
        box = _Middlebox(await t.standin(behind=store.redis, tcp=tcp))
        nginx = await t.edge(box.standin.url, http=_PATIENT + _OFTEN)
        await _survives(t, store, box, nginx, 2)


async def test_without_it_a_dead_connection_costs_a_request(t):
    """What the heartbeat is for: this is what `off` means."""
    store = await t.store()
    box = _Middlebox(await t.standin(behind=store.redis, tcp=True))
    nginx = await t.edge(box.standin.url, http=f"{_PATIENT} mfa_reset_redis_heartbeat off;")
    await recovered(nginx.port, store)
    await box.connected(2)
    box.forget()
    await asyncio.sleep(1)
    assert box.forgotten == box.standin.links, "something replaced them"
    call, = await store.enrol(1)
    assert not call.answers(await ask(nginx.port, call.request))
    assert not box.probes


async def test_a_live_connection_is_kept_and_never_idle(t):
    """A middlebox that drops connections which are idle for longer than the heartbeat drops none."""
    store = await t.store()
    box = _Middlebox(await t.standin(behind=store.redis, tcp=True))
    nginx = await t.edge(box.standin.url, http=_PATIENT + "mfa_reset_redis_heartbeat 200ms; mfa_reset_redis_timeout 20s; "
                                               "mfa_reset_timeout 60s;")
    await box.connected(2)
    await until(lambda: all(box.probes.count(link) >= 5 for link in box.standin.links), 10, "five probes of each")
    assert box.standin.accepted == 2, "a connection was made again"
    await _reset(nginx, store)
    assert not nginx.lines("warn"), nginx.lines("warn")


async def test_the_connection_for_probes(t):
    store = await t.store()
    await store.redis.call("CONFIG", "SET", "repl-diskless-sync-delay", "0")
    await t.redis(replicaof=f"127.0.0.1 {store.redis.port}")

    async def synchronised():
        return (await store.redis.pipeline([("SET", "probe", 1), ("WAIT", 1, 100)]))[1] == 1
    await until(synchronised, 10, "the replica has what the master has")
    box = _Middlebox(await t.standin(behind=store.redis))
    nginx = await t.edge(box.standin.url, http=f"{_PATIENT} {_OFTEN} mfa_reset_redis_wait 1 timeout=2s;")
    await _survives(t, store, box, nginx, 3)


async def test_the_connections_to_sentinels(t):
    """A sentinel is asked several times a second: its connection is never idle, and found dead by its questions."""
    all_of_it = await watched(t, replicas=1, sentinels=1)
    box = _Middlebox(await t.standin(behind=all_of_it.sentinels[0], tcp=True))
    url = box.standin.url.replace("redis:", "redis+sentinel:") + "/mfa-main"
    nginx = await t.edge(url, http=f"{_PATIENT} {_OFTEN} {credentials(t)}")
    await recovered(nginx.port, all_of_it.store)
    await box.connected(1)
    box.forget()
    await box.replaced(1)
    await _reset(nginx, all_of_it.store)


async def test_a_frozen_node_of_a_cluster_is_left_before_a_user_asks(t):
    store = await t.cluster_store(**{"cluster-node-timeout": 2000})
    cluster = store.redis
    nginx = await t.edge(cluster.url_of(*cluster.masters), http=_OFTEN)
    await recovered(nginx.port, store)
    key = store.user_key("someone")
    frozen = cluster.owner(key)
    frozen.freeze()
    lost = rf"node 127.0.0.1:{frozen.port} of Redis .* was lost: {_UNANSWERED}"
    await until(lambda: len(nginx.lines("warn", lost)) == 2, 10, "both connections are found dead")
    await cluster.taken_over(frozen)

    async def followed():  # the new master was no seed: only the new map has it
        return len(await cluster.owner(key).clients()) == 2
    await until(followed, 10, "both connections to the new master")
    call = next(call for call in await store.enrol(40) if cluster.owner(store.user_key(call.user)) is cluster.owner(key))
    await _reset(nginx, store, call)
    frozen.thaw()


async def test_a_frozen_server_whose_name_has_moved_is_left_before_a_user_asks(t):
    dns = await t.dns()
    port = free_port()
    store = await t.store(bind="127.0.0.2", port=port)
    other = await t.store(bind="127.0.0.3", port=port)
    dns.set("redis.test", "127.0.0.2", ttl=1)
    nginx = await t.edge(f"redis://redis.test:{port}", http=f"{dns.resolver()} {_OFTEN}")
    await recovered(nginx.port, store)
    dns.set("redis.test", "127.0.0.3", ttl=1)
    store.redis.freeze()

    async def moved():
        return len(await other.redis.clients()) == 2
    await until(moved, 10, "both connections lead to the new place")
    await _reset(nginx, other)
    store.redis.thaw()


async def test_a_heartbeat_does_not_delay_a_worker_that_quits(t):
    """Neither the next one, nor one that waits for its answer."""
    store = await t.store()
    for often in ("1h", "100ms"):
        box = _Middlebox(await t.standin(behind=store.redis))
        nginx = await t.edge(box.standin.url, http=f"mfa_reset_redis_heartbeat {often}; mfa_reset_redis_timeout 20s;")
        await recovered(nginx.port, store)
        await box.connected(2)
        if often == "100ms":
            box.forget()
            sent = len(box.probes)
            await until(lambda box=box, sent=sent: len(box.probes) >= sent + 2, 5, "both probes are under way")
        nginx.signal(signal.SIGQUIT)
        await nginx.ended(1, f"at once, with a heartbeat every {often}")


async def test_a_user_without_the_right_to_ping_is_served(t):
    """Redis refuses the heartbeat, which is an answer."""
    store = await t.store()
    name = store.redis.url.split("//")[1].split(":")[0]
    await store.redis.call("ACL", "SETUSER", name, "-ping")
    nginx = await t.edge(store.redis.url, http=_OFTEN)
    await recovered(nginx.port, store)

    async def refused():
        return b"ping" in [entry[entry.index(b"object") + 1] for entry in await store.redis.call("ACL", "LOG")]
    await until(refused, 5, "a heartbeat was refused")
    await _reset(nginx, store)
    assert not nginx.lines("warn") and not nginx.lines("error"), nginx.log()


async def test_tcp_keepalive_is_set(t):
    store = await t.store()
    options = (socket.SOL_SOCKET, socket.SO_KEEPALIVE), *(
        (socket.IPPROTO_TCP, each) for each in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT,
                                                socket.TCP_USER_TIMEOUT))
    for http, wanted in (("mfa_reset_redis_heartbeat 2500ms; mfa_reset_redis_timeout 400ms;", [1, 3, 1, 3, 2900]),
                         ("", [1, 15, 1, 3, 15250])):
        nginx = await t.edge(store.redis.url, http=http)
        await recovered(nginx.port, store)
        worker, = nginx.workers()
        found = processes.sockets_to(worker, store.redis.port)
        assert len(found) == 2, found
        for each in found:
            assert [each.getsockopt(*option) for option in options] == wanted
            each.close()
    nginx = await t.edge(store.redis.url, http="mfa_reset_redis_heartbeat off;")
    await recovered(nginx.port, store)
    for each in processes.sockets_to(nginx.workers()[0], store.redis.port):
        assert each.getsockopt(*options[0]) == 0 and each.getsockopt(*options[-1]) == 0
        each.close()
