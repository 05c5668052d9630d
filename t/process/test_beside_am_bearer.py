"""Access tokens: what the authorization server is sent, what is remembered of its answers, and one that is slow."""
import json
import time
import urllib.parse

from lib.am import DONE, check_unavailable, error, target
from lib.http1 import ask, compose
from lib.waiting import until

TOKEN = "eyJ0+a/b.c_d-e~f=="


class _Server:
    """Answers what the test says, and keeps the forms that it was sent."""

    def __init__(self, **answer):
        self.answer = {"active": True, "sub": "robot", "scope": "fr:am:*", **answer}
        self.forms = []

    async def __call__(self, received):
        self.forms.append(urllib.parse.parse_qs((await received.read_body()).decode(), strict_parsing=True))
        await received.answer(200, json.dumps(self.answer).encode(), [("Content-Type", "application/json")])


async def _edge(t, rule, more="", read="20s"):
    store, behind = await t.store(), await t.backend()
    behind.rule = rule
    nginx = await t.edge(store.redis.url, http="mfa_reset_redis_timeout 20s;", am=f"""
        mfa_reset_am_bearer introspect=/introspect realm=/alpha; {more}""", server=f"""
        location = /introspect {{ internal; proxy_pass {behind.url}/introspect; proxy_read_timeout {read}; }}""")
    return store, behind, nginx


def _reset(user, *headers):
    return compose("POST", target(user), (("Authorization", f"Bearer {TOKEN}"), ("Accept-API-Version", "resource=1.0"),
                                          *headers), b"{}")


async def test_the_server_is_sent_the_token_and_nothing_of_the_client(t):
    rule = _Server()
    store, behind, nginx = await _edge(t, rule)
    call, = await store.enrol(1)
    answer = await ask(nginx.port, _reset(call.user, ("Cookie", "a=b"), ("X-Own", "1"), ("User-Agent", "own")))
    assert answer.body == DONE, str(answer)
    assert rule.forms == [{"token": [TOKEN], "token_type_hint": ["access_token"]}], rule.forms
    received = behind.received[-1]
    names = {name.lower() for name, _ in received.headers}
    assert (received.method, received.target) == ("POST", "/introspect")
    assert not names & {"authorization", "cookie", "x-own", "user-agent", "accept-api-version"}, received.head
    events = await store.redis.call("XRANGE", store.user_key(call.user) + ":events", "-", "+")
    assert b"id=robot" in events[0][1], events
    assert TOKEN not in nginx.log()


async def test_a_remembered_token_counts_until_its_time_is_over(t):
    rule = _Server(exp=int(time.time()) + 3600)
    store, _, nginx = await _edge(t, rule, "mfa_reset_am_session_cache 60s;")
    calls = await store.enrol(3)
    for call in calls[:2]:
        assert (await ask(nginx.port, _reset(call.user))).body == DONE
    assert len(rule.forms) == 1, "it was asked again"
    rule.answer = {"active": False}
    assert (await ask(nginx.port, _reset(calls[2].user))).body == DONE, "revoked, and remembered for a while"
    keys = await store.redis.call("KEYS", "mfa:amsession:*")
    assert len(keys) == 1 and TOKEN.encode() not in keys[0], keys
    assert 0 < await store.redis.call("PTTL", keys[0]) <= 60000
    await store.redis.call("DEL", keys[0])
    answer = await ask(nginx.port, _reset(calls[2].user))
    assert answer.body == error(401, "Unauthorized", "Access Denied"), str(answer)
    assert not await store.redis.call("KEYS", "mfa:amsession:*"), "what is not good is not remembered"


async def test_nothing_is_remembered_past_the_end_of_a_token(t):
    rule = _Server(exp=int(time.time()) + 30)
    store, _, nginx = await _edge(t, rule, "mfa_reset_am_session_cache 60s;")
    call, = await store.enrol(1)
    assert (await ask(nginx.port, _reset(call.user))).body == DONE
    key, = await store.redis.call("KEYS", "mfa:amsession:*")
    assert await store.redis.call("PTTL", key) <= 30000


async def test_scope_is_judged_of_what_is_remembered(t):
    rule = _Server(scope="fr:idm:* other")
    store, _, nginx = await _edge(t, rule, "mfa_reset_am_session_cache 60s;")
    call, = await store.enrol(1)
    for _ in range(2):
        answer = await ask(nginx.port, _reset(call.user))
        assert answer.body == error(403, "Forbidden", "User, id=robot, not authorized."), str(answer)
    assert len(rule.forms) == 1
    assert await store.untouched(call.user)


async def test_a_slow_server_is_waited_for_no_longer_than_the_request_may_take(t):
    async def silent(received):
        await received.read_body()
        await received.reader.read(1)

    store, behind, nginx = await _edge(t, silent, "mfa_reset_timeout 300ms;", read="1s")
    call, = await store.enrol(1)
    check_unavailable(await ask(nginx.port, _reset(call.user)))
    await until(lambda: behind.received, 3, "it was asked")
    assert await store.untouched(call.user)
