"""The master that sentinels name is found and followed, and one sentinel alone is not believed."""
import asyncio
import time

from lib import processes, resp
from lib.am import Ledger, check_unavailable, pending, recovered
from lib.http1 import ask, timed
from lib.load import Load
from lib.ports import free_port
from lib.sentinel import NAME, PASSWORD, USER, credentials, watched
from lib.waiting import scaled, until


class Followed(Ledger):
    """Knows when answers came, and allows for what a failover loses: Redis replicates after it has answered."""

    def __init__(self, store):
        super().__init__(store)
        self.good, self.bad, self.done_at = [], [], {}

    def enter(self, call, answer):
        now = asyncio.get_running_loop().time()
        good = super().enter(call, answer)
        (self.good if good else self.bad).append(now)
        if good:
            self.done_at[call.user] = now
        return good

    def since(self, moment):
        """Seconds from `moment` to the first answer, and to the last refusal."""
        first = min(at for at in self.good if at >= moment) - moment
        return first, max([at for at in self.bad if at >= moment], default=moment) - moment

    async def settle(self):
        """When those resets were answered that are not in the new master."""
        events = dict(zip(self.done, await self._store.events(self.done)))
        lost = [user for user in self.done if events[user] == 0]
        self.uncertain += lost
        self.done = [user for user in self.done if events[user] != 0]
        await super().settle()
        return [self.done_at[user] for user in lost]


async def _kill(sentinels, old):
    await old.kill()
    yield
    await old.start()
    await sentinels.rejoin(old)


async def _freeze(sentinels, old):
    old.freeze()
    yield
    old.thaw()
    await sentinels.rejoin(old)


async def _step_down(sentinels, _old):
    await sentinels.sentinels[0].call("SENTINEL", "FAILOVER", NAME)
    yield


async def _fail_over(t, nginx, sentinels, name, fail):
    """One failover under load, and its figures."""
    await sentinels.settled()
    calls = await sentinels.store.mixed(6000)
    await sentinels.replicated()
    ledger = Followed(sentinels.store)
    failing = fail(sentinels, sentinels.master)
    async with Load(nginx.port, calls, ledger, rate=800) as load:
        await asyncio.sleep(0.3)
        began = asyncio.get_running_loop().time()
        await anext(failing)
        decided = await sentinels.decided()
        await asyncio.sleep(1.5)
    await anext(failing, None)
    lost = [moment - decided for moment in await ledger.settle()]
    first, last = ledger.since(decided)
    t.note(f"{name}: decided after {decided - began:.2f} s; from then {first * 1000:.0f} ms to the first answer, "
           f"{last * 1000:.0f} ms to the last refusal; the slowest answer took {load.slowest * 1000:.0f} ms")
    t.note(f"  {load}; {ledger}; Redis lost {len(lost)} resets"
           + (f", the last answered {max(lost) * 1000:.0f} ms after the decision" if lost else ""))
    assert load.failures == [], load.failures[:5]
    assert ledger.done and ledger.others
    assert max(first, last, *lost) < scaled(1), f"{name}: {first:.2f} s, {last:.2f} s, {lost[-3:]}"
    assert load.slowest < scaled(0.25 + 0.15), f"{name}: an answer took {load.slowest:.3f} s"


async def test_failover_under_load(t):
    sentinels = await watched(t)
    nginx = await t.edge(sentinels.url(), http=credentials(t))
    await recovered(nginx.port, sentinels.store)
    worker, = nginx.workers()
    async with Load(nginx.port, await sentinels.store.mixed(3000), Ledger(sentinels.store), rate=800):
        await asyncio.sleep(1)  # its buffers grow to their size

    async def held():
        await asyncio.sleep(0.2)
        return len(processes.open_files(worker)), processes.resident_kib(worker)

    files, size = await held()
    for name, fail in (("killed", _kill), ("frozen", _freeze), ("asked to step down", _step_down)):
        await _fail_over(t, nginx, sentinels, name, fail)
    await until(lambda: len(processes.open_files(worker)) <= files, 3, f"no more than {files} descriptors, as before")
    files_after, size_after = await held()
    t.note(f"worker: {files} descriptors and {size} KiB before, {files_after} and {size_after} KiB after")
    assert size_after < size + 1024
    assert nginx.workers() == [worker]
    masters = nginx.lines("notice", "the master of Redis .*/mfa-main is 127.0.0.1:")
    assert len(masters) == 4, masters


async def test_sentinels_have_credentials_of_their_own(t):
    """The minimal rights are enough; with a wrong password, or without one, no sentinel answers, and no log has the password."""
    sentinels = await watched(t, replicas=0, sentinels=1)
    await sentinels.master.call("ACL", "SETUSER", "edge", "on", ">redis's", "-@all", "+client|setname", "+evalsha",
                                "+eval", "+hmget", "~mfa:*", "(+hset +hdel +xadd ~mfa:{*)", "+role", "+info")
    url = sentinels.url().replace("//", "//edge:redis's@")
    nginx = await t.edge(f'"{url}"', http=credentials(t), level="debug")
    await recovered(nginx.port, sentinels.store)
    assert {client["user"] for client in await sentinels.master.clients()} == {"edge"}
    clients = (await sentinels.sentinels[0].call("CLIENT", "LIST")).decode()
    assert "name=mfa-reset" in clients and f"user={USER}" in clients, clients
    assert PASSWORD not in nginx.log()

    refused = await t.edge(sentinels.url())
    port = sentinels.sentinels[0].port
    await until(lambda: refused.lines("error", f"is down: no sentinel answers: 127.0.0.1:{port}: .*NOAUTH"), 2, "said so")
    check_unavailable(await ask(refused.port, sentinels.store.unknown(1)[0].request))
    assert len(refused.lines("error", f"node 127.0.0.1:{port} of Redis .* is down: .*NOAUTH")) == 1
    assert len(refused.lines("error")) == 2, refused.lines("error")


async def test_database_and_name_of_the_master(t):
    sentinels = await watched(t, replicas=0, sentinels=1)
    await sentinels.master.call("SELECT", 3)
    await sentinels.store.seed()
    nginx = await t.edge(sentinels.url("/3"), http=credentials(t))
    await recovered(nginx.port, sentinels.store)
    wrong = await t.edge(sentinels.url().replace(NAME, "nobodys"), http=credentials(t))
    await until(lambda: wrong.lines("error", "/nobodys is down: no sentinel knows the master"), 2, "said so")
    seconds, answer = await timed(wrong.port, sentinels.store.unknown(1)[0].request)
    check_unavailable(answer)
    assert seconds < scaled(0.05), f"refused after {seconds:.3f} s"


async def test_sentinels_may_go_away(t):
    """Nor is the master left for that; without it there is 503, and service as soon as one sentinel is back."""
    sentinels = await watched(t, replicas=0)
    nginx = await t.edge(sentinels.url(), http=credentials(t))
    await recovered(nginx.port, sentinels.store)
    sentinels.sentinels[0].freeze()
    for sentinel in sentinels.sentinels[1:]:
        await sentinel.stop()
    made = {client["id"] for client in await sentinels.master.clients()}
    end = time.monotonic() + 2
    while time.monotonic() < end:
        call, = await sentinels.store.enrol(1)
        assert call.answers(await ask(nginx.port, call.request)), "refused with 503"
        await asyncio.sleep(0.02)
    assert {client["id"] for client in await sentinels.master.clients()} == made
    assert nginx.lines("error", "mfa_reset: Redis ") == []
    for sentinel in sentinels.sentinels[1:]:
        assert len(nginx.lines("error", f"node 127.0.0.1:{sentinel.port} of Redis .* is down: ")) == 1

    late = await t.edge(sentinels.url(), http=credentials(t))
    await until(lambda: late.lines("error", "is down: no sentinel answers"), 3, "said so")
    check_unavailable(await ask(late.port, sentinels.store.unknown(1)[0].request))
    await sentinels.sentinels[2].start()
    await recovered(late.port, sentinels.store, 2)
    await until(lambda: len(late.lines("error", "mfa_reset: Redis .* is up again")) == 1, 1, "it says so")


# -- sentinels that are made up ------------------------------------------------------------------

def _named(port, host="127.0.0.1"):
    return resp.encode(host, port)


async def _sentinel(t, answer):
    """A stand-in that answers everything by what `answer()` gives; None: it is silent."""
    standin = await t.standin(tcp=True)

    async def rule(command):
        reply = answer() if command.name == "SENTINEL" else b"+OK\r\n"
        if reply is not None:
            command.send(reply)

    standin.rule = rule
    return standin


def _url(*standins):
    return f"redis+sentinel://{','.join(standin.url.removeprefix('redis://') for standin in standins)}/{NAME}"


async def _two_redis(t):
    """A master with the tests' records, and its replica."""
    store = await t.store(**{"repl-diskless-sync-delay": 0})
    replica = await t.redis(**{"repl-diskless-sync-delay": 0})
    await replica.call("REPLICAOF", "127.0.0.1", store.redis.port)

    async def linked():
        role = await replica.call("ROLE")
        return role[0] == b"slave" and role[3] == b"connected"

    await until(linked, 10, "the replica is in step")
    return store, replica


async def test_one_lying_sentinel_among_three(t):
    """It names a replica, another master, nothing, nonsense: at the start it costs an attempt, later nothing."""
    store, replica = await _two_redis(t)
    other = await t.redis()
    lie = _named(replica.port)
    liar = await _sentinel(t, lambda: lie)
    honest = [await _sentinel(t, lambda: _named(store.redis.port)) for _ in range(2)]
    nginx = await t.edge(_url(liar, *honest))
    await recovered(nginx.port, store)
    made = {client["id"] for client in await store.redis.clients()}
    for lie in (_named(replica.port), _named(other.port), _named(free_port()), b"*-1\r\n", None, _named(65536),
                b"$100000\r\n" + b"x" * 100000 + b"\r\n", b"-ERR go away\r\n", b"hello\r\n"):
        end = time.monotonic() + 0.3
        while time.monotonic() < end:
            call, = store.unknown(1)
            assert call.answers(await ask(nginx.port, call.request)), f"{lie}: refused with 503"
    assert {client["id"] for client in await store.redis.clients()} == made, "the master was left"
    assert await other.clients() == []
    assert nginx.lines("error", "mfa_reset: Redis ") == []


async def test_two_lying_sentinels_cost_an_attempt_now_and_then(t):
    """They name a replica, and the master works; they are more, so their word is tried, but not trusted."""
    store, replica = await _two_redis(t)
    liars = [await _sentinel(t, lambda: _named(replica.port)) for _ in range(2)]
    nginx = await t.edge(_url(*liars, await _sentinel(t, lambda: _named(store.redis.port))))
    await recovered(nginx.port, store, 3)
    good = bad = 0
    end = time.monotonic() + 3
    while time.monotonic() < end:
        call, = store.unknown(1)
        answered = call.answers(await ask(nginx.port, call.request))
        good, bad = good + answered, bad + (not answered)
        await asyncio.sleep(0.01)
    t.note(f"{good} answered, {bad} refused")
    assert bad < good / 10, f"{bad} of {good + bad} were refused"


async def test_after_readonly_the_sentinels_are_asked_again(t):
    """The master has become a replica, and its connections stand: the request that finds out is answered all the same,
    by the new one."""
    store, replica = await _two_redis(t)
    master = store.redis
    seen = [await _sentinel(t, lambda: _named(store.redis.port)) for _ in range(3)]
    nginx = await t.edge(_url(*seen))
    await recovered(nginx.port, store)
    await asyncio.sleep(scaled(1.2))
    for turn in range(2):
        calls = await store.enrol(20)
        await master.call("WAIT", 1, 1000)
        await replica.call("REPLICAOF", "NO", "ONE")
        await master.call("REPLICAOF", "127.0.0.1", replica.port)
        store.redis = replica
        answers = await asyncio.gather(*(timed(nginx.port, call.request) for call in calls))
        for call, (_, answer) in zip(calls, answers):
            assert call.answers(answer), f"turn {turn}: {answer}"
        assert await store.events([call.user for call in calls]) == [1] * 20
        t.note(f"answered by the new master after {max(seconds for seconds, _ in answers) * 1000:.0f} ms")
        master, replica = replica, master

        async def linked(server=replica):
            return (await server.call("ROLE"))[3] == b"connected"

        await until(linked, 10, "the old master is in step")
        await asyncio.sleep(scaled(1.2))


async def test_a_permanent_readonly_is_503_without_reconnect_storm(t):
    """A server that says that it is a master, and behaves as a replica."""
    store = await t.store()
    standin = await t.standin(behind=store.redis, tcp=True)
    readonly = True

    async def rule(command):
        if command.is_script and readonly:
            command.send(b"-READONLY You can't write against a read only replica.\r\n")
        else:
            await command.pass_on()

    standin.rule = rule
    port = int(standin.url.rpartition(":")[2])
    nginx = await t.edge(_url(await _sentinel(t, lambda: _named(port))))
    await until(lambda: len(standin.links) == 2, 3, "two connections")
    await asyncio.sleep(scaled(1.2))
    made, end, asked = standin.accepted, time.monotonic() + 2, 0
    while time.monotonic() < end:
        seconds, answer = await timed(nginx.port, store.unknown(1)[0].request)
        check_unavailable(answer)
        assert seconds < scaled(0.4), f"503 after {seconds:.3f} s"
        asked += 1
    t.note(f"{asked} requests, {standin.accepted - made} connections made for them")
    assert standin.accepted - made <= scaled(12)
    readonly = False
    await recovered(nginx.port, store)


async def test_many_silent_sentinels_take_as_long_as_one(t):
    """Five are silent, each at another point; the sixth knows. A lookup of one after the other would take seconds."""
    store = await t.store()
    silent = [await _sentinel(t, lambda: None) for _ in range(3)]
    frozen = await t.redis()
    frozen.freeze()
    nowhere = [await t.standin(tcp=True) for _ in range(2)]

    async def mute(_command):
        pass

    nowhere[0].rule = mute
    await nowhere[1].stop()
    knows = await _sentinel(t, lambda: _named(store.redis.port))
    url = _url(*silent, nowhere[0], knows).replace("/" + NAME, f",127.0.0.1:{frozen.port}/{NAME}")
    nginx = await t.edge(url)
    seconds = await recovered(nginx.port, store, 1)
    t.note(f"answered {seconds * 1000:.0f} ms after nginx listened")
    assert seconds < scaled(0.4), f"took {seconds:.3f} s"
    for _ in range(50):
        call, = await store.enrol(1)
        seconds, answer = await timed(nginx.port, call.request)
        assert call.answers(answer) and seconds < scaled(0.1), f"{answer} after {seconds:.3f} s"
    frozen.thaw()


async def test_a_silent_sentinel_does_not_delay_a_worker_that_quits(t):
    store = await t.store()
    silent = await _sentinel(t, lambda: None)
    nginx = await t.edge(_url(silent, await _sentinel(t, lambda: _named(store.redis.port))))
    await recovered(nginx.port, store)
    await nginx.stop(1)


async def test_a_worker_that_quits_answers_requests_that_wait_for_the_master(t):
    """Nothing is known of a master: the request that waits gets its 503 at its deadline, and the worker ends then."""
    store = await t.store()
    nginx = await t.edge(_url(await _sentinel(t, lambda: None)), http="mfa_reset_redis_timeout 1s;")
    asking = asyncio.create_task(timed(nginx.port, store.unknown(1)[0].request))
    await pending(nginx.port, 1)
    await nginx.stop(3)
    _, answer = await asking
    check_unavailable(answer)
