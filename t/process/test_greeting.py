"""What a connection says first: who it is, which database, its name; and what it never lets out."""
import asyncio
from urllib.parse import quote

from lib import am
from lib.am import Store, check_unavailable, recovered
from lib.http1 import ask
from lib.waiting import until

_PASSWORD = "p@ss:w/rd%2F-mUst-not-be-seen"


async def _guarded(t):
    """A Redis that lets nobody in but `edge`, and us."""
    redis = await t.redis()
    await redis.pipeline([
        ("ACL", "SETUSER", "edge", "on", ">" + _PASSWORD, "~mfa:*", "+@all"),
        ("ACL", "SETUSER", "tests", "on", ">tests", "~*", "&*", "+@all"),
        ("ACL", "SETUSER", "default", "off")])
    await redis.hang_up()
    redis.login = ("tests", "tests")
    return await Store(redis).seed()


def _url(store, password=_PASSWORD, user="edge", database=""):
    return f"redis://{user}:{quote(password, safe='')}@127.0.0.1:{store.redis.port}{database}"


def _not_seen(nginx, secret):
    for text in (nginx.log(), nginx.said(), nginx.access()):
        for form in (secret, quote(secret, safe="")):
            where = text.find(form)
            assert where < 0, f"the password is in: {text[max(0, where - 100):where]}"


async def test_acl_user_password_and_name(t):
    store = await _guarded(t)
    nginx = await t.edge(_url(store))
    await recovered(nginx.port, store)
    clients = await store.redis.clients()
    assert len(clients) == 2 and all(client["user"] == "edge" for client in clients), clients


async def test_acl_user_is_kept_on_reconnect(t):
    store = await _guarded(t)
    nginx = await t.edge(_url(store))
    await recovered(nginx.port, store)
    for _ in range(3):
        before = {client["id"] for client in await store.redis.clients()}
        await store.redis.call("CLIENT", "KILL", "USER", "edge")

        async def replaced():
            clients = await store.redis.clients()
            return len(clients) == 2 and not before & {client["id"] for client in clients}

        await until(replaced, 2, "two new connections")
        assert all(client["user"] == "edge" for client in await store.redis.clients())
        await recovered(nginx.port, store)


async def test_wrong_password_is_503_and_logged_without_it(t):
    store = await _guarded(t)
    nginx = await t.edge(_url(store, "wrong-" + _PASSWORD), level="debug")
    await asyncio.sleep(0.3)
    check_unavailable(await ask(nginx.port, store.unknown(1)[0].request))
    lines = nginx.lines("error", "AUTH")
    assert len(lines) == 1 and "WRONGPASS" in lines[0], nginx.lines("error")
    _not_seen(nginx, _PASSWORD)


async def test_password_changed_back_recovers(t):
    store = await _guarded(t)
    nginx = await t.edge(_url(store))
    await recovered(nginx.port, store)
    await store.redis.call("ACL", "SETUSER", "edge", "resetpass", ">another")
    await store.redis.call("CLIENT", "KILL", "USER", "edge")
    await asyncio.sleep(0.3)
    check_unavailable(await ask(nginx.port, store.unknown(1)[0].request))
    await store.redis.call("ACL", "SETUSER", "edge", "resetpass", ">" + _PASSWORD)
    await recovered(nginx.port, store)


async def test_password_is_in_no_debug_log(t):
    store = await _guarded(t)
    nginx = await t.edge(_url(store), level="debug")
    await recovered(nginx.port, store)
    await store.redis.call("CLIENT", "KILL", "USER", "edge")
    await recovered(nginx.port, store)
    call, = await store.enrol(1)
    assert call.answers(await ask(nginx.port, call.request)), "refused with 503"
    assert "[debug]" in nginx.log(), "this nginx has no debug log: the test tells nothing"
    _not_seen(nginx, _PASSWORD)
    ours = [line for line in nginx.log().splitlines() if "mfa" in line and am.ADMIN in line]
    assert ours == [], "the token is in a line of the module's"


async def test_default_user_with_a_password_file(t):
    store = await t.store(requirepass=_PASSWORD)
    path = f"{t.folder}/password"
    with open(path, "w", encoding="ascii") as file:
        file.write(_PASSWORD + "\n")
    nginx = await t.edge(store.redis.socket_url, http=f"mfa_reset_redis_password_file {path};", level="debug")
    await recovered(nginx.port, store)
    _not_seen(nginx, _PASSWORD)


async def test_database_is_selected(t):
    for form in ("unix", "tcp"):
        redis = await t.redis()
        await redis.call("SELECT", 3)  # on our one connection
        store = await Store(redis).seed()
        url = f"{redis.socket_url}:/3" if form == "unix" else f"redis://127.0.0.1:{redis.port}/3"
        nginx = await t.edge(url)
        await recovered(nginx.port, store)
        call, = await store.enrol(1)
        assert call.answers(await ask(nginx.port, call.request)), "refused with 503"
        assert await store.events([call.user]) == [1]
        assert {client["db"] for client in await redis.clients()} == {"3"}


async def test_host_name_is_resolved(t):
    store = await t.store()
    nginx = await t.edge(f"redis://localhost:{store.redis.port}")
    await recovered(nginx.port, store)
