"""Clients that leave while their reply is pending: 499 in the log once it has come, no leak, no reply for another request."""
import asyncio

from lib import processes
from lib.am import Ledger, headers, pending, recovered, target
from lib.http1 import Connection, caught_up
from lib.http2 import Connection as Http2
from lib.load import Load
from lib.ports import free_port
from lib.waiting import until

_PATIENT = "mfa_reset_redis_timeout 8s; mfa_reset_timeout 9s;"
_BATCH = 100


def _left(nginx):
    return nginx.access().count("499 POST ")


async def _leave(store, nginx, ledger):
    """A hundred clients send while Redis is frozen, and leave, half of them rudely, before it is thawed."""
    calls = await store.mixed(_BATCH)
    before = _left(nginx)
    store.redis.freeze()
    clients = [await Connection(nginx.port).__aenter__() for _ in calls]
    for call, client in zip(calls, clients):
        await client.send(call.request)
        ledger.enter(call, None)
    await pending(nginx.port, len(calls))
    for number, client in enumerate(clients):
        if number % 2:
            client.reset()
        else:
            client.close()
    await caught_up(nginx.port)
    assert _left(nginx) == before, "one is logged before its outcome is known"
    store.redis.thaw()
    await until(lambda: _left(nginx) - before == _BATCH, 3, "499 for each")


async def _leave_streams(store, nginx, port, ledger):
    """The same with HTTP/2: half of the streams are given up, the others go with the connection."""
    calls = await store.mixed(_BATCH)
    before = _left(nginx)
    store.redis.freeze()
    async with Http2(port) as client:
        streams = [client.post(target(call.user), headers(call.token), b"{}") for call in calls]
        await pending(nginx.port, _BATCH)
        for stream in streams[1::2]:
            client.give_up(stream)
        await asyncio.sleep(0)
    for call in calls:
        ledger.enter(call, None)
    await caught_up(nginx.port)
    assert _left(nginx) == before, "one is logged before its outcome is known"
    store.redis.thaw()
    await until(lambda: _left(nginx) - before == _BATCH, 3, "499 for each")


def _size(nginx):
    worker, = nginx.workers()
    return sorted(processes.open_files(worker)), processes.resident_kib(worker)


async def test_twenty_thousand_leave_nothing_behind(t):
    store = await t.store()
    port = free_port()
    nginx = await t.edge(store.redis.url, http=_PATIENT, server=f"listen 127.0.0.1:{port} http2;")
    await recovered(nginx.port, store)
    ledger = Ledger(store)
    for _ in range(4):
        await _leave(store, nginx, ledger)
        await _leave_streams(store, nginx, port, ledger)
    files, size = _size(nginx)
    for _ in range(100):
        await _leave(store, nginx, ledger)
        await _leave_streams(store, nginx, port, ledger)
    await until(lambda: len(_size(nginx)[0]) <= len(files), 3, f"no more than {len(files)} descriptors, as before")
    _, size_after = _size(nginx)
    t.note(f"10000 left by HTTP/1.1, 10000 by HTTP/2; resident {size} KiB before, {size_after} KiB after")
    limit = 16384 if t.sanitize else 512  # a sanitizer keeps what was freed for a while
    assert size_after - size < limit, f"the worker grew from {size} to {size_after} KiB"
    calls = await store.mixed(3000)
    async with Load(nginx.port, calls, ledger) as load:
        await asyncio.sleep(0.5)
    assert load.failures == [] and load.refused == 0, str(load)
    await ledger.settle()


async def test_clients_that_leave_among_clients_that_stay(t):
    """Every other client leaves; the others get their own answers."""
    store = await t.store()
    nginx = await t.edge(store.redis.url, http=_PATIENT)
    await recovered(nginx.port, store)
    ledger = Ledger(store)
    for _ in range(10):
        calls = await store.mixed(60)
        store.redis.freeze()
        clients = [await Connection(nginx.port).__aenter__() for _ in calls]
        for call, client in zip(calls, clients):
            await client.send(call.request)
        await pending(nginx.port, len(calls))
        for number, client in enumerate(clients):
            if number % 2:
                client.reset()
                ledger.enter(calls[number], None)
        await asyncio.sleep(0.01)
        store.redis.thaw()
        for call, client in list(zip(calls, clients))[::2]:
            assert ledger.enter(call, await client.answer()), f"{call.user} was refused with 503"
            client.close()
    await ledger.settle()


async def test_cancelled_http2_streams_among_others(t):
    store = await t.store()
    port = free_port()
    nginx = await t.edge(store.redis.url, http=_PATIENT, server=f"listen 127.0.0.1:{port} http2;")
    await recovered(nginx.port, store)
    calls = await store.mixed(90)
    async with Http2(port) as client:
        store.redis.freeze()
        streams = [client.post(target(call.user), headers(call.token), b"{}") for call in calls]
        await pending(nginx.port, len(calls))
        for stream in streams[1::2]:
            client.give_up(stream)
        await until(lambda: nginx.log().count("client canceled stream") == 45, 3, "nginx has noticed")
        assert _left(nginx) == 0, "one is logged before its outcome is known"
        store.redis.thaw()
        for call, stream in list(zip(calls, streams))[::2]:
            assert await client.body(stream) == call.body, f"a wrong answer for {call.user}"
    await until(lambda: _left(nginx) == 45, 3, "499 for each stream given up")
    await recovered(nginx.port, store)


async def test_http2_connection_closed_with_streams_pending(t):
    store = await t.store()
    port = free_port()
    nginx = await t.edge(store.redis.url, http=_PATIENT, server=f"listen 127.0.0.1:{port} http2;")
    await recovered(nginx.port, store)
    calls = await store.mixed(60)
    store.redis.freeze()
    async with Http2(port) as client:
        for call in calls:
            client.post(target(call.user), headers(call.token), b"{}")
        await pending(nginx.port, len(calls))
    await caught_up(nginx.port)
    assert _left(nginx) == 0, "one is logged before its outcome is known"
    store.redis.thaw()
    await until(lambda: _left(nginx) == 60, 3, "499 for each stream")
    await recovered(nginx.port, store)


async def test_clients_that_leave_with_pipelined_requests(t):
    """The first is pending, four are behind it unread, and the client goes."""
    store = await t.store()
    nginx = await t.edge(store.redis.url, http=_PATIENT)
    await recovered(nginx.port, store)
    ledger = Ledger(store)
    files, _ = _size(nginx)
    for _ in range(10):
        calls = await store.enrol(5)
        store.redis.freeze()
        async with Connection(nginx.port) as client:
            await client.send(b"".join(call.request for call in calls))
            await asyncio.sleep(0.02)
        store.redis.thaw()
        for call in calls:
            ledger.enter(call, None)
        await recovered(nginx.port, store)
    await until(lambda: len(_size(nginx)[0]) <= len(files), 3, "all connections of clients are closed")
    await ledger.settle()


async def test_clients_that_leave_before_their_body_is_complete(t):
    store = await t.store()
    nginx = await t.edge(store.redis.url)
    await recovered(nginx.port, store)
    calls = await store.enrol(50)
    for call in calls:
        async with Connection(nginx.port) as client:
            await client.send(call.request[:-1])
    await until(lambda: nginx.access().count(" POST ") >= 50, 3, "all are logged")
    await recovered(nginx.port, store)
    assert await store.events([call.user for call in calls]) == [0] * 50, "half a request was carried out"
