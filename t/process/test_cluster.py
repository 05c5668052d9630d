"""Redis Cluster."""
from lib.am import Ledger, check_unavailable, is_uncertain, recovered
from lib.http1 import Connection, ask, timed


async def test_smoke(t):
    store = await t.cluster_store()
    nginx = await t.edge(store.redis.url)
    seconds = await recovered(nginx.port, store)
    t.note(f"{seconds:.3f}")
    for call in await store.mixed(30):
        answer = await ask(nginx.port, call.request)
        assert call.answers(answer), answer
    t.note(str(await store.redis.clients()))
    t.note(nginx.log()[-1500:])
