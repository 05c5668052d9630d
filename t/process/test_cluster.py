"""A real Redis Cluster: keys in their slots, slots that move, nodes that come and go. Every answer comes by its
deadline and belongs to its request."""
import asyncio
import base64
import itertools
import os
import re
import signal

from lib import processes
from lib.am import ADMIN, DONE, Call, Ledger, check_unavailable, error, is_uncertain, pending, recovered
from lib.cluster import slot_of
from lib.foundry import LOCATION, People, code, put
from lib.http1 import Connection, ask, compose, timed
from lib.load import Load
from lib.ports import free_port
from lib.waiting import Clock, scaled, until

_DEADLINE = 1.0  # mfa_reset_timeout
_MARGIN = 0.3


class _Watch:
    """Asks all the time for users of all nodes, and remembers the slowest answer. Used as `async with`."""

    def __init__(self, port, store):
        self._port, self._store = port, store
        self._task = None
        self.slowest, self.asked = 0, 0

    async def __aenter__(self):
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_):
        self._task.cancel()
        outcome, = await asyncio.gather(self._task, return_exceptions=True)
        if not isinstance(outcome, asyncio.CancelledError):
            raise outcome
        assert self.slowest < scaled(_DEADLINE + _MARGIN), f"an answer took {self.slowest:.3f} s"

    async def _run(self):
        while True:
            calls = self._store.unknown(4)
            for call, (seconds, answer) in zip(
                    calls, await asyncio.gather(*(timed(self._port, call.request) for call in calls))):
                call.answers(answer)
                self.slowest = max(self.slowest, seconds)
                self.asked += 1
            await asyncio.sleep(0.01)

    def __str__(self):
        return f"the slowest of {self.asked} watched answers took {self.slowest * 1000:.0f} ms"


def _holdings(nginx):
    """Descriptors and KiB of each worker."""
    return [(len(processes.open_files(pid)), processes.resident_kib(pid)) for pid in nginx.workers()]


async def _as_before(t, nginx, before):
    """Each worker has as many descriptors as before, and about as much memory."""
    async def condition():
        return all(now <= then for (now, _), (then, _) in zip(_holdings(nginx), before))
    await until(condition, 12, f"descriptors are back at {before}: {_holdings(nginx)}", every=0.1)
    after = _holdings(nginx)
    t.note(f"descriptors and KiB of each worker: {before} before, {after} after")
    for (_, now), (_, then) in zip(after, before):
        assert t.sanitize or now < then + 8192, f"{then} KiB before, {now} KiB after"


def _names(slot, count, prefix="s"):
    """Users of /alpha whose records lie in that slot."""
    numbers = (f"{prefix}{number}" for number in itertools.count())
    return list(itertools.islice((name for name in numbers if slot_of(f"mfa:{{/alpha/{name}}}") == slot), count))


async def _enrol(store, names):
    await store.redis.pipeline(
        [("HSET", store.user_key(name), "uid", name, "oathDeviceProfiles", "[]") for name in names])
    return [Call(name, ADMIN, 200, DONE) for name in names]


async def _on_each_node(port, store, seconds=1.5):
    """Waits until users of every master are answered. How long that took."""
    clock = Clock()

    async def answered():
        calls = store.unknown(24)
        answers = await asyncio.gather(*(ask(port, call.request) for call in calls))
        return all([call.answers(answer) for call, answer in zip(calls, answers)])
    await until(answered, seconds, "users of every node are answered")
    return clock.seconds


async def test_all_calls_of_all_apis(t):
    store = await t.cluster_store()
    cluster = store.redis
    folder = t.subfolder("users")
    os.chmod(folder, 0o755)
    with open(os.path.join(folder, "oaa.users"), "w", encoding="ascii") as file:
        file.write("portal:{PLAIN}s3cret\n")
    nginx = await t.edge(cluster.url, server=f"""{LOCATION % ''}
        location /oaa {{ mfa_reset oaa; mfa_reset_oaa_user_file {folder}/oaa.users; }}""")
    await _on_each_node(nginx.port, store)

    ledger = Ledger(store)
    for call in await store.mixed(150):
        assert ledger.enter(call, await ask(nginx.port, call.request)), "refused with 503"
    await ledger.settle()
    await _own_and_without_session(nginx, store)
    await _foundry_and_oaa(nginx, cluster)

    async def at_the_masters_only():
        return await cluster.clients() == {n.port: 2 if n in cluster.masters else 0 for n in cluster.nodes}
    await until(at_the_masters_only, 8, f"two connections to each master: {await cluster.clients()}", every=0.1)
    assert not nginx.lines("error"), nginx.lines("error")


async def _own_and_without_session(nginx, store):
    for user in [f"own-{number}" for number in range(12)]:
        (call,) = await _enrol(store, [user])
        call.token = f"token-of-{user}"
        await store.redis.call(*store.session(call.token, "user", user, "realm", "/alpha"))
        assert call.answers(await ask(nginx.port, call.request)), "refused with 503"
        assert await store.events([user]) == [1]
        answer = await ask(nginx.port, Call(user, "no-token", 401, b"").request)
        assert (answer.status, answer.body) == (401, error(401, "Unauthorized", "Access Denied")), answer
        assert await store.events([user]) == [1]


async def _foundry_and_oaa(nginx, cluster):
    people = await People(cluster).seed(6)
    for caller in range(1, 7):
        request = put("u-42", code(), f"session-of-{caller}")
        async with Connection(nginx.port) as connection:
            await connection.send(request)
            answer = await connection.answer()
            answer = await connection.answer() if answer.status == 100 else answer
        assert answer.status == 200, answer
    assert await people.events() == 6
    credentials = base64.b64encode(b"portal:s3cret").decode()
    for number in range(6):
        user = f"mfa:{{/beta/c{number}}}"
        await cluster.call("HSET", user, "challenge:ChallengeSMS", 10)
        await cluster.call("HSET", f"mfa:context:ctx{number}", "subject", f"/beta/c{number}")
        answer = await ask(nginx.port, compose("DELETE", f"/oaa?challengeType=ChallengeSMS&contextId=ctx{number}",
                                               (("Authorization", f"Basic {credentials}"),)))
        assert answer.status == 200, answer
        assert await cluster.call("EXISTS", user) == 0


async def test_a_slot_that_is_being_moved(t):
    """ASK, with a script that the target does not know; TRYAGAIN until the slot has arrived, or the deadline."""
    store = await t.cluster_store()
    cluster = store.redis
    nginx = await t.edge(cluster.url, http="mfa_reset_redis_timeout 30s; mfa_reset_timeout 30s;", server="""
        location /hasty/json/ { mfa_reset am; mfa_reset_redis_timeout 250ms; }""")
    await _on_each_node(nginx.port, store)
    slot = slot_of("mfa:{/alpha/someone}")
    source = cluster.owner("mfa:{/alpha/someone}")
    target = next(node for node in cluster.masters if node is not source)
    known, fresh = _names(slot, 6)[:3], _names(slot, 6)[3:]
    for call in await _enrol(store, known):
        assert call.answers(await ask(nginx.port, call.request))
    calls = await _enrol(store, known + fresh)

    await cluster.begin_move(slot, target)
    assert calls[0].answers(await ask(nginx.port, calls[0].request)), "all of it is still there"
    await cluster.move_keys(slot, target)
    await target.call("SCRIPT", "FLUSH")
    for call in calls[1:3]:
        seconds, answer = await timed(nginx.port, call.request)
        assert call.answers(answer), "refused with 503"
        assert seconds < scaled(0.1), f"ASK took {seconds:.3f} s"
    assert await source.call("CLUSTER", "COUNTKEYSINSLOT", slot) == 0

    # Of these users there are no events yet, and Redis does not know where these would be.
    calls[3].context = "hasty"
    seconds, answer = await timed(nginx.port, calls[3].request)
    check_unavailable(answer)
    assert not is_uncertain(answer), f"nothing ran: {answer}"
    assert scaled(0.6) > seconds > 0.2, f"{seconds:.3f} s: until the command's deadline"
    tried = await _asked_for(target)
    waiting = asyncio.create_task(timed(nginx.port, calls[4].request))

    async def tried_again():
        return await _asked_for(target) >= tried + 2
    await until(tried_again, 3, "the target has said TRYAGAIN twice")
    await cluster.end_move(slot, target)
    seconds, answer = await waiting
    assert calls[4].answers(answer), "refused with 503"
    t.note(f"a reset that began before the slot had arrived took {seconds * 1000:.0f} ms")
    assert await store.events(known + fresh) == [2, 2, 2, 0, 1, 0]


async def _asked_for(node):
    """How often ASKING was said to that node."""
    text = (await node.call("INFO", "commandstats")).decode()
    found = re.search(r"^cmdstat_asking:calls=(\d+)", text, re.MULTILINE)
    return int(found[1]) if found else 0


async def test_slots_move_under_load_and_to_a_new_node(t):
    store = await t.cluster_store()
    cluster = store.redis
    nginx = await t.edge(cluster.url, workers=2)
    await _on_each_node(nginx.port, store)
    calls = await store.mixed(30000)
    ledger = Ledger(store)
    first, second = cluster.masters[:2]
    async with Load(nginx.port, calls, ledger, rate=600) as load, _Watch(nginx.port, store) as watch:
        for slot in range(0, 60):
            await cluster.move(slot, second)
        added = await cluster.add_master()
        for slot in range(60, 160):
            await cluster.move(slot, added)
        for slot in range(6000, 6060):
            await cluster.move(slot, first)
    t.note(f"220 slots moved: {load}; {ledger}; {watch}")
    assert load.failures == [] and load.refused == 0, (load.failures[:5], str(load))
    await ledger.settle()

    async def connected():  # each worker finds it when it is asked for one of its users
        answers = await asyncio.gather(*(ask(nginx.port, call.request) for call in store.unknown(24)))
        return all(answer.status == 404 for answer in answers) and (await cluster.clients())[added.port] == 4
    await until(connected, 3, "two connections of two workers to the new node")


async def _fail_over(t, store, nginx, end, rate=800):
    """`end` ends a master under load. The seconds between the takeover and our service for all slots."""
    cluster = store.redis
    calls = await store.mixed(15000)
    ledger = Ledger(store)
    master = cluster.masters[1]
    async with Load(nginx.port, calls, ledger, rate=rate) as load, _Watch(nginx.port, store) as watch:
        await asyncio.sleep(0.3)
        await end(master)
        clock = Clock()
        await cluster.taken_over(master)
        decided = clock.seconds
        back = await _on_each_node(nginx.port, store, 3)
        await asyncio.sleep(0.3)
    t.note(f"taken over after {decided:.2f} s, served {back:.2f} s later: {load}; {ledger}; {watch}")
    assert back < scaled(1), f"{back:.2f} s after the engine's own recovery"
    assert load.failures == [], load.failures[:5]
    assert ledger.done and (ledger.uncertain or ledger.refused), "it has hit nothing"
    return master, ledger


async def _settle(t, store, ledger, allowed=3):
    """Redis replicates after it has answered: a master that dies may take the last few with it, and nothing else."""
    events = await store.events(ledger.done)
    lost = [user for user, count in zip(ledger.done, events) if count == 0]
    t.note(f"{len(lost)} of {len(ledger.done)} acknowledged resets were lost with the master")
    assert len(lost) <= allowed, lost
    ledger.done = [user for user in ledger.done if user not in lost]
    await ledger.settle()


async def test_a_master_is_killed_under_load(t):
    store = await t.cluster_store()
    nginx = await t.edge(store.redis.url, workers=2)
    await _on_each_node(nginx.port, store)
    before = _holdings(nginx)

    async def kill(master):
        await master.kill()
    master, ledger = await _fail_over(t, store, nginx, kill)
    await _settle(t, store, ledger)
    assert nginx.lines("error", f"node 127.0.0.1:{master.port} of Redis"), nginx.lines("error")
    assert not nginx.lines("error", "mfa_reset: Redis .* is down"), "the others were there all the time"
    await master.start()
    await _on_each_node(nginx.port, store)
    await _as_before(t, nginx, before)


async def test_a_master_freezes_under_load(t):
    store = await t.cluster_store()
    nginx = await t.edge(store.redis.url, workers=2)
    await _on_each_node(nginx.port, store)
    before = _holdings(nginx)

    async def freeze(master):
        master.freeze()
    master, ledger = await _fail_over(t, store, nginx, freeze)
    await _settle(t, store, ledger)
    master.thaw()
    await asyncio.sleep(0.5)
    await _on_each_node(nginx.port, store)
    await _as_before(t, nginx, before)


async def test_all_seeds_but_one_are_down(t):
    store = await t.cluster_store()
    cluster = store.redis
    dead = [f"127.0.0.1:{free_port()}" for _ in range(3)]
    url = "redis+cluster://" + ",".join(dead[:2] + [f"127.0.0.1:{cluster.replicas[0].port}"] + dead[2:])
    nginx = await t.edge(url)
    seconds = await _on_each_node(nginx.port, store)
    t.note(f"answered after {seconds:.2f} s, by one replica of six nodes")
    ledger = Ledger(store)
    for call in await store.mixed(30):
        assert ledger.enter(call, await ask(nginx.port, call.request)), "refused with 503"
    await ledger.settle()


async def test_a_master_without_a_replica_is_killed(t):
    """The whole cluster refuses (CLUSTERDOWN) until it is back: 503 by the deadline, and nothing untrue."""
    store = await t.cluster_store(replicas=0, appendonly="yes", appendfsync="always")
    cluster = store.redis
    nginx = await t.edge(cluster.url)
    await _on_each_node(nginx.port, store)
    before = _holdings(nginx)
    calls = await store.mixed(9000)
    ledger = Ledger(store)
    async with Load(nginx.port, calls, ledger, rate=800) as load, _Watch(nginx.port, store) as watch:
        await asyncio.sleep(0.3)
        await cluster.masters[2].kill()
        await until(lambda: _is_down(cluster.masters[0]), 5, "the cluster is down")
        await asyncio.sleep(1)
        await cluster.masters[2].start()
        await until(cluster.whole, 10, "the cluster is whole", every=0.01)
        back = await _on_each_node(nginx.port, store, 3)
        await asyncio.sleep(0.2)
    t.note(f"served {back:.2f} s after the cluster was whole: {load}; {ledger}; {watch}")
    assert back < scaled(1) and load.failures == [] and ledger.refused
    await ledger.settle()
    await _as_before(t, nginx, before)


async def _is_down(node):
    return b"cluster_state:fail" in await node.call("CLUSTER", "INFO")


async def test_a_worker_that_quits_answers_pending_requests(t):
    store = await t.cluster_store(masters=3, replicas=0)
    nginx = await t.edge(store.redis.url, http="mfa_reset_redis_timeout 800ms; mfa_reset_timeout 2s;")
    await _on_each_node(nginx.port, store)
    await store.redis.masters[2].call("CLUSTER", "DELSLOTSRANGE", 16000, 16383)
    await until(lambda: _is_down(store.redis.masters[2]), 5, "the cluster is down")
    call = Call(_names(16200, 1)[0], ADMIN, 200, DONE)
    waiting = asyncio.create_task(timed(nginx.port, call.request))
    await pending(nginx.port, 1)
    nginx.signal(signal.SIGQUIT)
    seconds, answer = await waiting
    check_unavailable(answer)
    assert not is_uncertain(answer), f"nothing ran: {answer}"
    t.note(f"answered after {seconds:.2f} s")
    await nginx.ended(2, "after SIGQUIT")


async def test_a_node_without_a_hostname_among_those_that_have_one(t):
    """It is announced as `?`, in the map, in MOVED and in ASK; its address is in the map's metadata."""
    dns = await t.dns()
    dns.set("node.test", "127.0.0.1", ttl=60)
    store = await t.cluster_store(**{"cluster-preferred-endpoint-type": "hostname",
                                     "cluster-announce-hostname": "node.test"})
    cluster = store.redis
    nameless = cluster.masters[1]
    await nameless.call("CONFIG", "SET", "cluster-announce-hostname", "")

    async def announced():
        maps = [await node.call("CLUSTER", "SLOTS") for node in cluster.nodes]
        hosts = [found[2][0] for each in maps for found in each if found[2][1] == nameless.port]
        return set(hosts) == {b"?"}
    await until(announced, 5, "all nodes call it ?")
    nginx = await t.edge(cluster.url_of(cluster.masters[0]), http=dns.resolver())
    await _on_each_node(nginx.port, store)
    slot = slot_of("mfa:{/alpha/someone}")
    if cluster.owner("mfa:{/alpha/someone}") is nameless:
        await cluster.move(slot, cluster.masters[0])
    names = _names(slot, 3)
    for call in await _enrol(store, names):
        assert call.answers(await ask(nginx.port, call.request)), "refused with 503"
    calls = await _enrol(store, names)
    await cluster.begin_move(slot, nameless)
    await cluster.move_keys(slot, nameless)
    assert calls[0].answers(await ask(nginx.port, calls[0].request)), "ASK: refused with 503"
    await cluster.end_move(slot, nameless)
    for call in calls[1:]:
        assert call.answers(await ask(nginx.port, call.request)), "MOVED: refused with 503"
    assert await store.events(names) == [2, 2, 2]
    assert not nginx.lines("error"), nginx.lines("error")


async def test_a_node_that_announces_no_port_is_logged_once(t):
    """Nothing can be done for its users, but the log says whose fault it is."""
    store = await t.cluster_store(masters=2, replicas=0)
    good = store.redis.owner(store.session(ADMIN)[1])
    bad = next(node for node in store.redis.masters if node is not good)
    standin = await t.standin(behind=good, tcp=True)
    port = standin.url.rpartition(":")[2].encode()

    async def portless(command):
        reply = await command.true_reply()
        for old, new in ((b"%d" % good.port, port), (b"%d" % bad.port, b"0")):
            reply = reply.replace(b":" + old + b"\r\n", b":" + new + b"\r\n")
        command.send(reply)
    standin.rule = portless
    nginx = await t.edge(standin.url.replace("redis:", "redis+cluster:"))
    await recovered(nginx.port, store, seconds=5)
    told = "announces no usable address of its node 127.0.0.1:0 .[0-9a-f]{40}.: set cluster-announce-"
    await until(lambda: nginx.lines("error", told), 5, "the node is logged")
    served = set()
    for _ in range(3):
        for call in await store.enrol(8):
            served.add((store.redis.owner(store.user_key(call.user)) is good,
                        call.answers(await ask(nginx.port, call.request))))
    assert served == {(True, True), (False, False)}, served
    assert len(nginx.lines("error")) == 1, nginx.lines("error")
