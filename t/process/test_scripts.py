"""Redis forgets its scripts: each reset still happens, and only once."""
import asyncio

from lib.am import Ledger, recovered
from lib.http1 import ask
from lib.load import Load
from lib.standin import truthful


async def test_script_flush_under_load(t):
    store = await t.store()
    nginx = await t.edge(store.redis.url, workers=2)
    await recovered(nginx.port, store)
    calls = await store.mixed(30000)
    ledger = Ledger(store)
    flushes = 0
    async with Load(nginx.port, calls, ledger, fresh=8, kept=24) as load:
        for _ in range(100):
            await store.redis.call("SCRIPT", "FLUSH")
            flushes += 1
            await asyncio.sleep(0.015)
    t.note(f"{flushes} flushes, {load}; {ledger}")
    assert load.failures == [] and load.refused == 0, str(load)
    await ledger.settle()


async def test_script_is_sent_once_by_hash_and_once_by_text(t):
    """Unknown to Redis: EVALSHA, then EVAL; from then on EVALSHA alone."""
    store = await t.store()
    standin = await t.standin(behind=store.redis)
    nginx = await t.edge(standin.url)
    await recovered(nginx.port, store)
    sent = []

    async def watch(command):
        if command.is_script:
            sent.append(command.name)
        await command.pass_on()

    standin.rule = watch
    await store.redis.call("SCRIPT", "FLUSH")
    for wanted in (["EVALSHA", "EVAL"], ["EVALSHA"], ["EVALSHA"]):
        sent.clear()
        call, = await store.enrol(1)
        assert call.answers(await ask(nginx.port, call.request)), "refused with 503"
        assert sent == wanted, f"sent {sent}"
        assert await store.events([call.user]) == [1]


async def test_a_script_with_a_lost_reply_is_not_sent_again(t):
    """The answer to a script that may write is lost: not sent again, by hash or by text."""
    store = await t.store()
    standin = await t.standin(behind=store.redis)
    nginx = await t.edge(standin.url)
    await recovered(nginx.port, store)

    async def lose(command):
        if command.is_script:
            await command.true_reply()
            await command.send_and_close()
        else:
            await command.pass_on()

    for flushed in (False, True):
        if flushed:
            await store.redis.call("SCRIPT", "FLUSH")
        standin.rule = lose
        before = standin.commands
        call, = await store.enrol(1)
        assert not call.answers(await ask(nginx.port, call.request)), "a success without an answer"
        await asyncio.sleep(0.4)
        assert standin.commands == before + 1, "it was sent again"
        standin.rule = truthful
        await recovered(nginx.port, store)
