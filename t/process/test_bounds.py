"""mfa_reset_redis_max_pending: over the limit 503 at once, below it no difference."""
import asyncio

from lib.am import Ledger, check_unavailable, is_uncertain, pending, recovered, redis_state
from lib.http1 import Connection, ask, timed
from lib.waiting import scaled, until

_PATIENT = "mfa_reset_redis_timeout 50s; mfa_reset_timeout 50s;"


async def test_at_most_max_pending_commands_wait(t):
    store = await t.store()
    nginx = await t.edge(store.redis.url, http=f"mfa_reset_redis_max_pending 8; {_PATIENT}")
    await recovered(nginx.port, store)
    calls = await store.enrol(30)
    store.redis.freeze()
    waiting = [asyncio.create_task(timed(nginx.port, call.request)) for call in calls]
    await until(lambda: sum(task.done() for task in waiting) == 22, 3, "22 of 30 are refused")
    state = await redis_state(nginx.port)
    store.redis.thaw()
    results = await asyncio.gather(*waiting)
    refused = [(seconds, answer) for seconds, answer in results if answer.status == 503]
    assert len(refused) == 22, f"8 may wait, and {30 - len(refused)} of 30 did"
    for seconds, answer in refused:
        check_unavailable(answer)
        assert not is_uncertain(answer), f"nothing was sent: {answer}"
        assert seconds < scaled(0.1), f"refused after {seconds:.3f} s"
    assert state.split()[-1] == "8", f"$mfa_reset_redis_pending: {state}"
    ledger = Ledger(store)
    for call, (_, answer) in zip(calls, results):
        ledger.enter(call, answer)
    assert len(ledger.done) == 8
    await ledger.settle()
    await recovered(nginx.port, store)


async def test_clients_that_left_still_count(t):
    """Their replies are still to come: room is there again when these have come."""
    store = await t.store()
    nginx = await t.edge(store.redis.url, http=f"mfa_reset_redis_max_pending 8; {_PATIENT}")
    await recovered(nginx.port, store)
    store.redis.freeze()
    for number, call in enumerate(store.unknown(40), 1):
        async with Connection(nginx.port) as client:
            await client.send(call.request)
            await pending(nginx.port, min(number, 8))
    seconds, answer = await timed(nginx.port, store.unknown(1)[0].request)
    check_unavailable(answer)
    assert not is_uncertain(answer), f"nothing was sent: {answer}"
    assert seconds < scaled(0.1), f"refused after {seconds:.3f} s"
    store.redis.thaw()
    await recovered(nginx.port, store)
    await pending(nginx.port, 0)


async def test_more_bytes_than_the_socket_takes(t):
    """Commands that did not go out before the deadline never do; those that did may have happened. A TCP socket takes
    megabytes."""
    store = await t.store()
    nginx = await t.edge(store.redis.socket_url, workers=1, http="large_client_header_buffers 4 16k;")
    await recovered(nginx.port, store)
    for frozen in (0.1, 1.4):
        ledger = Ledger(store)
        calls = await store.enrol(300, prefix="x" * 6000)
        store.redis.freeze()
        answers = await asyncio.gather(*(ask(nginx.port, call.request) for call in calls))
        await asyncio.sleep(frozen)
        store.redis.thaw()
        for call, answer in zip(calls, answers):
            ledger.enter(call, answer)
        await recovered(nginx.port, store)
        await pending(nginx.port, 0)
        t.note(f"frozen for {frozen} s after the last answer: {ledger}")
        assert ledger.uncertain and ledger.refused
        await ledger.settle()


async def test_killed_with_more_bytes_than_the_socket_takes(t):
    """What Redis had not got whole certainly did not happen."""
    store = await t.store(appendonly="yes", appendfsync="always")
    nginx = await t.edge(store.redis.socket_url, http=f"large_client_header_buffers 4 16k; {_PATIENT}")
    await recovered(nginx.port, store)
    ledger = Ledger(store)
    calls = await store.enrol(300, prefix="x" * 6000)
    store.redis.freeze()
    answers = asyncio.gather(*(ask(nginx.port, call.request) for call in calls))
    await pending(nginx.port, len(calls))
    await store.redis.kill()
    for call, answer in zip(calls, await answers):
        ledger.enter(call, answer)
    await store.redis.start()
    await recovered(nginx.port, store)
    t.note(str(ledger))
    assert ledger.uncertain and ledger.refused and not ledger.done
    await ledger.settle()


async def test_a_limit_below_the_load_refuses_correctly(t):
    """More requests at once than may wait, with a working Redis: some are refused, the others are right."""
    store = await t.store()
    nginx = await t.edge(store.redis.url, http="mfa_reset_redis_max_pending 4;")
    await recovered(nginx.port, store)
    ledger = Ledger(store)
    for _ in range(10):
        calls = await store.mixed(60)
        clients = [await Connection(nginx.port).__aenter__() for _ in calls]
        await asyncio.gather(*(client.send(call.request) for call, client in zip(calls, clients)))
        for call, client in zip(calls, clients):
            ledger.enter(call, await client.answer())
            client.close()
    t.note(str(ledger))
    assert ledger.done and not ledger.uncertain
    await ledger.settle()
