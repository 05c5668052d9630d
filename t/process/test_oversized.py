"""A value that is too large fails the request that asked for it, and no other on the same connection."""
import asyncio
import json

from lib.am import Ledger, post, recovered
from lib.foundry import LOCATION, People, SECRET, code, error_code, put
from lib.http1 import ask

_MIB = 1 << 20
_PATIENT = "mfa_reset_redis_timeout 9s; mfa_reset_timeout 9s;"  # on a busy machine megabytes take their time
_ATTEMPTS = "mfa_reset_foundry_caller_code required attempts=1000;"
_AM = "location /openam/json/ { mfa_reset am; }"


async def _edge(t, url):
    nginx = t.new_nginx(http=f"mfa_reset_redis {url}; mfa_reset_redis_connections 1; {_PATIENT}",
                        server=f"{_AM}\n{LOCATION % _ATTEMPTS}")
    return await nginx.start()


async def _oversize(redis, size=2 * _MIB):
    """Caller 1 has a session that is too large, caller 2 such a profile, and caller 3 neither."""
    text = "x" * size
    people = await People(redis).seed(3)
    session = {"userAuthId": "1", "roles": ["Admin"], "isAuthenticated": True, "picture": text}
    profiles = [{"uuid": "d569bb53", "sharedSecret": SECRET.hex(), "deviceName": text}]
    await redis.pipeline([("SET", "urn:iauthsession:session-of-1", json.dumps(session)),
                          ("HSET", "mfa:{/foundry/2}", "oathDeviceProfiles", json.dumps(profiles))])
    return people


async def _refused(nginx, caller, status, what):
    answer = await ask(nginx.port, put("u-42", code(), f"session-of-{caller}").replace(b"Expect: 100-continue\r\n", b""))
    assert (answer.status, error_code(answer)) == (status, what), answer


async def _among_resets(t, store, nginx):
    """Ten rounds, in each of them both kinds between resets, all on their way at once."""
    ledger = Ledger(store)
    for _ in range(10):
        calls = await store.enrol(20)
        resets = [ask(nginx.port, call.request) for call in calls]
        refusals = [_refused(nginx, 1, 401, "Unauthorized"), _refused(nginx, 2, 403, "InvalidCallerCode")]
        answers = await asyncio.gather(*resets[:10], *refusals, *resets[10:])
        for call, answer in zip(calls, (*answers[:10], *answers[12:])):
            ledger.enter(call, answer)
    t.note(f"among 20 oversized ones: {ledger}")
    assert len(ledger.done) == 200, ledger
    await ledger.settle()
    assert "was lost" not in nginx.log()
    assert len(nginx.lines("info", "the session is too large to be read")) == 10


async def test_oversized_values_among_resets(t):
    store = await t.store()
    people = await _oversize(store.redis)
    nginx = await _edge(t, store.redis.url)
    await recovered(nginx.port, store)
    await _among_resets(t, store, nginx)
    assert await people.field("failures", 2) == 10, "a profile that cannot be read has no right code"
    assert await people.events() == 0
    answer = await ask(nginx.port, put("u-42", code(), "session-of-3").replace(b"Expect: 100-continue\r\n", b""))
    assert answer.status == 200, answer


async def test_oversized_values_among_resets_of_a_cluster(t):
    """Of a cluster more is read at once, as its map is large."""
    store = await t.cluster_store(masters=1, replicas=0)
    await _oversize(store.redis, 9 * _MIB)
    nginx = await _edge(t, store.redis.url)
    await recovered(nginx.port, store)
    await _among_resets(t, store, nginx)


async def test_oversized_session_of_an_am_caller(t):
    """Any field may be too large: its reader gets an error, and the others their resets."""
    store = await t.store()
    await store.redis.call(*store.session("large", "user", "x" * (2 * _MIB), "realm", "/alpha", "universalId", "id=x"))
    nginx = await _edge(t, store.redis.url)
    await recovered(nginx.port, store)
    calls = await store.enrol(20)
    requests = [call.request for call in calls]
    requests.insert(10, post(calls[0].user, "large"))
    answers = await asyncio.gather(*(ask(nginx.port, request) for request in requests))
    assert answers.pop(10).status == 500
    assert all(call.answers(answer) for call, answer in zip(calls, answers))
    assert "was lost" not in nginx.log()
