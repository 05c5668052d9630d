"""mfa_reset_am_session_cache: what AM said about a session is kept for that time, and not longer than the session."""
import asyncio
import hashlib
import json

from lib.am import DONE, check_unavailable, universal_id
from lib.backend import session_info, whose
from lib.beside import own_reset, session_edge, strange_reset
from lib.http1 import ask

_CACHE = "mfa_reset_am_session_cache 50s;"


def _key(token):
    return f"mfa:amsession:{hashlib.sha256(token.encode()).hexdigest()}"


async def _remembered(t, rule, am=_CACHE, user="user-0"):
    """After one reset: the key's value and its time to live, and how often AM is asked for three more."""
    store, behind, nginx = await session_edge(t, am, rule=rule)
    await store.enrol(1)
    first = await ask(nginx.port, own_reset(user))
    value, left = await store.redis.pipeline([("GET", _key(f"token-of-{user}")), ("PTTL", _key(f"token-of-{user}"))])
    for _ in range(3):
        assert (await ask(nginx.port, own_reset(user))).body == first.body
    return value, left, len(behind.received), first


def _info(**more):
    async def rule(received):
        await received.read_body()
        await received.answer(200, session_info("user-0", **more))
    return rule


async def test_what_is_cached(t):
    value, left, asked, _ = await _remembered(t, whose)
    assert json.loads(value) == {"username": "user-0", "realm": "/alpha",
                                 "universalId": universal_id("user-0", "/alpha"), "authLevel": "10"}, value
    assert 30000 < left <= 50000 and asked == 1, (left, asked)


async def test_no_cache_without_the_directive(t):
    assert (await _remembered(t, whose, am=""))[:3] == (None, -2, 4)


async def test_not_longer_than_the_session(t):
    for more in ({"lives": 30, "idle": 600}, {"lives": 600, "idle": 30}):
        _, left, asked, first = await _remembered(t, _info(**more))
        assert 5000 < left <= 30000 and asked == 1 and first.body == DONE, (more, left, asked)


async def test_no_cache_if_the_end_of_the_session_is_unknown(t):
    for more in ({"maxSessionExpirationTime": None}, {"maxSessionExpirationTime": "soon"},
                 {"maxIdleExpirationTime": "soon"},
                 {"maxSessionExpirationTime": 4102444800}, {"maxIdleExpirationTime": None},
                 {"lives": -1}, {"idle": -1}, {"maxSessionExpirationTime": "2099-02-30T00:00:00Z"}):
        assert (await _remembered(t, _info(**more)))[:3] == (None, -2, 4), more


async def test_a_session_that_cannot_idle_out(t):
    async def rule(received):
        await received.read_body()
        info = json.loads(session_info("user-0"))
        del info["maxIdleExpirationTime"]
        await received.answer(200, json.dumps(info).encode())

    _, left, asked, _ = await _remembered(t, rule)
    assert 30000 < left <= 50000 and asked == 1, (left, asked)


async def test_a_session_that_never_ends(t):
    never = "9999-12-31T23:59:59Z"
    _, left, asked, _ = await _remembered(t, _info(maxIdleExpirationTime=never, maxSessionExpirationTime=never))
    assert 30000 < left <= 50000 and asked == 1, (left, asked)


async def test_an_invalid_session_is_not_cached(t):
    async def no(received):
        await received.read_body()
        await received.answer(401)

    value, left, asked, first = await _remembered(t, no)
    assert (value, left, asked, first.status) == (None, -2, 4, 401)


async def test_after_the_time_am_is_asked_again(t):
    store, behind, nginx = await session_edge(t, "mfa_reset_am_session_cache 20s;")
    call, = await store.enrol(1)
    for _ in range(2):
        assert (await ask(nginx.port, own_reset(call.user))).body == DONE
    assert len(behind.received) == 1
    key = _key(f"token-of-{call.user}")
    assert 0 < await store.redis.call("PTTL", key) <= 20000
    await store.redis.call("PEXPIRE", key, 0)  # as if the time were over
    behind.rule = _refuse
    assert (await ask(nginx.port, own_reset(call.user))).status == 401, "the session has ended meanwhile"
    assert len(behind.received) == 2


async def _refuse(received):
    await received.read_body()
    await received.answer(401)


async def test_each_token_has_its_own_entry(t):
    store, behind, nginx = await session_edge(t, _CACHE)
    calls = await store.enrol(30)

    async def turn(call):
        for _ in range(3):
            assert (await ask(nginx.port, own_reset(call.user))).body == DONE
            request, wanted = strange_reset(call.user, f"eve-{call.user}")
            assert (await ask(nginx.port, request)).body == wanted

    await asyncio.gather(*(turn(call) for call in calls))
    assert len(behind.received) == 60


async def test_a_damaged_entry_is_ignored(t):
    store, behind, nginx = await session_edge(t, _CACHE)
    call, = await store.enrol(1)
    for number, wrong in enumerate((b"", b"{}", b"[]", b'{"username":"x"}', b"\0\xff", b"x" * 5000)):
        await store.redis.call("SET", _key(f"token-of-{call.user}"), wrong)
        assert (await ask(nginx.port, own_reset(call.user))).body == DONE
        assert len(behind.received) == number + 1
    await store.redis.pipeline([("DEL", _key(f"token-of-{call.user}")), ("LPUSH", _key(f"token-of-{call.user}"), "x")])
    assert (await ask(nginx.port, own_reset(call.user))).body == DONE


async def test_if_redis_is_full_am_is_asked(t):
    """Redis gone: AM knows the caller, and nothing can be reset."""
    store, behind, nginx = await session_edge(t, _CACHE)
    call, = await store.enrol(1)
    await store.redis.kill()
    check_unavailable(await ask(nginx.port, own_reset(call.user)))
    assert len(behind.received) == 1
