"""A caller's code with many workers and connections: used once, counted exactly, locked."""
import asyncio
import collections
import os
import pathlib
import re

from lib.foundry import LOCATION, People, code, error_code, put, wrong_code
from lib.http1 import Connection, ask
from lib.waiting import until

_EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "conf-examples" / "foundry.conf"
_AT_ONCE = 50
_WORKERS = 4


async def _edge(t, redis, policy="", workers=_WORKERS, **parts):
    http = f"mfa_reset_redis {redis.url}; log_format worker $pid;"
    nginx = t.new_nginx(http=http, server=f"{LOCATION % policy} access_log workers.log worker;", workers=workers,
                        **parts)
    return await nginx.start()


async def _answer(connection):
    """The final answer: those of `Expect: 100-continue` come before it."""
    answer = await connection.answer()
    return await connection.answer() if answer.status == 100 else answer


async def _call(port, request):
    async with Connection(port) as connection:
        await connection.send(request)
        return await _answer(connection)


async def _at_once(port, requests):
    """All connections are open before the first request is sent; then all are sent in one go."""
    connections = [Connection(port) for _ in requests]
    try:
        for connection in connections:
            await connection.__aenter__()
        await asyncio.gather(*(connection.send(request) for connection, request in zip(connections, requests)))
        return await asyncio.gather(*(_answer(connection) for connection in connections))
    finally:
        for connection in connections:
            connection.close()


def _outcomes(answers):
    return collections.Counter("200" if answer.status == 200 else f"{answer.status} {error_code(answer)}"
                               for answer in answers)


async def test_many_requests_with_one_code_one_succeeds(t):
    people = await People(await t.redis()).seed()
    nginx = await _edge(t, people.redis)
    for ahead in (0, 1):
        now = code(ahead)
        outcomes = _outcomes(await _at_once(nginx.port, [put("u-42", now)] * _AT_ONCE))
        assert outcomes == {"200": 1, "403 InvalidCallerCode": _AT_ONCE - 1}, outcomes
        assert await people.field("failures") is None, "replays were counted"
        assert await people.field("lockedUntil") is None, "somebody is locked out"
    assert await people.events() == 2
    clients = await people.redis.clients()
    busy = set(pathlib.Path(nginx.folder, "workers.log").read_text(encoding="ascii").split())
    t.note(f"{len(busy)} of {_WORKERS} workers answered, with {len(clients)} connections to Redis")
    assert len(clients) == 2 * _WORKERS
    assert len(busy) > 1, "one worker did all"


async def test_each_caller_has_its_own_codes(t):
    people = await People(await t.redis()).seed(_AT_ONCE)
    nginx = await _edge(t, people.redis)
    now = code()
    outcomes = _outcomes(await _at_once(
        nginx.port, [put("u-42", now, f"session-of-{number}") for number in range(1, _AT_ONCE + 1)]))
    assert outcomes == {"200": _AT_ONCE}, outcomes


async def test_a_burst_of_wrong_codes_is_counted_exactly(t):
    people = await People(await t.redis()).seed()
    nginx = await _edge(t, people.redis, "mfa_reset_foundry_caller_code required attempts=1000;")
    outcomes = _outcomes(await _at_once(nginx.port, [put("u-42", wrong_code())] * _AT_ONCE))
    assert outcomes == {"403 InvalidCallerCode": _AT_ONCE}, outcomes
    assert await people.field("failures") == _AT_ONCE
    assert await people.events() == 0


async def test_only_five_codes_of_a_burst_are_judged(t):
    people = await People(await t.redis()).seed()
    nginx = await _edge(t, people.redis)
    outcomes = _outcomes(await _at_once(nginx.port, [put("u-42", wrong_code())] * _AT_ONCE))
    assert outcomes == {"403 InvalidCallerCode": 5, "429 TooManyAttempts": _AT_ONCE - 5}, outcomes
    assert await people.field("failures") == 5


async def test_the_lock_holds_over_a_reconnect_and_a_reload(t):
    people = await People(await t.redis()).seed()
    nginx = await _edge(t, people.redis, workers=2)
    for _ in range(5):
        await _call(nginx.port, put("u-42", wrong_code()))
    until_when = await people.field("lockedUntil")

    async def still_locked(what):
        answer = await _call(nginx.port, put("u-42", code()))
        assert answer.status == 429, f"{what}: {answer}"
        assert 890 < int(answer.headers["retry-after"]) <= 900, answer.headers
        assert await people.field("lockedUntil") == until_when, what

    await still_locked("at first")
    for client in await people.redis.clients():
        await people.redis.call("CLIENT", "KILL", "ID", client["id"])
    await until(lambda: _connected(people.redis, 4), 5, "all connections are there again")
    await still_locked("after a reconnect")
    await nginx.reload()
    await until(lambda: len(nginx.workers()) == 2, 5, "the old workers end")
    await still_locked("after a reload")
    await people.redis.call("SCRIPT", "FLUSH")
    await still_locked("after Redis has forgotten the scripts")
    assert await people.events() == 0


async def _connected(redis, count):
    return len(await redis.clients()) == count


def _is_reset(command):
    """The script with the keys of the user and the user's events; the others have one key."""
    return command.is_script and command.words[2] == b"2"


async def test_a_used_code_is_reported(t):
    """Redis goes between the judgement of the code and the reset: come back with the next code."""
    people = await People(await t.redis()).seed()
    standin = await t.standin(people.redis)
    nginx = await _edge(t, standin, workers=1)

    async def cannot_now(command):
        if _is_reset(command):
            command.send(b"-LOADING Redis is loading the dataset in memory\r\n")
        else:
            await command.pass_on()

    async def loses_the_answer(command):
        if not _is_reset(command):
            await command.pass_on()
        else:
            await command.send_and_close()

    for rule, ahead, message in ((cannot_now, 0, "Service Unavailable"),
                                 (loses_the_answer, 1, "it may have happened")):
        standin.rule = rule
        answer = await _call(nginx.port, put("u-42", code(ahead)))
        assert (answer.status, error_code(answer)) == (503, "ServiceUnavailable"), answer
        assert message.encode() in answer.body, answer
        assert answer.headers["retry-after"] == "30", answer.headers
    assert await people.field("step"), "the code is used up"
    assert await people.events() == 0


async def test_a_check_whose_reply_is_lost_is_not_repeated(t):
    """It may have used the code up, and is sent once."""
    people = await People(await t.redis()).seed()
    standin = await t.standin(people.redis)
    nginx = await _edge(t, standin, workers=1)
    judged = 0

    async def loses_the_judgement(command):
        nonlocal judged
        if command.is_script and command.words[2] == b"1" and len(command.words) > 4:
            judged += 1
            await command.true_reply()
            await command.send_and_close()
        else:
            await command.pass_on()

    await _call(nginx.port, put("nobody", wrong_code()))  # now Redis knows the scripts
    standin.rule = loses_the_judgement
    answer = await _call(nginx.port, put("u-42", code()))
    assert answer.status == 503 and answer.headers["retry-after"] == "30", answer
    assert b"may have happened" not in answer.body, "nothing was reset"
    assert judged == 1, f"sent {judged} times"
    assert await people.events() == 0


async def test_the_example_works(t):
    """conf-examples/foundry.conf, with what belongs to this test in the place of the system's."""
    people = await People(await t.redis()).seed()
    nginx = t.new_nginx(workers=1)
    with open(os.path.join(nginx.folder, "jwt.key"), "w", encoding="ascii") as file:
        file.write("x" * 32)
    text = _EXAMPLE.read_text(encoding="utf-8")
    for wanted, found in ((f"load_module {t.module}", r"load_module \S+(?=;)"),
                          (f"127.0.0.1:{nginx.port}", r"127\.0\.0\.1:8080(?=;)"),
                          (people.redis.url, r"redis://127\.0\.0\.1:6379/0"),
                          (f"{nginx.folder}/nginx.pid", r"/run/nginx\.pid"),
                          (f"{nginx.folder}/", r"/var/log/nginx/"),
                          ("worker_processes 1;", r"worker_processes auto;"),
                          ("", r"user www-data;"),
                          (_temporary(nginx.folder), r"(?<=^http \{)$")):
        text, count = re.subn(found, lambda _, by=wanted: by, text, flags=re.MULTILINE)
        assert count > 0, found
    nginx.configure(text)
    await nginx.start()
    answer = await _call(nginx.port, put("u-42", code()))
    assert (answer.status, answer.body) == (200, b"{}"), answer
    assert (await ask(nginx.port, b"GET / HTTP/1.0\r\n\r\n")).status == 404
    line = pathlib.Path(nginx.folder, "mfa-reset.json").read_text(encoding="utf-8").splitlines()[0]
    assert '"result":"ok"' in line and '"caller":"/foundry/1"' in line, line


def _temporary(folder):
    return "".join(f" {kind}_temp_path {folder}/{kind};"
                   for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
