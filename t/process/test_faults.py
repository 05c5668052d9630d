"""Redis answers what it must not: no success that did not happen, no answer of another request."""
import asyncio
import json

from lib.am import Ledger, check_unavailable, down, is_uncertain, recovered
from lib.http1 import ask
from lib.standin import truthful
from lib.waiting import Clock, scaled, until

# The reply to a successful reset; also used as a reply to other commands.
_SUCCESS = b"$16\r\ndone\0amAdmin\0/\0x\r\n"

_WRONG_KIND = {
    "status": b"+OK\r\n", "integer": b":1\r\n", "nil": b"$-1\r\n", "nil array": b"*-1\r\n",
    "empty string": b"$0\r\n\r\n", "verdict alone": b"$4\r\ndone\r\n", "NULs": b"$3\r\n\0\0\0\r\n",
    "caller half said": b"$14\r\ndone\0amAdmin\0/\r\n",
    "nobody with a name": _SUCCESS.replace(b"$16\r\ndone", b"$27\r\nunauthenticated"),
    "status of a success": _SUCCESS.replace(b"$16\r\n", b"+"), "array of a success": b"*1\r\n" + _SUCCESS,
    "empty array": b"*0\r\n", "array of nils": b"*4\r\n" + b"$-1\r\n" * 4,
    "array of integers": b"*4\r\n" + b":1\r\n" * 4,
    "unknown verdict": _SUCCESS.replace(b"done", b"dame"), "error": b"-ERR something is wrong\r\n",
    "WRONGTYPE": b"-WRONGTYPE Operation against a key\r\n", "bare error": b"-\r\n",
}

_NOT_REDIS = {
    "garbage": b"hello, this is no Redis\r\n", "HTTP": b"HTTP/1.1 400 Bad Request\r\n\r\n", "NULs": bytes(64),
    "blank line": b"\r\n", "no length": b"*\r\n", "length not a number": b"*x\r\n", "negative length": b"$-2\r\n",
    "very negative length": b"*-2147483649\r\n", "endless array": b"*2147483647\r\n",
    "array over any limit": b"*5000\r\n",
    "endless string": b"$4294967296\r\n", "length over 64 bits": b"$99999999999999999999\r\n",
    "deep nesting": b"*1\r\n" * 2000 + b":1\r\n",
    "RESP3 map": b"%1\r\n+a\r\n:1\r\n", "RESP3 push": b">1\r\n+a\r\n", "long line": b"+" + b"x" * (2 << 20),
}


def _answering(reply):
    async def rule(command):
        if command.is_script:
            command.send(reply)
        else:
            await command.pass_on()
    return rule


async def _behind_standin(t, **parts):
    store = await t.store()
    standin = await t.standin(behind=store.redis)
    nginx = await t.edge(standin.url, **parts)
    await recovered(nginx.port, store)
    return store, standin, nginx


async def test_a_reply_of_the_wrong_type_is_500(t):
    """The connection is in step, and stays."""
    store, standin, nginx = await _behind_standin(t)
    made = standin.accepted
    for name, reply in _WRONG_KIND.items():
        standin.rule = _answering(reply)
        call, = await store.enrol(1)
        answer = await ask(nginx.port, call.request)
        assert answer.status == 500, f"{name}: wanted 500, got {answer}"
        assert json.loads(answer.body)["reason"] == "Internal Server Error", f"{name}: {answer}"
        standin.rule = truthful
        call, = store.unknown(1)
        assert call.answers(await ask(nginx.port, call.request)), f"after {name}: refused with 503"
    assert standin.accepted == made, "connections were made anew"


async def test_an_invalid_reply_ends_the_connection(t):
    store, standin, nginx = await _behind_standin(t, http="mfa_reset_redis_connections 32;")
    await until(lambda: len(standin.links) == 32, 3, "32 connections")
    for name, reply in _NOT_REDIS.items():
        made = standin.accepted
        standin.rule = _answering(reply)
        call, = await store.enrol(1)
        clock = Clock()
        answer = await ask(nginx.port, call.request)
        standin.rule = truthful
        assert is_uncertain(answer), f"{name}: wanted 503 that says that it may have happened, got {answer}"
        if name != "endless string":  # before the deadline it looks like a slow server
            assert clock.seconds < scaled(0.2), f"{name}: noticed after {clock.seconds:.3f} s only"
        call, = store.unknown(1)
        assert call.answers(await ask(nginx.port, call.request)), f"after {name}: refused with 503"
        await until(lambda: standin.accepted > made, 3, f"{name}: the connection is replaced")


async def test_a_string_longer_than_announced_is_no_success(t):
    """The protocol's reader may notice only later that the two are out of step."""
    store, standin, nginx = await _behind_standin(t)
    standin.rule = _answering(_SUCCESS.replace(b"$16", b"$14"))
    call, = await store.enrol(1)
    answer = await ask(nginx.port, call.request)
    assert answer.status in (500, 503), str(answer)
    standin.rule = truthful
    for call in store.unknown(4):
        call.answers(await ask(nginx.port, call.request))
    await recovered(nginx.port, store)


async def test_a_reply_over_the_limit_is_not_buffered(t):
    """It is not read to its end, and the worker does not grow by it."""
    store, standin, nginx = await _behind_standin(t)
    taken = 0

    async def flood(command):
        nonlocal taken
        if not command.is_script:
            await command.pass_on()
            return
        command.send(b"$1000000000\r\n")
        for _ in range(1000):
            command.send(bytes(65536))
            taken += 65536
            await asyncio.wait_for(command.link.writer.drain(), 20)

    standin.rule = flood
    call, = await store.enrol(1)
    check_unavailable(await ask(nginx.port, call.request))
    standin.rule = truthful
    await recovered(nginx.port, store)
    t.note(f"{taken >> 10} KiB went out before the connection was closed")
    assert taken < 16 << 20, f"{taken} bytes were taken in"


async def test_an_unexpected_reply_reaches_no_request(t):
    """A success too many, behind a true reply, after it, or out of nowhere. The connection is given up:
    who knows what else it will bring."""
    store, standin, nginx = await _behind_standin(t)

    async def behind(command):
        reply = await command.true_reply()
        command.send(reply + (_SUCCESS if command.is_script else b""))

    async def later(command):
        command.send(await command.true_reply())
        if command.is_script:
            asyncio.get_running_loop().call_later(0.02, command.send, _SUCCESS)

    for rule in (behind, later):
        for _ in range(3):
            made = standin.accepted
            standin.rule = rule
            first, = store.unknown(1)
            assert first.answers(await ask(nginx.port, first.request)), "refused with 503"
            await asyncio.sleep(0.05)
            standin.rule = truthful
            await _nothing_is_stale(nginx, store)
            await until(lambda n=made: standin.accepted > n, 2, "the connection is replaced")
    made = standin.accepted
    for link in standin.links:
        link.send(_SUCCESS)
    await asyncio.sleep(0.05)
    await _nothing_is_stale(nginx, store)
    await until(lambda: standin.accepted == made + 2, 2, "both connections are replaced")


async def _nothing_is_stale(nginx, store):
    for call in store.unknown(4):
        call.answers(await ask(nginx.port, call.request))
    await recovered(nginx.port, store)


async def test_late_replies_in_every_order_of_deadlines(t):
    """Each reply is held for a time of its own around the deadline; every answer is its request's."""
    limit = 0.06  # far below mfa_reset_timeout on any machine: a busy one takes more rounds
    store, standin, nginx = await _behind_standin(t, http=f"mfa_reset_redis_timeout {limit * 1000:.0f}ms;")
    delays = [part * limit for part in (0, 0.17, 0.9, 1, 1.1, 1.5, 2.5)]
    asked = 0

    async def slow(command):
        nonlocal asked
        reply = await command.true_reply()
        if command.is_script:
            asked += 1
            await asyncio.sleep(delays[asked % len(delays)] / 3)
        command.send(reply)

    standin.rule = slow
    ledger = Ledger(store)
    rounds = unsent = 0
    while rounds < 12 or rounds < 100 and not (ledger.done and ledger.uncertain):
        calls = await store.mixed(12)
        answers = await asyncio.gather(*(ask(nginx.port, call.request) for call in calls))
        for call, answer in zip(calls, answers):
            ledger.enter(call, answer)
            unsent += answer.status == 503 and not is_uncertain(answer)
        rounds += 1
    t.note(f"{ledger}, in {rounds} rounds")
    assert ledger.done and ledger.uncertain, "nothing was in time, or nothing late"
    sent = 12 * rounds - unsent
    await until(lambda: asked >= sent, 10, "every script that was sent has run")
    standin.rule = truthful
    await recovered(nginx.port, store)
    await ledger.settle()


async def test_server_that_never_answers_is_replaced(t):
    store, standin, nginx = await _behind_standin(t, http="mfa_reset_redis_connect_timeout 300ms;")
    made = standin.accepted

    async def silent(command):
        if not command.is_script:
            await command.pass_on()

    standin.rule = silent
    for call in store.unknown(4):
        check_unavailable(await ask(nginx.port, call.request))
    await until(lambda: standin.accepted > made, 3, "a silent connection is replaced")
    standin.rule = truthful
    await recovered(nginx.port, store)


async def test_loading_and_readonly_are_503(t):
    """Redis says that it did not do it."""
    store, standin, nginx = await _behind_standin(t)
    for said in ("LOADING Redis is loading the dataset in memory", "READONLY You can't write against a read only replica.",
                 "BUSY Redis is busy running a script.", "MASTERDOWN Link with MASTER is down",
                 "CLUSTERDOWN The cluster is down", "TRYAGAIN Multiple keys request during rehashing of slot"):
        standin.rule = _answering(b"-%s\r\n" % said.encode())
        call, = await store.enrol(1)
        answer = await ask(nginx.port, call.request)
        check_unavailable(answer)
        assert not is_uncertain(answer), f"{said}: it did not happen: {answer}"


async def _greeting_fails(t, rule, patience="20s"):
    """Every greeting is met by `rule`: 503, one error line, and recovery when it ends."""
    store = await t.store()
    standin = await t.standin(behind=store.redis)
    standin.rule = rule
    nginx = await t.edge(standin.url, http=f"mfa_reset_redis_connect_timeout {patience};")
    await down(nginx.port)
    await until(lambda: standin.accepted >= 6, 3, "each connection was tried again, twice")
    answer = await ask(nginx.port, store.unknown(1)[0].request)
    check_unavailable(answer)
    assert not is_uncertain(answer), f"nothing was sent: {answer}"
    assert len(nginx.lines("error")) == 1, nginx.lines("error")
    said = nginx.lines("error")[0]
    standin.rule = truthful
    await recovered(nginx.port, store)
    return said


async def test_greeting_refused(t):
    for error in ("NOAUTH Authentication required.", "DENIED Redis is running in protected mode",
                  "ERR max number of clients reached", "LOADING Redis is loading the dataset in memory"):
        async def refuse(command, error=error):
            command.send(f"-{error}\r\n".encode())
        said = await _greeting_fails(t, refuse)
        assert error.split()[0] in said, said


async def test_greeting_answered_with_invalid_replies(t):
    for reply in (b"+FINE\r\n", b":1\r\n", b"*-1\r\n", b"hello\r\n", b"$2\r\nOK\r\n"):
        async def nonsense(command, reply=reply):
            command.send(reply)
        await _greeting_fails(t, nonsense)


async def test_greeting_never_answered(t):
    async def silent(_command):
        pass
    await _greeting_fails(t, silent, "200ms")


async def test_greeting_cut_at_every_byte(t):
    store = await t.store()
    standin = await t.standin(behind=store.redis)
    cuts = iter(range(5))

    async def cut(command):
        length = next(cuts, None)
        if length is None:
            standin.rule = truthful
            await command.pass_on()
        else:
            await command.send_and_close(b"+OK\r\n"[:length])

    standin.rule = cut
    nginx = await t.edge(standin.url, http="mfa_reset_redis_connections 1;")
    await recovered(nginx.port, store, 4)
    assert len(nginx.lines("error", "is down")) == 1, nginx.lines("error")
