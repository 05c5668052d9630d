"""Clients that leave after their reset was sent: nginx waits for the reply, and the logs have the result."""
import asyncio
import signal

from lib.am import headers, pending, target, universal_id
from lib.foundry import LOCATION, People, code, put, wrong_code
from lib.http1 import Connection, ask, caught_up
from lib.http2 import Connection as Http2
from lib.ports import free_port
from lib.waiting import until

_PATIENT = "mfa_reset_redis_timeout 8s; mfa_reset_timeout 9s;"
_FORMAT = "log_format left '$status:$mfa_reset_result:$mfa_reset_caller:$mfa_reset_target';"
_LOG = "access_log left.log left;"
_ADMIN = universal_id("amAdmin")


class _Held:
    """A Redis that runs everything at once, and keeps its replies to scripts, and those behind them, until released."""

    def __init__(self, standin, which=lambda command: command.is_script):
        self.come = 0
        self._which = which
        self._kept = []  # (link, reply); None once released
        standin.rule = self._rule

    async def _rule(self, command):
        reply = await command.true_reply()
        is_wanted = self._which(command)
        self.come += is_wanted
        if self._kept is not None and (is_wanted or any(link is command.link for link, _ in self._kept)):
            self._kept.append((command.link, reply))
        else:
            command.send(reply)

    def release(self):
        kept, self._kept = self._kept, None
        for link, reply in kept:
            link.send(reply)

    async def has(self, count):
        await until(lambda: self.come >= count, 5, f"{count} scripts have run")


async def _edge(t, http=_PATIENT, *, am="", warm=True, **parts):
    store = await t.store()
    standin = await t.standin(behind=store.redis)
    nginx = await t.edge(standin.url, http=_FORMAT + http, am=_LOG + am, **parts)
    if warm:
        call, = await store.enrol(1)
        assert call.answers(await ask(nginx.port, call.request))
    return store, _Held(standin), nginx


def _logged(nginx):
    return nginx.text("left.log").split()


def _unanswered(nginx):
    return nginx.lines("info", "mfa_reset: unanswered")


async def _leave(held, nginx, request, rudely=False):
    """Sends it, and leaves when Redis has it."""
    async with Connection(nginx.port) as client:
        await client.send(request)
        await held.has(held.come + 1)
        if rudely:
            client.reset()
    await caught_up(nginx.port)


async def _settled(nginx, lines):
    """All that is in the access log, once there is so much."""
    await until(lambda: len(_logged(nginx)) >= lines, 5, f"{lines} lines of the access log")
    return _logged(nginx)


async def test_the_result_is_logged(t):
    """With FIN and with RST."""
    store, held, nginx = await _edge(t)
    calls = await store.enrol(20)
    clients = [await Connection(nginx.port).__aenter__() for _ in calls]
    for call, client in zip(calls, clients):
        await client.send(call.request)
    await held.has(20)
    for number, client in enumerate(clients):
        (client.reset if number % 2 else client.close)()
    await caught_up(nginx.port)
    assert len(_logged(nginx)) == 1, "one is logged before its outcome is known"
    held.release()
    lines = await _settled(nginx, 21)
    assert sorted(lines[1:]) == sorted(f"499:ok:{_ADMIN}:{call.user}" for call in calls), lines
    said = _unanswered(nginx)
    assert len(said) == 20, said
    for call in calls:
        wanted = (f'unanswered am: ok, caller "{_ADMIN}", target "/alpha/{call.user}", '
                  'reason "the client left", client: ')
        assert sum(wanted in line for line in said) == 1, (wanted, said)
    assert await store.events([call.user for call in calls]) == [1] * 20


async def test_http2_streams(t):
    """Given up one by one, and with the whole connection."""
    port = free_port()
    store, held, nginx = await _edge(t, server=f"listen 127.0.0.1:{port} http2;")
    calls = await store.enrol(60)
    async with Http2(port) as client:
        streams = [client.post(target(call.user), headers(call.token), b"{}") for call in calls]
        await held.has(60)
        for stream in streams[:30]:
            client.give_up(stream)
        await until(lambda: nginx.log().count("client canceled stream") == 30, 3, "nginx has noticed")
        assert len(_logged(nginx)) == 1
    await caught_up(nginx.port)
    assert len(_logged(nginx)) == 1
    held.release()
    lines = await _settled(nginx, 61)
    assert sorted(lines[1:]) == sorted(f"499:ok:{_ADMIN}:{call.user}" for call in calls), lines
    assert len(_unanswered(nginx)) == 60


async def test_refusals_are_logged_too(t):
    store, held, nginx = await _edge(t)
    unknown, = store.unknown(1)
    stranger, = await store.strangers(1)
    for call in (unknown, stranger):
        await _leave(held, nginx, call.request)
    held.release()
    lines = await _settled(nginx, 3)
    eve = stranger.body.decode().split("User, ")[1].split(", not")[0]
    assert set(lines[1:]) == {f"499:unknown:{_ADMIN}:{unknown.user}", f"499:forbidden:{eve}:amAdmin"}, lines
    assert len(_unanswered(nginx)) == 2
    assert not nginx.lines("info", "mfa_reset: refused"), "one line each"


async def test_an_uncertain_result(t):
    """Redis does not answer: the request ends when it would have ended for a client that stays."""
    store, held, nginx = await _edge(t, "mfa_reset_redis_timeout 300ms;")
    call, = await store.enrol(1)
    await _leave(held, nginx, call.request)
    assert (await _settled(nginx, 2))[1] == f"499:uncertain:-:{call.user}"
    line, = _unanswered(nginx)
    assert f'target "/alpha/{call.user}", reason "Redis did not answer in time"' in line, line
    held.release()


async def test_clients_that_leave_before_a_command_was_sent(t):
    """Redis is not reached yet: nothing is done, now or later."""
    store = await t.store()
    standin = await t.standin(behind=store.redis)
    reached = asyncio.Event()

    async def late(command):
        await reached.wait()
        await command.pass_on()

    standin.rule = late
    nginx = await t.edge(standin.url, http=_FORMAT + _PATIENT + "mfa_reset_redis_connect_timeout 20s;", am=_LOG)
    call, other = await store.enrol(2)
    async with Connection(nginx.port) as client:
        await client.send(call.request)
        await pending(nginx.port, 1)
    assert await _settled(nginx, 1) == [f"499:-:-:{call.user}"]
    reached.set()
    assert other.answers(await ask(nginx.port, other.request))
    assert await store.untouched(call.user)
    assert not _unanswered(nginx)


async def test_post_action_comes_after_the_result(t):
    """It takes the request over: nothing of the module may run on in it."""
    store, held, nginx = await _edge(
        t, am="post_action /after;", server=f"location = /after {{ {_LOG} return 204; }}")
    calls = await store.enrol(2)
    for call in calls:
        await _leave(held, nginx, call.request)
    assert len(_logged(nginx)) == 1
    held.release()
    lines = await _settled(nginx, 3)
    assert sorted(line.split(":", 1)[1] for line in lines[1:]) == sorted(f"ok:{_ADMIN}:{call.user}" for call in calls)


async def test_post_action_without_a_command(t):
    """The post_action lasts longer than what the request waited for."""
    store = await t.store()
    standin, behind = await t.standin(behind=store.redis), await t.backend()
    reached, ended = asyncio.Event(), asyncio.Event()

    async def late(command):
        await reached.wait()
        await command.pass_on()

    async def slow(received):
        await ended.wait()
        await received.answer(200)

    standin.rule, behind.rule = late, slow
    nginx = await t.edge(
        standin.url, http=_PATIENT + "mfa_reset_redis_connect_timeout 20s;", am="post_action @after;",
        server=f"location @after {{ proxy_pass {behind.url}; proxy_set_header Connection close; }}")
    call, other = await store.enrol(2)
    async with Connection(nginx.port) as client:
        await client.send(call.request)
        await pending(nginx.port, 1)
    await until(lambda: len(behind.received) == 1, 3, "the post_action has begun")
    reached.set()
    assert other.answers(await ask(nginx.port, other.request))
    assert await store.untouched(call.user)
    ended.set()
    await until(lambda: nginx.access().count(" POST ") == 2, 3, "both are logged")


async def test_a_reset_that_am_does(t):
    """The event says that it was handed on, and so it is, as far as nginx's proxy does that without a client."""
    behind = await t.backend()
    store, held, nginx = await _edge(
        t, am="mfa_reset_am_profiles am; mfa_reset_fallback @am;",
        server=f"location @am {{ {_LOG} proxy_pass {behind.url}; proxy_ignore_client_abort on; }}", warm=False)
    call, = await store.enrol(1)
    await _leave(held, nginx, call.request)
    assert not behind.received
    held.release()
    line, = await _settled(nginx, 1)
    assert line.endswith(f":forwarded:{_ADMIN}:{call.user}"), line
    assert len(behind.received) == 1
    said, = _unanswered(nginx)
    assert "unanswered am: forwarded" in said


async def test_a_mirror_that_ends_before_the_reply(t):
    """nginx ends a request whose connection is in error with the first subrequest that ends."""
    behind, ended = await t.backend(), asyncio.Event()

    async def slow(received):
        await ended.wait()
        await received.answer(200)

    behind.rule = slow
    store, held, nginx = await _edge(
        t, am="mirror /mirror;", warm=False,
        server=f"location = /mirror {{ internal; proxy_pass {behind.url}; proxy_set_header Connection close; }}")
    call, = await store.enrol(1)
    await _leave(held, nginx, call.request)
    ended.set()
    await until(lambda: not behind.open, 3, "the mirror has ended")
    await caught_up(nginx.port)
    assert not _logged(nginx)
    held.release()
    assert await _settled(nginx, 1) == [f"499:ok:{_ADMIN}:{call.user}"]


async def test_quit_waits_for_the_result(t):
    store, held, nginx = await _edge(t)
    call, = await store.enrol(1)
    await _leave(held, nginx, call.request, rudely=True)
    nginx.signal(signal.SIGQUIT)
    await asyncio.sleep(0.3)
    assert nginx.running(), "it did not wait for the outcome"
    held.release()
    await nginx.ended(2, "after the outcome")
    assert _logged(nginx)[1:] == [f"499:ok:{_ADMIN}:{call.user}"]


async def test_reload_while_a_result_is_pending(t):
    store, held, nginx = await _edge(t)
    call, other = await store.enrol(2)
    await _leave(held, nginx, call.request)
    await nginx.reload()
    await asyncio.sleep(0.2)
    assert len(nginx.workers()) == 2, "the old worker did not wait for the outcome"
    held.release()
    assert other.answers(await ask(nginx.port, other.request))
    await until(lambda: len(nginx.workers()) == 1, 3, "the old worker ends")
    assert f"499:ok:{_ADMIN}:{call.user}" in _logged(nginx)


async def test_worker_shutdown_timeout(t):
    """worker_shutdown_timeout: what is not known by then is uncertain, for clients that stay as well."""
    store, held, nginx = await _edge(t, main="worker_shutdown_timeout 500ms;")
    gone, stays = await store.enrol(2)
    await _leave(held, nginx, gone.request)
    async with Connection(nginx.port) as client:
        await client.send(stays.request)
        await held.has(2)
        nginx.signal(signal.SIGQUIT)
        await nginx.ended(2, "after worker_shutdown_timeout")
    assert [line.split(":")[1] for line in _logged(nginx)] == ["ok", "uncertain", "uncertain"]
    said = _unanswered(nginx)
    assert len(said) == 2 and all("nginx ended the request before Redis answered" in line for line in said), said
    held.release()


async def test_wrong_codes_of_clients_that_left_count(t):
    """Who guesses codes and leaves at once is seen; a code that was right is not used up in vain."""
    redis = await t.redis()
    people = await People(redis).seed()
    standin = await t.standin(behind=redis)
    nginx = t.new_nginx(http=f"mfa_reset_redis {standin.url}; {_FORMAT} {_PATIENT}", 
                        server=LOCATION % f"mfa_reset_foundry_caller_code required attempts=12; {_LOG}")
    await nginx.start()
    held = _Held(standin, lambda command: command.is_script and command.words[-2] == b"12")  # attempts
    for with_code in (wrong_code(), code()):
        await _leave(held, nginx, put("u-42", with_code))
    held.release()
    lines = await _settled(nginx, 2)
    assert sorted(lines) == ["499:code:/foundry/1:u-42", "499:ok:/foundry/1:u-42"], lines
    assert await people.events() == 1
