"""The greeting of a connection: credentials, database, name; and no password in a log."""
from urllib.parse import quote

from lib import am
from lib.am import Store, check_unavailable, down, recovered
from lib.http1 import ask
from lib.waiting import until

_PASSWORD = "p@ss:w/rd%2F-mUst-not-be-seen"


async def _guarded(t):
    """A Redis with the user `edge`, and one for the test."""
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
    await down(nginx.port)
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
    await down(nginx.port)
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


_UNNAMED = "does not show which connections are nginx's: CLIENT SETNAME was refused: "


async def _serves_unnamed(t, store, url, said, client="CLIENT"):
    """All goes on, over new connections, too, and one line of each worker says so. `client`: Redis's name of CLIENT."""
    nginx = await t.edge(url, workers=2)
    await recovered(nginx.port, store)
    for _ in range(3):
        assert await store.redis.call(client, "KILL", "TYPE", "normal", "SKIPME", "yes") > 0
        await recovered(nginx.port, store)
    for call in await store.mixed(30):
        assert call.answers(await ask(nginx.port, call.request)), "refused with 503"
    await until(lambda: len(nginx.lines("warn", _UNNAMED)) == 2, 3, "both workers have said so")
    assert all(said in line for line in nginx.lines("warn", _UNNAMED)), nginx.lines("warn")
    assert not nginx.lines("error"), nginx.lines("error")


async def test_a_user_who_may_not_name_connections(t):
    store = await _guarded(t)
    await store.redis.call("ACL", "SETUSER", "edge", "-client")
    await _serves_unnamed(t, store, _url(store), "NOPERM ")


async def test_a_redis_that_has_renamed_client(t):
    store = await t.store(**{"rename-command": ("CLIENT", "HIDDEN")})
    await _serves_unnamed(t, store, store.redis.url, "ERR unknown command ", "HIDDEN")


async def test_a_proxy_that_does_not_know_client(t):
    for error in ("unsupported command 'client'", "ERR unknown command 'client', with args beginning with: SETNAME"):
        async def proxy(command, error=error):
            if command.name == "CLIENT":
                command.send(f"-{error}\r\n".encode())
            else:
                await command.pass_on()
        store = await t.store()
        standin = await t.standin(behind=store.redis)
        standin.rule = proxy
        nginx = await t.edge(standin.url)
        await recovered(nginx.port, store)
        call, = await store.enrol(1)
        assert call.answers(await ask(nginx.port, call.request)), "refused with 503"
        assert len(nginx.lines("warn", _UNNAMED + error)) == 1, nginx.log()


async def test_without_a_password_where_client_is_renamed(t):
    """The first word of it comes later, and says no less."""
    store = await t.store(requirepass="wanted", **{"rename-command": ("CLIENT", "HIDDEN")})
    nginx = await t.edge(store.redis.socket_url)
    await until(lambda: nginx.lines("error", "is down: INFO was refused: NOAUTH"), 3, "it is said")
    check_unavailable(await ask(nginx.port, store.unknown(1)[0].request))
