"""A request ends by mfa_reset_timeout in every case: several commands, commands that are sent again, lost connections,
and an AM that does not answer."""
import asyncio
import signal

from lib import processes
from lib.am import DONE, check_unavailable, headers, is_uncertain, recovered, target
from lib.backend import whose
from lib.beside import own_reset, session_edge
from lib.foundry import LOCATION, People, code, put
from lib.http1 import Connection, ask
from lib.http2 import Connection as Http2
from lib.standin import truthful
from lib.waiting import Clock, scaled, until

_NOSCRIPT = b"-NOSCRIPT No matching script. Please use EVAL.\r\n"
_LIMIT = 0.4  # seconds
_PATIENT = "mfa_reset_redis_timeout 9s;"


async def _ends_in_time(answering, least=_LIMIT - 0.02):
    clock = Clock()
    answer = await answering
    assert least <= clock.seconds <= _LIMIT + scaled(0.15), f"answered after {clock.seconds:.3f} s: {answer}"
    return answer


async def _edge(t):
    store = await t.store()
    standin = await t.standin(behind=store.redis)
    nginx = await t.edge(standin.url, http=f"{_PATIENT} mfa_reset_timeout {_LIMIT * 1000:.0f}ms;")
    await recovered(nginx.port, store)
    call, = await store.enrol(1)
    return store, standin, nginx, call


async def test_a_late_noscript_and_then_no_reply(t):
    store, standin, nginx, call = await _edge(t)

    async def late(command):
        if command.name == "EVALSHA":
            await asyncio.sleep(0.25)
            command.send(_NOSCRIPT)
        elif not command.is_script:
            await command.pass_on()

    standin.rule = late
    assert is_uncertain(await _ends_in_time(ask(nginx.port, call.request)))
    standin.rule = truthful
    await recovered(nginx.port, store)


async def test_noscript_at_the_deadline(t):
    """What would be sent after it is not sent."""
    store, standin, nginx, call = await _edge(t)
    sent = []

    async def late(command):
        if command.is_script:
            sent.append(command.name)
            await asyncio.sleep(_LIMIT + 0.05)
            command.send(_NOSCRIPT)
        else:
            await command.pass_on()

    standin.rule = late
    await _ends_in_time(ask(nginx.port, call.request))
    await asyncio.sleep(0.2)
    assert sent == ["EVALSHA"], sent
    assert await store.untouched(call.user)


async def test_the_connection_is_lost_between_two_commands(t):
    """NOSCRIPT, then each connection ends that gets the script's text, or no other one comes to be."""
    store, standin, nginx, call = await _edge(t)

    async def lose(command):
        if command.name == "EVALSHA":
            await asyncio.sleep(0.1)
            command.send(_NOSCRIPT)
        elif command.is_script:
            for link in list(standin.links):
                link.close()

    standin.rule = lose
    assert is_uncertain(await _ends_in_time(ask(nginx.port, call.request), 0))
    check_unavailable(await _ends_in_time(ask(nginx.port, call.request)))  # waits for a connection, in vain
    standin.rule = truthful
    await recovered(nginx.port, store, 3)
    assert await store.untouched(call.user)


async def test_four_slow_commands(t):
    """Foundry's: each is in time, all together are not."""
    redis = await t.redis()
    people = await People(redis).seed()
    standin = await t.standin(behind=redis)
    nginx = t.new_nginx(http=f"mfa_reset_redis {standin.url};",
                        server=LOCATION % f"mfa_reset_timeout {_LIMIT * 1000:.0f}ms;")
    await nginx.start()
    request = put("u-42", code()).replace(b"Expect: 100-continue\r\n", b"")

    async def slow(command):
        if not command.is_greeting:
            await asyncio.sleep(0.15)
        await command.pass_on()

    standin.rule = slow
    await asyncio.sleep(0.2)
    assert (await _ends_in_time(ask(nginx.port, request))).status == 503
    await asyncio.sleep(0.3)
    assert await people.events() == 0


async def _silent_am(t):
    """An AM that answers only when it is told to, long after the request's deadline."""
    release = asyncio.Event()

    async def hold(received):
        await received.read_body()
        await release.wait()
        await whose(received)

    parts = await session_edge(t, f"mfa_reset_timeout {_LIMIT * 1000:.0f}ms; client_max_body_size 1m;", rule=hold)
    return (*parts, release)


async def test_am_does_not_answer(t):
    store, behind, nginx, release = await _silent_am(t)
    calls = await store.enrol(40)
    worker, = nginx.workers()
    files = len(processes.open_files(worker))
    clients = [await Connection(nginx.port).__aenter__() for _ in calls]
    clock = Clock()
    for call, client in zip(calls, clients):
        await client.send(own_reset(call.user))
    for client in clients:
        answer = await client.answer()
        check_unavailable(answer)
        assert answer.headers["connection"] == "close"
    assert _LIMIT - 0.05 <= clock.seconds <= _LIMIT + scaled(0.3), f"answered after {clock.seconds:.3f} s"
    await until(lambda: len(behind.received) == len(calls), 3, "AM is asked for all")
    assert "503 POST " not in nginx.access(), "the subrequests have ended"
    for number, client in enumerate(clients):
        if number % 4 == 0:
            client.close()
        elif number % 4 == 1:
            client.reset()
    await asyncio.sleep(0.1)
    release.set()
    await asyncio.sleep(0.1)
    for client in clients:
        client.close()
    await until(lambda: nginx.access().count("503 POST ") == len(calls), 3, "each has ended")
    await until(lambda: len(processes.open_files(worker)) == files, 3, "all is closed")
    for call in calls:
        assert await store.untouched(call.user)
    assert (await ask(nginx.port, own_reset(calls[0].user))).body == DONE, "and then all is well"


async def test_am_does_not_answer_http2(t):
    store, behind, nginx, release = await _silent_am(t)
    calls = await store.enrol(20)
    async with Http2(nginx.http2) as client:
        clock = Clock()
        streams = [client.post(target(call.user), headers(f"token-of-{call.user}"), b"{}") for call in calls]
        for stream in streams:
            assert b"Service Unavailable" in await client.body(stream)
        assert _LIMIT - 0.05 <= clock.seconds <= _LIMIT + scaled(0.3), f"answered after {clock.seconds:.3f} s"
        release.set()
        await until(lambda: nginx.access().count("503 POST ") == len(calls), 3, "each has ended")
        other = client.post(target(calls[0].user), headers(f"token-of-{calls[0].user}"), b"{}")
        assert await client.body(other) == DONE, "the connection serves on"
    assert len(behind.received) == len(calls) + 1
    assert await store.events([call.user for call in calls]) == [1] + [0] * (len(calls) - 1)


async def test_am_answers_at_the_deadline(t):
    """At about the deadline both answers are right; each is complete, and after a 503 no user is reset."""
    async def close(received):
        await asyncio.sleep(_LIMIT + int(received.token[-2:]) / 1000 - 0.03)
        await whose(received)

    store, behind, nginx, _ = await _silent_am(t)
    calls = await store.enrol(60)
    behind.rule = close

    async def one(number, call):
        await store.redis.call("HSET", store.user_key(f"{call.user}-{number:02}"), "uid", "x")
        return await ask(nginx.port, own_reset(f"{call.user}-{number:02}"))

    answers = await asyncio.gather(*(one(number, call) for number, call in enumerate(calls)))
    users = [f"{call.user}-{number:02}" for number, call in enumerate(calls)]
    events = await store.events(users)
    done = [answer.status == 200 for answer in answers]
    t.note(f"{sum(done)} done, {len(done) - sum(done)} refused")
    for user, answer, count in zip(users, answers, events):
        if answer.status != 200:
            check_unavailable(answer)
        assert count in ({1} if answer.status == 200 else {0, 1} if is_uncertain(answer) else {0}), f"{user}: {answer}"
    assert len(done) == 60


async def test_quit_while_am_does_not_answer(t):
    store, behind, nginx, release = await _silent_am(t)
    call, = await store.enrol(1)
    answering = asyncio.create_task(_ends_in_time(ask(nginx.port, own_reset(call.user))))
    await until(lambda: len(behind.received) == 1, 3, "AM is asked")
    nginx.signal(signal.SIGQUIT)
    check_unavailable(await answering)
    release.set()
    await nginx.ended(3, "after the subrequest")


async def test_am_that_never_answers_leaks_nothing(t):
    store, behind, nginx, release = await _silent_am(t)
    calls = await store.enrol(50)
    worker, = nginx.workers()

    async def give_up():
        count = len(behind.received)
        release.clear()
        clients = [await Connection(nginx.port).__aenter__() for _ in calls]
        for call, client in zip(calls, clients):
            await client.send(own_reset(call.user))
        for client in clients:
            check_unavailable(await client.answer())
            client.close()
        release.set()
        await until(lambda: nginx.access().count("503 POST ") == count + 50, 3, "each has ended")

    for _ in range(3):
        await give_up()
    files, size = len(processes.open_files(worker)), processes.resident_kib(worker)
    for _ in range(12):
        await give_up()
    await until(lambda: len(processes.open_files(worker)) == files, 3, "all is closed")
    grown = processes.resident_kib(worker) - size
    t.note(f"600 given up: the worker grew by {grown} KiB")
    assert grown < (16384 if t.sanitize else 512), f"the worker grew by {grown} KiB"
