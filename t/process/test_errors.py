"""The classes of Redis's errors: the response, the line of the log, the next step; on a real Redis if possible.

docs/reference/log-lines.md has the table of classes: each row's response is tested here.
"""
import asyncio
import contextlib
import os
import pathlib
import re

from lib import resp
from lib.am import Store, check_unavailable, post, recovered, redis_state
from lib.foundry import LOCATION, People, code, put
from lib.http1 import ask
from lib.ports import free_port
from lib.scene import STATE
from lib.standin import truthful
from lib.waiting import Clock, until

_PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "reference" / "log-lines.md"
_ROW = re.compile(r"^\| `([A-Z]+)` \| (\d+) \| (?:`([^`]+)`)? ?\| ([^|]+) \|", re.MULTILINE)
_CLASSES = {row[0]: row[1:] for row in _ROW.findall(_PAGE.read_text(encoding="utf-8"))}
_QUIET = 5  # seconds that a class must be away before it is over

_MADE_UP = {
    "NOAUTH": b"-NOAUTH Authentication required.\r\n",
    "WRONGPASS": b"-WRONGPASS invalid username-password pair\r\n",
    "MOVED": b"-MOVED 3999 127.0.0.1:1\r\n",
    "ASK": b"-ASK 3999 127.0.0.1:1\r\n",
    "TRYAGAIN": b"-TRYAGAIN Multiple keys request during rehashing of slot\r\n",
}


def _logged(nginx, name):
    advice = _CLASSES[name][1]
    lines = nginx.lines("error", f"refuses commands: {name}: ")
    assert all(line.endswith(advice) for line in lines), lines
    return len(lines) if advice else None


async def _refused(nginx, calls, name):
    """Three calls get the table's answer, nothing is reset, and the log has the one line for all of them."""
    before = _logged(nginx, name)
    for call in calls:
        answer = await ask(nginx.port, call.request)
        if _CLASSES[name][0] == "503":
            check_unavailable(answer)
            assert b"may have" not in answer.body, f"{name}: it did certainly not happen: {answer}"
        else:
            assert str(answer.status) == _CLASSES[name][0], f"{name}: {answer}"
    if before is None:
        assert f"refuses commands: {name}" not in nginx.log()
    else:
        assert _logged(nginx, name) == before + 1, f"{name}: {nginx.lines('error')}"


async def _done(nginx, store, calls):
    for call in calls:
        assert await store.untouched(call.user), f"{call.user} was reset all the same"
        await until(lambda call=call: _answered(nginx, call), 3, "the same call is answered")


async def _answered(nginx, call):
    return call.answers(await ask(nginx.port, call.request))


@contextlib.asynccontextmanager
async def _config(redis, *pairs):
    before = [(name, (await redis.call("CONFIG", "GET", name))[1]) for name, _ in pairs]
    for name, value in pairs:
        await redis.call("CONFIG", "SET", name, value)
    yield
    for name, value in before:
        await redis.call("CONFIG", "SET", name, value)


@contextlib.asynccontextmanager
async def _loading(redis):
    """Redis reads its file, slowly, and answers meanwhile."""
    async with _config(redis, ("key-load-delay", 20000), ("loading-process-events-interval-bytes", 1024)):
        await redis.pipeline([("SET", f"filler:{number}", os.urandom(2048)) for number in range(400)])
        reload = asyncio.create_task(redis.call("DEBUG", "RELOAD"))
        await until(lambda: _says(redis, b"LOADING"), 3, "it reads its file")
        yield
        assert await _says(redis, b"LOADING"), "it was too fast for this test"
        assert await _beside(redis, "CONFIG", "SET", "key-load-delay", 0) == b"OK"
        await reload


async def _beside(redis, *words):
    """A reply on a connection of its own: the usual one waits for another."""
    reader, writer = await asyncio.open_unix_connection(redis.socket)
    writer.write(resp.encode(*words))
    reply = (await resp.read_raw(reader))[1]
    writer.close()
    return reply


async def _says(redis, error):
    return str(await _beside(redis, "GET", "x")).startswith(error.decode())


@contextlib.asynccontextmanager
async def _replica(redis, stale):
    async with _config(redis, ("replica-serve-stale-data", stale)):
        await redis.call("REPLICAOF", "127.0.0.1", 1)
        yield
        await redis.call("REPLICAOF", "NO", "ONE")


@contextlib.asynccontextmanager
async def _busy(redis):
    async with _config(redis, ("busy-reply-threshold", 20)):
        _, writer = await asyncio.open_unix_connection(redis.socket)
        writer.write(resp.encode("EVAL", "while true do end", 0))
        await until(lambda: _says(redis, b"BUSY"), 3, "the script runs")
        yield
        await redis.call("SCRIPT", "KILL")
        await until(lambda: _idle(redis), 3, "the script is gone")
        writer.close()


async def _idle(redis):
    try:
        return await redis.call("PING") == b"PONG"
    except resp.RedisError:
        return False


@contextlib.asynccontextmanager
async def _no_disk(redis):
    """The directory of Redis is gone when it wants to save."""
    folder = os.path.join(os.path.dirname(redis.socket), "gone")
    os.mkdir(folder)
    async with _config(redis, ("save", "3600 1000000"), ("dir", folder)):
        os.rmdir(folder)
        await redis.call("BGSAVE")
        await until(lambda: _saved(redis, "err"), 3, "saving fails")
        yield
        os.mkdir(folder)
        await redis.call("CONFIG", "SET", "dir", os.path.dirname(redis.socket))
        await redis.call("BGSAVE")
        await until(lambda: _saved(redis, "ok"), 3, "saving succeeds")


async def _saved(redis, how):
    return f"rdb_last_bgsave_status:{how}" in (await redis.call("INFO", "persistence")).decode()


@contextlib.asynccontextmanager
async def _no_right(redis):
    await redis.call("ACL", "SETUSER", "default", "-evalsha")
    yield
    await redis.call("ACL", "SETUSER", "default", "+evalsha")


_REAL = {
    "LOADING": _loading,
    "READONLY": lambda redis: _replica(redis, "yes"),
    "MASTERDOWN": lambda redis: _replica(redis, "no"),
    "BUSY": _busy,
    "OOM": lambda redis: _config(redis, ("maxmemory", 1)),
    "MISCONF": _no_disk,
    "NOREPLICAS": lambda redis: _config(redis, ("min-replicas-to-write", 1)),
    "NOPERM": _no_right,
}


async def test_each_class_on_a_real_redis(t):
    store = await t.store(**{"enable-protected-configs": "yes", "enable-debug-command": "yes"})
    nginx = await t.edge(store.redis.socket_url, http="mfa_reset_redis_timeout 5s; mfa_reset_timeout 9s;")
    await recovered(nginx.port, store)
    calls = iter(await store.enrol(100))
    await asyncio.sleep(1)  # a younger connection is not left
    for name, refusing in _REAL.items():
        clients = {client["id"] for client in await store.redis.clients()}
        mine = [next(calls) for _ in range(3)]
        async with refusing(store.redis):
            await _refused(nginx, mine, name)
        await _done(nginx, store, mine)
        await asyncio.sleep(1)
        left = clients - {client["id"] for client in await store.redis.clients()}
        assert bool(left) == (_CLASSES[name][2] == "looks for the master"), f"{name}: connections left: {left}"
    assert nginx.lines("warn", "was lost") == [], "a connection that was left is told to be lost"
    await asyncio.sleep(_QUIET)
    for _ in range(2):
        await _done(nginx, store, [next(calls)])
        ended = nginx.lines("error", "takes commands again: no more ")
        assert sorted(line.rsplit(" ", 1)[1] for line in ended) == sorted(_REAL), ended


async def test_each_class_on_a_stand_in(t):
    store = await t.store()
    standin = await t.standin(behind=store.redis)
    nginx = await t.edge(standin.url)
    await recovered(nginx.port, store)
    calls = iter(await store.enrol(100))
    for name, error in _MADE_UP.items():
        async def refuse(command, error=error):
            if command.is_script:
                command.send(error)
            else:
                await command.pass_on()

        standin.rule = refuse
        mine = [next(calls) for _ in range(3)]
        await _refused(nginx, mine, name)
        standin.rule = truthful
        await _done(nginx, store, mine)


async def test_a_cluster_without_slots(t):
    # The default is the port and ten thousand, which may be in use.
    store = Store(await t.redis(**{"cluster-enabled": "yes", "cluster-port": free_port()}))
    nginx = await t.edge(store.redis.socket_url)
    await until(lambda: _state(nginx, "up 0"), 2, "nginx is connected")
    await _refused(nginx, store.unknown(3), "CLUSTERDOWN")


async def _state(nginx, wanted):
    return await redis_state(nginx.port) == wanted


async def test_every_class_of_the_documentation_is_tested(_):
    assert {*_REAL, *_MADE_UP, "CLUSTERDOWN"} == set(_CLASSES), _CLASSES.keys()


async def test_a_read_does_not_end_an_episode_of_refused_writes(t):
    """Unauthorized callers get 403 and unknown users 404 while resets are refused: one line, and the episode goes on."""
    store = await t.store()
    nginx = await t.edge(store.redis.socket_url)
    await recovered(nginx.port, store)
    resets, strangers = await store.enrol(7), await store.strangers(70)
    await store.redis.call("REPLICAOF", "127.0.0.1", 1)
    received = await _connections(store.redis)
    for number, stranger in enumerate(strangers):
        if number % 60 == 0:  # seldom: the other calls are answered for longer than _QUIET between
            check_unavailable(await ask(nginx.port, resets[number // 60].request))
        assert stranger.answers(await ask(nginx.port, stranger.request)), "refused with 503"
        await asyncio.sleep(0.1)
    assert len(nginx.lines("error", "refuses commands")) == 1, nginx.lines("error")
    assert nginx.lines("notice", "again") == []
    assert await _connections(store.redis) - received <= 4, "connected more often than it was refused"


async def test_connections_are_replaced_once_a_second(t):
    store = await t.store()
    nginx = await t.edge(store.redis.socket_url)
    await recovered(nginx.port, store)
    call, = await store.enrol(1)
    await store.redis.call("REPLICAOF", "127.0.0.1", 1)
    received = await _connections(store.redis)
    clock = Clock()
    while clock.seconds < 3.5:
        check_unavailable(await ask(nginx.port, call.request))
        await asyncio.sleep(0.01)
    made = await _connections(store.redis) - received
    t.note(f"{made} connections in {clock.seconds:.1f} s")
    assert 4 <= made <= 8, f"{made} connections in {clock.seconds:.1f} s"
    assert nginx.lines("warn") == []
    assert len(nginx.lines("error")) == 1, nginx.lines("error")


async def _connections(redis):
    stats = (await redis.call("INFO", "stats")).decode()
    return int(re.search(r"total_connections_received:(\d+)", stats)[1])


async def test_other_errors_are_500_each_with_its_line(t):
    store = await t.store()
    nginx = await t.edge(store.redis.socket_url)
    await recovered(nginx.port, store)
    await store.redis.call("SET", store.user_key("user"), "no record")
    for _ in range(2):
        assert (await ask(nginx.port, post("user"))).status == 500
    assert len(nginx.lines("error", 'reason "WRONGTYPE ')) == 2, nginx.lines("error")
    assert nginx.lines("error", "refuses commands") == []


async def test_a_missing_right_inside_a_script(t):
    store = await t.store()
    nginx = await t.edge(store.redis.socket_url)
    await recovered(nginx.port, store)
    calls = await store.enrol(3)
    await store.redis.call("ACL", "SETUSER", "default", "-xadd")
    await _refused(nginx, calls, "NOPERM")


async def test_a_password_configured_before_redis_has_it(t):
    store = await t.store()
    path = f"{t.folder}/password"
    with open(path, "w", encoding="ascii") as file:
        file.write("s3cret-of-redis")
    nginx = await t.edge(store.redis.socket_url, http=f"mfa_reset_redis_password_file {path};")
    await until(lambda: nginx.lines("error", "is down: AUTH was refused: ERR$"), 2, "Redis wants no password")
    store.redis.login = ("s3cret-of-redis",)
    await store.redis.call("CONFIG", "SET", "requirepass", "s3cret-of-redis")
    await recovered(nginx.port, store)


async def test_after_noauth_the_connection_authenticates_again(t):
    """NOAUTH on a connection that was greeted: the next ones say the password, and are taken."""
    store = await t.store(requirepass="s3cret-of-redis")
    standin = await t.standin(behind=store.redis)
    path = f"{t.folder}/password"
    with open(path, "w", encoding="ascii") as file:
        file.write("s3cret-of-redis")
    nginx = await t.edge(standin.url, http=f"mfa_reset_redis_password_file {path};")
    await recovered(nginx.port, store)
    await asyncio.sleep(1)
    known = set(standin.links)

    async def forgetful(command):
        if command.link in known:
            command.send(_MADE_UP["NOAUTH"])
        else:
            await command.pass_on()

    standin.rule = forgetful
    call, = store.unknown(1)
    check_unavailable(await ask(nginx.port, call.request))
    await recovered(nginx.port, store, 0.5)
    assert not known & standin.links, "a connection that is not known is still there"
    assert len(nginx.lines("error", "refuses commands: NOAUTH")) == 1


async def test_arguments_are_not_logged(t):
    """An error may repeat what it was sent: a session's id, which is a password for as long as it lives."""
    standin = await t.standin()
    nginx = t.new_nginx(http=f"mfa_reset_redis {standin.url};", server=f"{LOCATION % ''} {STATE}", level="debug")
    session = "s3ssion-of-somebody"

    async def quote(command):
        if command.is_greeting:
            command.send(b"+OK\r\n")
        else:
            command.send(b"-ERR unknown command `GET`, with args beginning with: `%s` \r\n" % command.words[1][:25])

    standin.rule = quote
    await nginx.start()
    await until(lambda: _state(nginx, "up 0"), 2, "nginx is connected")
    assert (await ask(nginx.port, put("u-42", "123456", session).replace(b"Expect: 100-continue\r\n", b""))).status == 500
    line, = nginx.lines("error", "refused foundry")
    assert 'reason "ERR unknown command `GET`, with args beginning with: `"' in line, line
    ours = [line for line in nginx.log().splitlines() if "mfa_reset" in line]
    assert not any("s3ssion" in line for line in ours), ours


async def test_the_reply_to_auth_is_not_logged(t):
    """Whatever it is, and also where it seems to be said to something else."""
    secret = b"pass-that-nobody-sees"
    lines = (b"-ERR invalid password '%s'\r\n", b"-%s is wrong\r\n", b"+%s\r\n", b"$21\r\n%s\r\n",
             b"-WRONGPASS %s\r\n", b"+OK\r\n-ERR %s\r\n", b"+OK\r\n+%s\r\n", b"+OK\r\n-READONLY %s\r\n", b"%s\r\n")
    for line in lines:
        standin = await t.standin(tcp=True)
        asked = []

        async def quote(command, line=line, asked=asked):
            if command.name == "AUTH":
                asked.append(command.words[1])
                command.send(line % secret)

        standin.rule = quote
        nginx = await t.edge(standin.url.replace("redis://", f"redis://:{secret.decode()}@"), level="debug")
        await until(lambda nginx=nginx: nginx.lines("error", "is down: "), 3, f"{line} is refused")
        assert secret in asked, "AUTH was not said"
        where = nginx.log().find(secret.decode())
        assert where < 0, f"the password is in: {nginx.log()[max(0, where - 100):where]}"


async def test_eviction_is_logged_once(t):
    store = await t.store()
    nginx = await t.edge(store.redis.socket_url)
    wanted = 0
    for policy, told in (("noeviction", 0), ("allkeys-lru", 1), ("allkeys-lru", 0), ("volatile-lru", 0),
                         ("allkeys-random", 1), ("noeviction", 0)):
        await store.redis.call("CONFIG", "SET", "maxmemory-policy", policy)
        await store.redis.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        await until(lambda: _two(store.redis), 2, "two connections")
        await recovered(nginx.port, store)
        wanted += told
        lines = nginx.lines("error", "may evict users: its maxmemory-policy is allkeys-")
        assert len(lines) == wanted, f"{policy}: {lines}"
    assert len(nginx.lines("error")) == wanted, nginx.lines("error")


async def _two(redis):
    return len(await redis.clients()) == 2


async def test_without_the_right_to_info_there_is_no_line(t):
    store = await t.store(**{"maxmemory-policy": "allkeys-lru"})
    await store.redis.call("ACL", "SETUSER", "default", "-info")
    nginx = await t.edge(store.redis.socket_url)
    await recovered(nginx.port, store)
    assert nginx.lines("error") == []


async def test_the_policy_of_servicestacks_redis_is_not_checked(t):
    """Its policy of eviction is not ours to look at."""
    people = await People(await t.redis()).seed()
    other = await t.redis(**{"maxmemory-policy": "allkeys-lru"})
    await other.call("SET", "urn:iauthsession:session-there",
                     await people.redis.call("GET", "urn:iauthsession:session-of-1"))
    nginx = t.new_nginx(
        http=f"mfa_reset_redis {people.redis.socket_url}; mfa_reset_foundry_session_redis {other.url};",
        server=f"{LOCATION % ''} {STATE}")
    await nginx.start()
    await until(lambda: _state(nginx, "up 0"), 2, "nginx is connected")
    request = put("u-42", code(), "session-there").replace(b"Expect: 100-continue\r\n", b"")
    assert (await ask(nginx.port, request)).status == 200
    assert await people.events() == 1
    assert nginx.lines("error") == [] and nginx.lines("warn") == [], nginx.lines("error")
