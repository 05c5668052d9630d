"""Redis is down: 503 at once, one line in the log, and normal work as soon as it is back."""
import asyncio
import time

from lib.am import Ledger, check_unavailable, down, is_uncertain, recovered
from lib.http1 import Connection, ask
from lib.load import Load
from lib.waiting import Clock, scaled


async def test_stopped_redis_is_503_at_once_and_logged_once(t):
    store = await t.store()
    nginx = await t.edge(store.redis.url)
    call, = await store.enrol(1)
    assert call.answers(await ask(nginx.port, call.request)), "the first request was refused with 503"
    before = len(nginx.lines("error"))
    await store.redis.stop()
    await down(nginx.port)
    slowest = 0
    async with Connection(nginx.port) as client:
        for call in store.unknown(300):
            start = time.monotonic()
            answer = await client.ask(call.request)
            slowest = max(slowest, time.monotonic() - start)
            check_unavailable(answer)
            assert not is_uncertain(answer), f"nothing was sent: {answer}"
    await asyncio.sleep(1.2)  # some attempts to connect fail meanwhile
    t.note(f"the slowest of 300 refusals took {slowest * 1000:.1f} ms")
    assert slowest < scaled(0.05), f"{slowest:.3f} s for a refusal"
    said = nginx.lines("error")[before:]
    assert len(said) == 1, f"wanted one line that says that Redis is down, got {said}"

    await store.redis.start()
    await store.seed()
    seconds = await recovered(nginx.port, store)
    t.note(f"answered again after {seconds:.2f} s")
    assert len(nginx.lines("error")) == before + 2, nginx.lines("error")
    up = nginx.lines("error", "is up again")
    assert len(up) == 1, f"wanted one line that says that Redis is back, got {up}"
    assert not nginx.lines("warn", "mfa_reset.*[Rr]edis"), "idle connections that Redis closes are no loss"
    lost = nginx.lines("info", "a connection to Redis .* was lost")
    assert len(lost) == 2, f"wanted a line for each of the two connections, got {lost}"


async def test_each_outage_is_logged_once(t):
    store = await t.store()
    nginx = await t.edge(store.redis.url)
    await recovered(nginx.port, store)
    for number in range(1, 4):
        await store.redis.stop()
        await down(nginx.port)
        check_unavailable(await ask(nginx.port, store.unknown(1)[0].request))
        await store.redis.start()
        await store.seed()
        await recovered(nginx.port, store)
        for change in ("is down", "is up again"):
            assert len(nginx.lines("error", change)) == number, nginx.lines("error")


async def test_redis_missing_at_the_start_is_found_later(t):
    store = await t.store()
    await store.redis.stop()
    nginx = await t.edge(store.redis.url)
    await down(nginx.port)
    check_unavailable(await ask(nginx.port, store.unknown(1)[0].request))
    await store.redis.start()
    await store.seed()
    await recovered(nginx.port, store)


async def test_refused_tcp_port_is_503_at_once(t):
    store = await t.store()
    nginx = await t.edge(f"redis://127.0.0.1:{store.redis.port}")
    await recovered(nginx.port, store)
    await store.redis.stop()
    await down(nginx.port)
    clock = Clock()
    check_unavailable(await ask(nginx.port, store.unknown(1)[0].request))
    assert clock.seconds < scaled(0.05), f"{clock.seconds:.3f} s for a refusal"
    await store.redis.start()
    await store.seed()
    await recovered(nginx.port, store)


async def test_connections_closed_while_idle_are_no_outage(t):
    """Redis closes idle clients (its `timeout`): no request fails, and nothing is logged."""
    store = await t.store(timeout=1)
    nginx = await t.edge(store.redis.url)
    await recovered(nginx.port, store)
    for _ in range(3):
        before = {client["id"] for client in await store.redis.clients()}
        await store.redis.hang_up()  # ours would be closed too
        await asyncio.sleep(2.2)
        call, = await store.enrol(1)
        assert call.answers(await ask(nginx.port, call.request)), "refused with 503"
        assert not before & {client["id"] for client in await store.redis.clients()}, "nothing was closed"
    assert nginx.lines("error") == []


async def test_two_redis_do_not_affect_each_other(t):
    """One goes away, and the locations of the other do not notice."""
    one, two = await t.store(), await t.store()
    nginx = await t.edge(one.redis.url, server=f"""
        location /two/json/ {{ mfa_reset am; mfa_reset_redis {two.redis.url}; }}""")

    async def answered_by_two():
        call, = await two.enrol(1)
        call.context = "two"
        assert call.answers(await ask(nginx.port, call.request)), "refused with 503"
        assert await two.events([call.user]) == [1]

    await recovered(nginx.port, one)
    await answered_by_two()
    await one.redis.stop()
    await down(nginx.port)
    for _ in range(20):
        check_unavailable(await ask(nginx.port, one.unknown(1)[0].request))
        await answered_by_two()
    assert len(nginx.lines("error")) == 1, nginx.lines("error")


async def test_restarts_under_load_give_no_wrong_answer(t):
    """Redis is stopped and started while it is asked: every success is recorded, no refusal is."""
    store = await t.store(appendonly="yes", appendfsync="always")
    nginx = await t.edge(store.redis.url)
    await recovered(nginx.port, store)
    calls = await store.mixed(30000)
    ledger = Ledger(store)
    async with Load(nginx.port, calls, ledger) as load:
        for _ in range(3):
            await asyncio.sleep(0.3)
            await store.redis.stop()
            await asyncio.sleep(0.2)
            await store.redis.start()
            await asyncio.sleep(0.8)
    t.note(f"{load}; {ledger}")
    assert load.failures == [], load.failures[:5]
    assert ledger.done and ledger.refused
    await ledger.settle()
