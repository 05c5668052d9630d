"""Redis keeps its connections and does not answer (SIGSTOP): 503 at the deadline, no reply for another request."""
import asyncio
import random
import time

from lib.am import Ledger, check_unavailable, is_uncertain, recovered
from lib.http1 import Connection, ask, timed
from lib.load import Load
from lib.waiting import scaled

_DEADLINE = 0.25  # mfa_reset_redis_timeout's default


async def test_frozen_redis_is_503_at_the_deadline(t):
    store = await t.store()
    nginx = await t.edge(store.redis.url)
    await recovered(nginx.port, store)
    calls = await store.enrol(50)
    store.redis.freeze()
    waiting = [asyncio.create_task(timed(nginx.port, call.request)) for call in calls]
    slowest = 0
    async with Connection(nginx.port) as client:  # the worker has time for others meanwhile
        for _ in range(20):
            start = time.monotonic()
            answer = await client.ask(b"GET /plain HTTP/1.1\r\nHost: localhost\r\n\r\n")
            slowest = max(slowest, time.monotonic() - start)
            assert answer.status == 200
            await asyncio.sleep(0.005)
    results = await asyncio.gather(*waiting)
    store.redis.thaw()
    times = [seconds for seconds, _ in results]
    t.note(f"503 after {min(times) * 1000:.0f} to {max(times) * 1000:.0f} ms; "
           f"others within {slowest * 1000:.1f} ms meanwhile")
    for _, answer in results:
        check_unavailable(answer)
        assert is_uncertain(answer), f"it was sent, so it may have happened: {answer}"
    assert _DEADLINE - 0.02 <= min(times) and max(times) <= scaled(_DEADLINE + 0.15), times
    assert slowest < scaled(0.05), f"another location took {slowest:.3f} s"
    await recovered(nginx.port, store)
    ledger = Ledger(store)
    for call, (_, answer) in zip(calls, results):
        ledger.enter(call, answer)
    await ledger.settle()


async def test_the_shorter_of_both_limits_counts(t):
    store = await t.store()
    nginx = await t.edge(store.redis.url, http="mfa_reset_timeout 100ms;")
    await recovered(nginx.port, store)
    store.redis.freeze()
    seconds, answer = await timed(nginx.port, store.unknown(1)[0].request)
    store.redis.thaw()
    check_unavailable(answer)
    assert 0.08 <= seconds <= scaled(0.2), f"503 after {seconds:.3f} s"


async def test_long_freeze_is_survived(t):
    """Longer than connecting may take: the silent connections are replaced, and Redis is down by then."""
    store = await t.store()
    nginx = await t.edge(store.redis.url, http="mfa_reset_redis_connect_timeout 300ms;")
    await recovered(nginx.port, store)
    store.redis.freeze()
    for _ in range(8):
        check_unavailable(await ask(nginx.port, store.unknown(1)[0].request))
        await asyncio.sleep(0.15)
    seconds, answer = await timed(nginx.port, store.unknown(1)[0].request)
    check_unavailable(answer)
    assert seconds < scaled(0.05), f"Redis is known to be down, and refusing took {seconds:.3f} s"
    assert len(nginx.lines("error", "[Rr]edis")) == 1, nginx.lines("error")
    store.redis.thaw()
    t.note(f"answered again after {await recovered(nginx.port, store):.2f} s")
    await asyncio.sleep(1)
    assert len(await store.redis.clients()) == 2, "the replaced connections are still there"


async def test_late_replies_reach_no_other_request(t):
    """Freezes shorter and longer than the deadline, under load whose every answer is checked."""
    store = await t.store()
    nginx = await t.edge(store.redis.url, workers=2)
    await recovered(nginx.port, store)
    calls = await store.mixed(30000)
    ledger = Ledger(store)
    async with Load(nginx.port, calls, ledger, fresh=12, kept=20) as load:
        for frozen in (0.05, 0.2, 0.3, 0.26, 0.5, 0.25, 1.4, 0.3):
            store.redis.freeze()
            await asyncio.sleep(frozen)
            store.redis.thaw()
            await asyncio.sleep(0.15 + random.random() / 10)
    t.note(f"{load}; {ledger}")
    assert load.failures == [], load.failures[:5]
    assert ledger.done and ledger.uncertain, "the freezes hit nothing"
    await recovered(nginx.port, store)
    await ledger.settle()
