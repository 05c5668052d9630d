"""Redis is killed while it works: 503 that says what may have happened, and no wrong answer."""
import asyncio
import itertools

from lib.am import Ledger, check_unavailable, is_uncertain, pending, recovered
from lib.http1 import Connection, ask
from lib.load import Load
from lib.standin import truthful
from lib.waiting import until

# A connection that was lost young is made again after a while; with many there is always one ready.
_MANY = "mfa_reset_redis_connections 32;"
_PATIENT = "mfa_reset_redis_timeout 30s; mfa_reset_timeout 30s;"


async def _cut_everywhere(t, make_calls, expect_event):
    """Cuts the reply to one kind of call at every byte, by FIN and by RST in turn."""
    store = await t.store()
    standin = await t.standin(behind=store.redis)
    nginx = await t.edge(standin.url, http=_MANY)
    await until(lambda: len(standin.links) == 32, 3, "32 connections")
    await recovered(nginx.port, store)
    length = await _reply_length(standin, nginx, (await make_calls(store, 1))[0])
    calls = await make_calls(store, length)
    for cut, (call, abort) in enumerate(zip(calls, itertools.cycle((False, True)))):
        standin.rule = _cutting_once(standin, cut, abort)
        answer = await ask(nginx.port, call.request)
        check_unavailable(answer)
        assert is_uncertain(answer), f"cut after {cut} of {length} bytes, and it does not say that it may have happened"
        if expect_event:
            assert await store.events([call.user]) == [1], "the stand-in has let it happen"
        other = store.unknown(1)[0]
        assert other.answers(await ask(nginx.port, other.request)), f"nothing answers after the cut at byte {cut}"
    t.note(f"replies of {length} bytes, cut before each")


async def _reply_length(standin, nginx, call):
    lengths = []

    async def measure(command):
        reply = await command.true_reply()
        if command.is_script:
            lengths.append(len(reply))
        command.send(reply)

    standin.rule = measure
    assert call.answers(await ask(nginx.port, call.request)), "refused with 503"
    return lengths[-1]


def _cutting_once(standin, cut, abort):
    async def rule(command):
        reply = await command.true_reply()
        if not command.is_script:
            command.send(reply)
            return
        standin.rule = truthful
        await command.send_and_close(reply[:cut], abort)
    return rule


async def test_success_cut_at_every_byte_is_uncertain(t):
    await _cut_everywhere(t, lambda store, count: store.enrol(count), expect_event=True)


async def test_unknown_user_cut_at_every_byte_is_uncertain(t):
    async def unknown(store, count):
        return store.unknown(count)
    await _cut_everywhere(t, unknown, expect_event=False)


async def test_a_cut_affects_only_later_replies(t):
    """40 requests wait on one connection; it ends after whole replies and a half: those count, the rest does not."""
    store = await t.store()
    standin = await t.standin(behind=store.redis)
    nginx = await t.edge(standin.url, http=f"mfa_reset_redis_connections 1; {_PATIENT}")
    await recovered(nginx.port, store)
    calls = await store.mixed(40)
    gathered, replies = asyncio.Event(), []

    async def collect(command):
        reply = await command.true_reply()
        if not command.is_script:
            command.send(reply)
            return
        replies.append(reply)
        if len(replies) == len(calls):
            gathered.set()
            standin.rule = truthful
            await command.send_and_close(b"".join(replies)[:sum(map(len, replies[:25])) + 7])

    standin.rule = collect
    answers = await asyncio.gather(*(ask(nginx.port, call.request) for call in calls))
    assert gathered.is_set()
    ledger = Ledger(store)
    good = sum(ledger.enter(call, answer) for call, answer in zip(calls, answers))
    assert good == 25, f"25 whole replies were sent, and {good} requests were answered"
    assert not ledger.refused, "everything was sent: each of the rest may have happened"
    await ledger.settle()
    await recovered(nginx.port, store)


async def test_killed_under_load_and_started_again(t):
    """kill -9 with every write on disk before its reply: each success is in what comes back."""
    store = await t.store(appendonly="yes", appendfsync="always")
    nginx = await t.edge(store.redis.url, workers=2)
    await recovered(nginx.port, store)
    calls = await store.mixed(40000)
    ledger = Ledger(store)
    async with Load(nginx.port, calls, ledger, fresh=16, kept=32) as load:
        for _ in range(5):
            await asyncio.sleep(0.4)
            await store.redis.kill()
            await asyncio.sleep(0.1)
            await store.redis.start()
            await asyncio.sleep(0.4)
    t.note(f"{load}; {ledger}")
    assert load.failures == [], load.failures[:5]
    assert ledger.done and ledger.uncertain and ledger.refused, "the kills hit nothing"
    await recovered(nginx.port, store)
    await ledger.settle()


async def test_a_keepalive_client_survives_it(t):
    """The client's own connection is not closed because Redis's was."""
    store = await t.store()
    nginx = await t.edge(store.redis.url, http=_PATIENT)
    await recovered(nginx.port, store)
    async with Connection(nginx.port) as client:
        store.redis.freeze()
        call, = store.unknown(1)
        await client.send(call.request)
        await pending(nginx.port, 1)
        await store.redis.kill()
        answer = await client.answer()
        check_unavailable(answer)
        assert is_uncertain(answer), f"it was sent: {answer}"
        await store.redis.start()
        await store.seed()
        await recovered(nginx.port, store)
        call, = await store.enrol(1)
        assert call.answers(await client.ask(call.request))
