"""A stall of the worker is not blamed on Redis: a reply that has come counts, and a late command is not sent."""
import asyncio
import os
import signal

from lib.am import DONE, Ledger, check_unavailable, is_uncertain, recovered
from lib.certificates import Authority
from lib.http1 import Connection, ask
from lib.standin import truthful
from lib.waiting import until

_MODULES = "/usr/lib/nginx/modules"
_LUA = "".join(f"load_module {_MODULES}/{name}_module.so;\n" for name in ("ndk_http", "ngx_http_lua"))
# Blocks the worker until the test says so.
_STALL = """location = /stall {{ content_by_lua_block {{
    io.open("{folder}/stalls", "w"):close()
    repeat {looks} until io.open("{folder}/go")
    ngx.say("stalled")
}} }}"""
_GET_STALL = b"GET /stall HTTP/1.1\r\nHost: localhost\r\n\r\n"
_LIMIT = "2s"  # for a command, and for connecting: a busy machine keeps it with ease, but for the stall
_PATIENT = f"mfa_reset_redis_timeout {_LIMIT}; mfa_reset_timeout 20s; mfa_reset_redis_connect_timeout {_LIMIT};"
_OVER = 2.4  # seconds: longer than that


class _Stall:
    """A stall of the worker, begun and ended through a folder; where it `looks`, nginx's copy of the time goes on."""

    def __init__(self, t, looks):
        self._folder = t.subfolder("stall")
        os.chmod(self._folder, 0o777)
        self.location = _STALL.format(folder=self._folder, looks="ngx.update_time()" if looks else "")

    def begun(self):
        return os.path.exists(os.path.join(self._folder, "stalls"))

    async def last(self, seconds):
        """Ends it once it has lasted for that long."""
        await until(self.begun, 5, "the worker stalls")
        await asyncio.sleep(seconds)
        with open(os.path.join(self._folder, "go"), "w", encoding="ascii"):
            pass


async def _held(standin, acting):
    """Runs `acting` with the reply to each script held back; returns what gives them."""
    commands = []

    async def hold(command):
        if command.is_script:
            commands.append(command)
        else:
            await command.pass_on()

    standin.rule = hold
    answers = [asyncio.create_task(each) for each in acting]
    await until(lambda: len(commands) == len(answers), 5, "the scripts have come to Redis")

    async def release():
        for command in commands:
            await command.pass_on()
        standin.rule = truthful

    return answers, release


async def _edge(t, standin, store, **parts):
    nginx = await t.edge(standin.url, http=f"mfa_reset_redis_connections 1; {_PATIENT}", **parts)
    await recovered(nginx.port, store)
    return nginx


async def _stopped(t, standin, store):
    """The worker is stopped while Redis answers, and for longer than Redis may take."""
    nginx = await _edge(t, standin, store)
    worker, = nginx.workers()
    calls = await store.enrol(5)
    answers, release = await _held(standin, [ask(nginx.port, call.request) for call in calls])
    os.kill(worker, signal.SIGSTOP)
    await release()
    await asyncio.sleep(_OVER)
    os.kill(worker, signal.SIGCONT)
    for answer in await asyncio.gather(*answers):
        assert (answer.status, answer.body) == (200, DONE), answer
    assert not nginx.lines("warn", "mfa_reset")


async def test_stopped_while_redis_answers(t):
    store = await t.store()
    await _stopped(t, await t.standin(behind=store.redis), store)


async def test_blocked_while_redis_answers(t):
    """By a module that has nginx look at the clock."""
    store = await t.store()
    standin = await t.standin(behind=store.redis)
    stall = _Stall(t, looks=True)
    nginx = await _edge(t, standin, store, main=_LUA, server=stall.location)
    calls = await store.enrol(5)
    answers, release = await _held(standin, [ask(nginx.port, call.request) for call in calls])
    stalled = asyncio.create_task(ask(nginx.port, _GET_STALL))
    await until(stall.begun, 5, "the worker stalls")
    await release()
    await stall.last(_OVER)
    assert (await stalled).body == b"stalled\n"
    for answer in await asyncio.gather(*answers):
        assert (answer.status, answer.body) == (200, DONE), answer


async def test_a_command_after_its_deadline_is_not_sent(t):
    """In one turn of the event loop: resets, a stall longer than a command may take, and resets again."""
    store = await t.store()
    stall = _Stall(t, looks=False)
    nginx = await t.edge(store.redis.url, main=_LUA, server=stall.location, http=_PATIENT)
    await recovered(nginx.port, store)
    worker, = nginx.workers()
    calls = await store.enrol(10)
    clients = [await Connection(nginx.port).__aenter__() for _ in range(11)]
    for client in clients:  # each has its place in the worker
        await client.send(b"GET /plain HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await client.answer()
    os.kill(worker, signal.SIGSTOP)
    for client, request in zip(clients, [*(call.request for call in calls[:5]), _GET_STALL,
                                         *(call.request for call in calls[5:])]):
        await client.send(request)
    os.kill(worker, signal.SIGCONT)
    await stall.last(_OVER)
    answers = [await client.answer() for client in clients]
    for client in clients:
        client.close()
    assert answers.pop(5).body == b"stalled\n"
    ledger = Ledger(store)
    for call, answer in zip(calls, answers):
        ledger.enter(call, answer)
    t.note(str(ledger))
    for answer in answers[:5]:
        check_unavailable(answer)
        assert not is_uncertain(answer), f"it was not sent: {answer}"
    assert len(ledger.done) == 5, "what came after the stall has its time"
    await ledger.settle()
    assert len(nginx.lines("info", "the time was over before it was sent")) == 5


async def test_stopped_while_redis_greets(t):
    store = await t.store()
    standin = await t.standin(behind=store.redis)
    nginx = await t.edge(standin.url, http=f"mfa_reset_redis_connections 1; {_PATIENT}")
    await recovered(nginx.port, store)
    worker, = nginx.workers()
    greetings = []

    async def hold(command):
        greetings.append(command)

    standin.rule = hold
    for link in list(standin.links):
        link.close()
    await until(lambda: greetings, 5, "it greets")
    os.kill(worker, signal.SIGSTOP)
    standin.rule = truthful
    for command in greetings:
        await command.pass_on()
    await asyncio.sleep(_OVER)
    os.kill(worker, signal.SIGCONT)
    await recovered(nginx.port, store)
    assert "timed out" not in nginx.log(), nginx.log()


async def test_new_workers_that_start_slowly(t):
    """Another module takes longer in a new worker than connecting may take."""
    store = await t.store()
    tls = Authority(t.subfolder("tls")).issue("redis")
    for standin in (await t.standin(behind=store.redis), await t.standin(behind=store.redis, tls=tls)):
        nginx = await t.edge(
            standin.url, main=_LUA,
            http=f"{_PATIENT} mfa_reset_redis_ssl_verify off;\n"
                 f'init_worker_by_lua_block {{ os.execute("sleep {_OVER}") }}')
        await recovered(nginx.port, store, 5)
        await nginx.reload()
        await recovered(nginx.port, store, 5)
        assert "timed out" not in nginx.log(), nginx.log()
