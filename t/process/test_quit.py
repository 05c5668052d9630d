"""SIGQUIT: pending requests are answered first; idle connections do not keep a worker."""
import asyncio
import signal

from lib.am import check_unavailable, down, pending
from lib.http1 import Connection, ask
from lib.waiting import Clock, until

_PATIENT = "mfa_reset_redis_timeout 8s; mfa_reset_timeout 9s; mfa_reset_redis_connect_timeout 20s;"
_AT_ONCE = 1.0  # seconds; well below every timeout above


async def _warm(store, nginx):
    call, = await store.enrol(1)
    assert call.answers(await ask(nginx.port, call.request)), "the first request was refused with 503"


async def _quits_at_once(nginx, why):
    clock = Clock()
    nginx.signal(signal.SIGQUIT)
    await nginx.ended(_AT_ONCE, f"at once, {why}")
    return clock.seconds


async def test_reply_pending_with_frozen_redis_still_arrives(t):
    store = await t.store()
    nginx = await t.edge(store.redis.url, http=_PATIENT)
    await _warm(store, nginx)
    call, = await store.enrol(1)
    async with Connection(nginx.port) as client:
        store.redis.freeze()
        await client.send(call.request)
        await pending(nginx.port, 1)
        nginx.signal(signal.SIGQUIT)
        await asyncio.sleep(0.5)
        assert nginx.running(), "it did not wait for the reply"
        store.redis.thaw()
        assert call.answers(await client.answer()), "refused with 503"
    await nginx.ended(_AT_ONCE, "after the last answer")
    assert await store.events([call.user]) == [1]


async def test_replies_held_by_the_server_still_arrive(t):
    store = await t.store()
    standin = await t.standin(behind=store.redis)
    nginx = await t.edge(standin.url, http=_PATIENT, workers=2)
    held = []

    async def hold(command):
        reply = await command.true_reply()
        if command.is_script:
            held.append((command, reply))
        else:
            command.send(reply)

    await _warm(store, nginx)
    calls = await store.mixed(30)
    standin.rule = hold
    answers = [asyncio.create_task(ask(nginx.port, call.request)) for call in calls]
    await until(lambda: len(held) == len(calls), 3, "Redis is asked for all")
    nginx.signal(signal.SIGQUIT)
    await asyncio.sleep(0.3)
    for command, reply in held:
        command.send(reply)
    for call, answer in zip(calls, await asyncio.gather(*answers)):
        assert call.answers(answer), "refused with 503"
    await nginx.ended(_AT_ONCE, "after the last answer")


async def test_connection_lost_while_quitting_is_answered(t):
    store = await t.store()
    nginx = await t.edge(store.redis.url, http=_PATIENT)
    await _warm(store, nginx)
    call, = await store.enrol(1)
    async with Connection(nginx.port) as client:
        store.redis.freeze()
        await client.send(call.request)
        await pending(nginx.port, 1)
        nginx.signal(signal.SIGQUIT)
        await asyncio.sleep(0.2)
        await store.redis.kill()
        check_unavailable(await client.answer(seconds=2))
    await nginx.ended(_AT_ONCE, "after the last answer")


async def test_no_reply_while_quitting_ends_at_the_deadline(t):
    store = await t.store()
    nginx = await t.edge(store.redis.url)
    await _warm(store, nginx)
    call, = await store.enrol(1)
    async with Connection(nginx.port) as client:
        store.redis.freeze()
        await client.send(call.request)
        await pending(nginx.port, 1)
        nginx.signal(signal.SIGQUIT)
        check_unavailable(await client.answer(seconds=1))
    await nginx.ended(_AT_ONCE, "after the last answer, although Redis is still silent")


async def test_idle_worker_with_idle_connections_ends_at_once(t):
    store = await t.store()
    nginx = await t.edge(store.redis.url, http=_PATIENT, workers=2)
    await until(store.redis.clients, 3, "connections to Redis")
    t.note(f"ended in {await _quits_at_once(nginx, 'never asked'):.3f} s")


async def test_worker_ends_at_once_after_its_last_response(t):
    """No timer of a request that is over holds it, however long Redis's timeouts are."""
    store = await t.store()
    nginx = await t.edge(store.redis.url, http=_PATIENT)
    await _warm(store, nginx)
    t.note(f"ended in {await _quits_at_once(nginx, 'after an answer'):.3f} s")


async def test_worker_in_backoff_ends_at_once(t):
    store = await t.store()
    nginx = await t.edge(store.redis.url, http=_PATIENT)
    await _warm(store, nginx)
    await store.redis.stop()
    await down(nginx.port)
    await asyncio.sleep(1)  # the backoff is at its longest
    await _quits_at_once(nginx, "while Redis is down")


async def test_worker_waiting_for_a_greeting_ends_at_once(t):
    standin = await t.standin()

    async def silent(_command):
        pass

    standin.rule = silent
    nginx = await t.edge(standin.url, http=_PATIENT)
    await until(lambda: standin.links, 3, "a connection to Redis")
    await _quits_at_once(nginx, "while the greeting is not answered")


async def test_fast_shutdown_with_replies_pending(t):
    """SIGTERM: the worker waits for no request, and uses nothing that is freed."""
    store = await t.store()
    nginx = await t.edge(store.redis.url, http=_PATIENT, workers=2)
    await _warm(store, nginx)
    calls = await store.mixed(40)
    store.redis.freeze()
    clients = [await Connection(nginx.port).__aenter__() for _ in calls]
    for call, client in zip(calls, clients):
        await client.send(call.request)
    await asyncio.sleep(0.1)
    nginx.signal(signal.SIGTERM)
    await nginx.ended(_AT_ONCE, "at once, after SIGTERM")
    for client in clients:
        client.close()


async def test_worker_shutdown_timeout_ends_what_is_pending(t):
    store = await t.store()
    nginx = await t.edge(store.redis.url, http=_PATIENT, main="worker_shutdown_timeout 500ms;")
    await _warm(store, nginx)
    calls = await store.enrol(10)
    store.redis.freeze()
    clients = [await Connection(nginx.port).__aenter__() for _ in calls]
    for call, client in zip(calls, clients):
        await client.send(call.request)
    await pending(nginx.port, len(calls))
    nginx.signal(signal.SIGQUIT)
    await nginx.ended(0.5 + _AT_ONCE, "after worker_shutdown_timeout, although replies are pending")
    for client in clients:
        client.close()


async def test_reload_while_redis_is_down(t):
    store = await t.store()
    nginx = await t.edge(store.redis.url, workers=2)
    await store.redis.stop()
    for _ in range(3):
        await nginx.reload()
        check_unavailable(await ask(nginx.port, store.unknown(1)[0].request))
    await until(lambda: len(nginx.workers()) == 2, 3, "old workers end")
