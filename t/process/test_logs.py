"""Where the lines about Redis are, and at which level."""
from lib.am import recovered
from lib.http1 import ask
from lib.waiting import until


async def test_down_and_up_again_are_in_the_main_log(t):
    """At the level of nginx's default, and not in the log of http, which belongs to requests."""
    store = await t.store()
    nginx = await t.edge(store.redis.url, http="error_log http.log debug;", level="error")
    await recovered(nginx.port, store)
    await store.redis.stop()
    await until(lambda: nginx.lines("error", "mfa_reset: Redis .* is down"), 3, "it is down")
    await store.redis.start()
    await until(lambda: nginx.lines("error", "mfa_reset: Redis .* is up again"), 3, "it is up again")
    requests = nginx.text("http.log")
    assert "POST" in requests and " is down" not in requests and " is up again" not in requests


async def test_an_idle_connection_that_redis_closes(t):
    """As its `timeout` does: nothing was lost, and the next request finds a connection."""
    store = await t.store()
    nginx = await t.edge(store.redis.url)
    await recovered(nginx.port, store)
    await store.redis.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    lost = "mfa_reset: a connection to Redis .* was lost: Redis closed the connection"
    await until(lambda: len(nginx.lines("info", lost)) == 2, 3, "both are closed")
    assert not nginx.lines("warn"), nginx.lines("warn")
    call, = await store.enrol(1)
    assert call.answers(await ask(nginx.port, call.request))


async def test_a_connection_that_is_closed_instead_of_a_reply(t):
    store = await t.store()
    standin = await t.standin(behind=store.redis)
    nginx = await t.edge(standin.url)
    await recovered(nginx.port, store)

    async def close(command):
        await command.send_and_close()

    standin.rule = close
    call, = await store.enrol(1)
    assert (await ask(nginx.port, call.request)).status == 503
    assert nginx.lines("warn", "mfa_reset: a connection to Redis .* was lost: Redis closed the connection")
