"""The module in a stock nginx: unused, without http{}, and in processes that serve no requests."""
import asyncio
import signal

from lib import processes
from lib.am import check_unavailable, down, recovered
from lib.http1 import ask, compose
from lib.waiting import until


async def _starts_and_quits(nginx, listening=True):
    status, said = nginx.check()
    assert status == 0, said
    await nginx.start(listening=listening)
    if listening:
        assert (await ask(nginx.port, compose("GET", "/plain"))).status == 200
        await nginx.reload()
    nginx.signal(signal.SIGQUIT)
    await nginx.ended(3, "after SIGQUIT")


async def test_loaded_and_unused(t):
    await _starts_and_quits(t.new_nginx())


async def test_loaded_without_http(t):
    await _starts_and_quits(t.new_nginx(with_http=False), listening=False)


async def test_redis_named_and_not_used(t):
    """A URL alone, without a location that needs it."""
    store = await t.store()
    await _starts_and_quits(t.new_nginx(http=f"mfa_reset_redis {store.redis.url};"))


async def test_only_workers_connect(t):
    """Not the master, nor the cache manager and loader; each worker makes the configured number of connections."""
    store = await t.store()
    port = store.redis.port
    nginx = await t.edge(f"redis://127.0.0.1:{port}", workers=2, http=f"""
        mfa_reset_redis_connections 3;
        proxy_cache_path {t.folder}/cache keys_zone=unused:1m;""")
    await until(lambda: len(nginx.helpers()) == 2, 3, "a cache manager and a cache loader")
    await recovered(nginx.port, store)

    async def connected():
        return len(await store.redis.clients()) == 6

    await until(connected, 3, "2 workers with 3 connections each")
    await asyncio.sleep(0.3)
    assert await connected(), "more connections than workers times 3"
    for worker in nginx.workers():
        assert processes.connections_to(worker, port) == 3, f"worker {worker}"
    for other in (nginx.pid, *nginx.helpers()):
        assert processes.connections_to(other, port) == 0, f"{processes.title(other)} is connected"


async def test_nginx_t_does_not_connect(t):
    """nginx -t neither needs Redis nor asks it."""
    standin = await t.standin()
    nginx = t.new_nginx(http=f"mfa_reset_redis {standin.url};",
                        server="location /openam/json/ { mfa_reset am; }")
    status, said = await asyncio.to_thread(nginx.check)
    assert status == 0, said
    assert standin.accepted == 0, "nginx -t connected to Redis"


async def test_workers_that_die_are_replaced(t):
    """A new worker makes its own connections and serves."""
    store = await t.store()
    nginx = await t.edge(store.redis.url)
    await recovered(nginx.port, store)
    first, = nginx.workers()
    processes.terminate(first)
    await until(lambda: nginx.workers() not in ([], [first]), 3, "a new worker")
    await recovered(nginx.port, store)

    async def connected():
        return len(await store.redis.clients()) == 2

    await until(connected, 2, "only the new worker's connections")


async def test_nginx_starts_without_redis(t):
    store = await t.store()
    await store.redis.stop()
    nginx = await t.edge(store.redis.url)
    assert (await ask(nginx.port, compose("GET", "/plain"))).status == 200
    await down(nginx.port)
    check_unavailable(await ask(nginx.port, store.unknown(1)[0].request))
