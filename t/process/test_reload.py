"""Twenty reloads under load: nobody who makes a new connection may notice."""

from lib.am import Ledger
from lib.http1 import ask
from lib.load import Count, Load, Plain
from lib.waiting import Clock, until

_RELOADS = 20
_WORKERS = 2
_ANSWERS = 30  # between one reload and the next, so that each set of workers does some work


async def _reload_under(load, nginx):
    clock = Clock()
    first = set(nginx.workers())
    async with load:
        for _ in range(_RELOADS):
            await nginx.reload()
            wanted = load.answered + _ANSWERS
            await until(lambda wanted=wanted: load.answered >= wanted, 3, f"{_ANSWERS} answers more")
    latest = None

    def old_ones_gone():
        nonlocal latest
        latest = nginx.workers()
        return len(latest) == _WORKERS

    await until(old_ones_gone, 5, "every old worker ends")
    assert not first & set(latest), "the first workers are still there"
    return clock.seconds


async def test_twenty_reloads_lose_nothing(t):
    store = await t.store()
    nginx = await t.edge(store.redis.url, workers=_WORKERS)
    calls = await store.mixed(60000)
    ledger = Ledger(store)
    ours = Load(nginx.port, calls, ledger)
    seconds = await _reload_under(ours, nginx)
    t.note(f"mfa_reset:   {_RELOADS} reloads in {seconds:.1f} s, {ours}")
    plain = Load(nginx.port, iter(Plain, None), Count())
    seconds = await _reload_under(plain, nginx)
    t.note(f"return 200:  {_RELOADS} reloads in {seconds:.1f} s, {plain}")
    assert ours.failures == [], ours.failures[:5]
    assert ours.refused == 0, "some were refused with 503"
    await ledger.settle()


async def test_reload_moves_to_another_redis(t):
    """Old workers end their connections to the old one; new ones ask the new one."""
    one, two = await t.store(), await t.store()
    nginx = await t.edge(one.redis.url)
    await until(one.redis.clients, 3, "connections to the first Redis")
    text = nginx.configuration()
    nginx.configure(text.replace(one.redis.url, two.redis.url))
    call, = await two.enrol(1)
    await nginx.reload()
    await until(lambda: len(nginx.workers()) == 1, 5, "the old worker ends")
    await until(_nobody_on(one.redis), 3, "no connection to the first Redis is left")
    assert call.answers(await ask(nginx.port, call.request)), "refused with 503"
    assert await two.events([call.user]) == [1]


def _nobody_on(redis):
    async def condition():
        return not await redis.clients()
    return condition
