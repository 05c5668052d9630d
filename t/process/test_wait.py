"""mfa_reset_redis_wait: 200 only after the replicas have the reset, else a 503 that says so."""
import asyncio
import time

from lib.am import Ledger, check_unavailable, is_uncertain, recovered
from lib.http1 import ask, timed
from lib.waiting import scaled, until

_TIMEOUT = 0.1  # mfa_reset_redis_wait's default


async def _replicas(t, store, count):
    """That many replicas, each with all that the store has so far."""
    await store.redis.call("CONFIG", "SET", "repl-diskless-sync-delay", "0")
    replicas = [await t.redis(replicaof=f"127.0.0.1 {store.redis.port}") for _ in range(count)]

    async def synchronised():
        return (await store.redis.pipeline([("SET", "probe", 1), ("WAIT", count, 100)]))[1] == count
    await until(synchronised, 10, "the replicas have what the master has")
    return replicas


async def _edge(t, store, wait, **parts):
    nginx = await t.edge(store.redis.url, http=f"mfa_reset_redis_wait {wait};", **parts)
    await recovered(nginx.port, store)
    await until(lambda: _clients(store, 3), 5, "all connections are there")
    return nginx


async def _clients(store, count):
    return len(await store.redis.clients()) >= count


async def _waits(store):
    """How often WAIT was said to the master."""
    text = (await store.redis.call("INFO", "commandstats")).decode()
    lines = [line for line in text.splitlines() if line.startswith("cmdstat_wait:")]
    return int(lines[0].partition("calls=")[2].partition(",")[0]) if lines else 0


async def _has_devices(redis, store, user):
    return await redis.call("HEXISTS", store.user_key(user), "oathDeviceProfiles") == 1


async def test_success_means_that_replicas_have_it(t):
    store = await t.store()
    replicas = await _replicas(t, store, 2)
    nginx = await _edge(t, store, "2 timeout=2s", am="mfa_reset_timeout 5s;")
    calls = await store.enrol(400)
    before = await _waits(store)

    async def reset(call):
        answer = await ask(nginx.port, call.request)
        assert call.answers(answer), answer
        for replica in replicas:
            assert not await _has_devices(replica, store, call.user), f"{call.user}: answered, and a replica has it not"

    for start in range(0, len(calls), 40):
        await asyncio.gather(*(reset(call) for call in calls[start:start + 40]))
    waits = await _waits(store) - before
    t.note(f"{len(calls)} resets, vouched for by {waits} WAITs")
    assert waits < len(calls) / 2, "those that come together share one"


async def test_refused_requests_do_not_wait(t):
    store = await t.store()
    replica, = await _replicas(t, store, 1)
    nginx = await _edge(t, store, "1 timeout=2s", server="")
    replica.freeze()
    for call in [*store.unknown(5), *await store.strangers(5)]:
        seconds, answer = await timed(nginx.port, call.request)
        assert call.answers(answer), answer
        assert seconds < scaled(0.05), f"{answer.status} took {seconds:.3f} s"
    replica.thaw()


async def test_a_frozen_replica_is_503_and_slows_no_other_request(t):
    store = await t.store()
    replica, = await _replicas(t, store, 1)
    other = "location /other/json/ { mfa_reset am; mfa_reset_redis_wait off; }"
    nginx = await _edge(t, store, 1, server=other)
    plain = await store.enrol(50)
    for call in plain:
        call.context = "other"
    await asyncio.gather(*(ask(nginx.port, call.request) for call in await store.enrol(10)))
    ledger = Ledger(store)
    replica.freeze()
    calls = await store.enrol(30)
    waiting = [asyncio.create_task(timed(nginx.port, call.request)) for call in calls]
    slowest = 0
    for call in plain:
        seconds, answer = await timed(nginx.port, call.request)
        assert ledger.enter(call, answer), answer
        slowest = max(slowest, seconds)
    results = await asyncio.gather(*waiting)
    times = [seconds for seconds, _ in results]
    t.note(f"503 after {min(times) * 1000:.0f} to {max(times) * 1000:.0f} ms; "
           f"resets that do not wait within {slowest * 1000:.1f} ms")
    for call, (_, answer) in zip(calls, results):
        assert not ledger.enter(call, answer)
        check_unavailable(answer)
        assert is_uncertain(answer), answer
    assert slowest < scaled(0.05), f"a reset that does not wait took {slowest:.3f} s"
    # Who comes while a pair is under way waits for two; Redis ends each WAIT up to 100 ms late (its `hz`).
    assert min(times) >= _TIMEOUT - 0.01 and max(times) <= scaled(2 * (_TIMEOUT + 0.1) + 0.1), times
    replica.thaw()

    async def again():
        call, = await store.enrol(1)
        return ledger.enter(call, await ask(nginx.port, call.request))
    await until(again, 3, "resets are vouched for again")
    await ledger.settle()
    assert len(ledger.uncertain) >= len(calls)


async def test_too_few_replicas(t):
    store = await t.store()
    await _replicas(t, store, 1)
    nginx = await _edge(t, store, "2 timeout=50ms")
    ledger = Ledger(store)
    for call in await store.enrol(3):
        seconds, answer = await timed(nginx.port, call.request)
        assert not ledger.enter(call, answer) and is_uncertain(answer), answer
        assert 0.04 <= seconds <= scaled(0.2), f"503 after {seconds:.3f} s"
    assert any("too few replicas have it in time" in line for line in nginx.said().splitlines())
    await ledger.settle()


async def test_the_shorter_of_both_limits_counts(t):
    store = await t.store()
    nginx = await _edge(t, store, "1 timeout=5s", am="mfa_reset_timeout 150ms;")
    call, = await store.enrol(1)
    seconds, answer = await timed(nginx.port, call.request)
    assert is_uncertain(answer), answer
    assert 0.12 <= seconds <= scaled(0.3), f"503 after {seconds:.3f} s"


async def test_master_killed_while_replicas_are_waited_for(t):
    store = await t.store()
    replica, = await _replicas(t, store, 1)
    nginx = await _edge(t, store, "1 timeout=5s", am="mfa_reset_timeout 5s;")
    replica.freeze()
    calls = await store.enrol(20)
    waiting = [asyncio.create_task(timed(nginx.port, call.request)) for call in calls]

    async def under_way():
        return all(count == 1 for count in await store.events([call.user for call in calls]))
    await until(under_way, 3, "all are reset, and no request is answered")
    start = time.monotonic()
    await store.redis.kill()
    for _, answer in await asyncio.gather(*waiting):
        assert is_uncertain(answer), answer
    seconds = time.monotonic() - start
    assert seconds < scaled(0.5), f"503 came {seconds:.3f} s after the master was gone"
    replica.thaw()
