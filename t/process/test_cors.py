"""conf-examples/cors.conf: pages of other origins that may call, and those that may not, in front of an AM that has CORS
headers of its own, and of Foundry."""
import asyncio
import json

from lib.am import DONE, post, target
from lib.examples import SESSIONS, am, beside_am
from lib.foundry import People, code, put
from lib.http1 import ask, compose

_PAGE = "https://selfservice.example.com"
_ALLOWED = (_PAGE, "https://helpdesk.example.com:8443", "https://eu.apps.example.com", "https://a-1.apps.example.com")
_STRANGERS = (
    "null", "*", "http://selfservice.example.com", "http://eu.apps.example.com", "https://selfservice.example.com:8443",
    "https://selfservice.example.com:443", "https://selfservice.example.com.", "https://selfservice.example.com/",
    "https://selfservice.example.com.evil.test", "https://evil-selfservice.example.com", "https://xselfservice.example.com",
    "https://selfservice.example.co", "https://example.com", "selfservice.example.com", "https://helpdesk.example.com",
    "https://helpdesk.example.com:84433", "https://apps.example.com", "https://.apps.example.com",
    "https://a.b.apps.example.com", "https://a.apps.example.com.evil.test", "https://a.apps.example.com:8443",
    "https://aapps.example.com", "https://a.appsxexample.com", "https://a.apps.example.com@evil.test",
    "https://evil.test/https://a.apps.example.com", "https://evil.test#.apps.example.com", "file://",
    "https://evil.test https://selfservice.example.com", "https://a_b.apps.example.com", "https://A.apps.example.com")
_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"
_EXPOSED = "Content-API-Version, ETag, Retry-After, Warning, WWW-Authenticate"
# No limit of requests: they are many, and none of their tests is about it.
_UNLIMITED = [("rate=5r/s", "rate=10000r/s"), ("burst=20", "burst=1000")]

# What an AM with a CORS filter of its own adds, of its own opinion.
_AMS_OWN = [("Access-Control-Allow-Origin", "https://am.example.com"), ("Access-Control-Allow-Credentials", "false"),
            ("Access-Control-Allow-Methods", "TRACE"), ("Access-Control-Allow-Headers", "x-am"),
            ("Access-Control-Max-Age", "1"), ("Access-Control-Expose-Headers", "x-am"),
            ("Access-Control-Allow-Private-Network", "true")]


def _am_that_says(*more, status=200):
    """A rule: AM, that answers all but questions about sessions so, with CORS headers of its own."""
    async def rule(received):
        if received.target == SESSIONS:
            await am(received)
        else:
            await received.read_body()
            await received.answer(status, b"AM's", [*_AMS_OWN, *more])
    return rule


def _cors(answer):
    """All headers of CORS, each as often as it is there."""
    return sorted(pair for pair in answer.lines if pair[0].startswith("access-control-"))


def _of_preflight(origin, headers):
    return sorted([("access-control-allow-origin", origin), ("access-control-allow-credentials", "true"),
                   ("access-control-allow-methods", _METHODS), ("access-control-allow-headers", headers),
                   ("access-control-max-age", "600")])


def _of_answer(origin=_PAGE):
    return sorted([("access-control-allow-origin", origin), ("access-control-allow-credentials", "true"),
                   ("access-control-expose-headers", _EXPOSED)])


def _check(answer, status, origin=_PAGE, vary=("Origin",)):
    assert answer.status == status, answer
    assert _cors(answer) == _of_answer(origin), f"{status}: {answer.lines}"
    assert answer.values("Vary") == list(vary), answer.lines


def _check_foundry(answer, status):
    """Foundry's answers depend on Accept, too."""
    _check(answer, status, vary=("Accept", "Origin"))


def _preflight(path, origin, method="POST", headers="accept-api-version,content-type,iplanetdirectorypro"):
    return compose("OPTIONS", path, (("Origin", origin), ("Access-Control-Request-Method", method),
                                     ("Access-Control-Request-Headers", headers)))


_PATHS = (target("demo"), "/openam/json/serverinfo/*", "/users/2fa/reset", "/USERS/2fa/reset.json", "/elsewhere")


async def _edge(t, changes=_UNLIMITED):
    return await beside_am(t, "cors.conf", changes)


async def test_a_preflight_is_answered_by_nginx(t):
    _, behind, nginx = await _edge(t)
    for path in _PATHS:
        for origin in _ALLOWED:
            for method in ("POST", "PUT", "DELETE"):
                answer = await ask(nginx.port, _preflight(path, origin, method))
                assert (answer.status, answer.body) == (204, b""), answer
                wanted = _of_preflight(origin, answer.headers["access-control-allow-headers"])
                assert _cors(answer) == wanted, answer.lines
                assert answer.values("Vary") == ["Origin"], answer.lines
    names = answer.headers["access-control-allow-headers"].split(", ")
    assert names == sorted({name.lower() for name in names}), "in lower case, each once"
    wanted = {"accept-api-version", "authorization", "content-type", "if-match", "iplanetdirectorypro",
              "x-requested-with", "x-ss-id"}
    assert wanted <= set(names), names
    assert not behind.received, "AM was asked"


async def test_a_stranger_gets_no_header(t):
    store, behind, nginx = await _edge(t)
    behind.rule = _am_that_says()
    call, = await store.enrol(1)
    mine = f"token-of-{call.user}"
    for origin in _STRANGERS:
        with_origin = (("Origin", origin),)
        answers = [await ask(nginx.port, _preflight(_PATHS[0], origin)),
                   await ask(nginx.port, post(call.user, mine, more=with_origin)),
                   await ask(nginx.port, post(call.user, "nobody", more=with_origin)),
                   await ask(nginx.port, compose("GET", "/openam/json/serverinfo/*", with_origin))]
        assert [answer.status for answer in answers] == [204, 200, 401, 200], (origin, answers)
        for answer in answers:
            assert not _cors(answer), f"{origin}: {answer.lines}"
            assert answer.values("Vary") == ["Origin"], f"{origin}: {answer.lines}"


async def test_without_an_origin_there_is_no_header_but_vary(t):
    store, behind, nginx = await _edge(t)
    behind.rule = _am_that_says()
    call, = await store.enrol(1)
    for request in (post(call.user, f"token-of-{call.user}"), compose("GET", "/openam/json/x"), compose("GET", "/x"),
                    compose("GET", "/openam/json/x", (("Origin", ""),))):
        answer = await ask(nginx.port, request)
        assert not _cors(answer) and answer.values("Vary") == ["Origin"], answer.lines


async def test_only_an_options_with_both_headers_is_a_preflight(t):
    _, behind, nginx = await _edge(t)
    both = (("Origin", _PAGE), ("Access-Control-Request-Method", "POST"))
    for method, headers in (("OPTIONS", both[:1]), ("OPTIONS", both[1:]), ("OPTIONS", ()), ("GET", both), ("DELETE", both),
                            ("PROPFIND", both), ("OPTIONS", (both[0], ("Access-Control-Request-Method", "")))):
        behind.received.clear()
        answer = await ask(nginx.port, compose(method, "/openam/json/serverinfo/*", headers))
        assert answer.body == f"{method} /openam/json/serverinfo/*".encode(), (method, headers, answer)
        assert len(behind.received) == 1
        assert _cors(answer) == (_of_answer() if ("Origin", _PAGE) in headers else []), answer.lines


async def test_every_answer_has_the_headers(t):
    store, behind, nginx = await _edge(t)
    call, other = await store.enrol(2)
    page = (("Origin", _PAGE),)
    mine = f"token-of-{call.user}"
    cookie = ("Cookie", f"iPlanetDirectoryPro={mine}")
    for status, request in (
            (200, post(call.user, mine, more=page)),
            (200, compose("POST", target(call.user), (*page, cookie, ("Accept-API-Version", "resource=1.0")), b"{}")),
            (403, compose("POST", target(call.user), (*page, cookie), b"{}")),
            (403, post(other.user, mine, more=page)),
            (401, post(call.user, "nobody", more=page)),
            (404, post("nosuch", "token-of-amAdmin", more=page)),
            (400, post(call.user, mine, b"{", more=page)),
            (413, post(call.user, mine, b'"' + b"x" * 70_000 + b'"', more=page)),
            (413, compose("POST", "/openam/json/x", (*page, ("Content-Length", "9000000")), length=False)),
            (404, compose("GET", "/elsewhere", page)),
            (404, compose("POST", "/am-session", page))):
        _check(await ask(nginx.port, request), status)
    for origin in _ALLOWED:
        _check(await ask(nginx.port, post(call.user, "nobody", more=(("Origin", origin),))), 401, origin)
    await behind.stop()
    _check(await ask(nginx.port, post(call.user, mine, more=page)), 503)
    _check(await ask(nginx.port, compose("GET", "/openam/json/x", page)), 502)
    await store.redis.stop()
    _check_foundry(await ask(nginx.port, put("u-42", "000000", more=page)), 503)


async def test_what_is_limited_has_them_too(t):
    _, _, nginx = await _edge(t, ())
    requests = [post("demo", f"guess{number}", more=(("Origin", _PAGE),)) for number in range(40)]
    answers = await asyncio.gather(*(ask(nginx.port, request) for request in requests))
    assert {answer.status for answer in answers} == {401, 429}, answers
    for answer in answers:
        _check(answer, answer.status)
    preflights = await asyncio.gather(*(ask(nginx.port, _preflight(_PATHS[0], _PAGE)) for _ in range(40)))
    assert {answer.status for answer in preflights} == {204}, "preflights are not counted"


async def test_nothing_is_there_twice_behind_an_am_with_cors(t):
    store, behind, nginx = await _edge(t)
    call, = await store.enrol(1)
    for status in (200, 201, 302, 400, 401, 403, 404, 500, 503):
        for ams_vary in ([], ["Origin"], ["origin"], ["Accept-Encoding, Origin"], ["Origin,Accept-Encoding"]):
            behind.rule = _am_that_says(*(("Vary", value) for value in ams_vary), status=status)
            answer = await ask(nginx.port, compose("GET", "/openam/json/x", (("Origin", _PAGE),)))
            assert (answer.status, answer.body) == (status, b"AM's"), answer
            assert _cors(answer) == _of_answer(), answer.lines
            assert answer.values("Vary") == (ams_vary or ["Origin"]), answer.lines
    for ams_vary in (["Accept-Encoding"], ["X-Origin"], ["Origin-Agent-Cluster"]):
        behind.rule = _am_that_says(*(("Vary", value) for value in ams_vary))
        answer = await ask(nginx.port, compose("GET", "/openam/json/x", (("Origin", _PAGE),)))
        assert sorted(answer.values("Vary")) == sorted([*ams_vary, "Origin"]), answer.lines
    answer = await ask(nginx.port, post(call.user, f"token-of-{call.user}", more=(("Origin", _PAGE),)))
    assert answer.body == DONE and _cors(answer) == _of_answer(), answer.lines


async def test_foundry_from_another_origin(t):
    store, _, nginx = await _edge(t)
    people = await People(store.redis).seed()
    page = (("Origin", _PAGE),)
    _check_foundry(await ask(nginx.port, put("u-42", code(), more=page)), 200)
    assert await people.events() == 1
    _check_foundry(await ask(nginx.port, put("u-42", code(), more=page)), 403)
    _check_foundry(await ask(nginx.port, put("u-42", code(), "nosuch", more=page)), 401)
    _check_foundry(await ask(nginx.port, compose("GET", "/users/2fa/reset", page)), 404)
    body = json.dumps({"targetUserId": "u-42", "callerCode": code(1)}).encode()
    by_cookie = (("Content-Type", "application/json"), ("Cookie", "ss-id=session-of-1"))
    _check_foundry(await ask(nginx.port, compose("PUT", "/users/2fa/reset", (*page, *by_cookie), body)), 403)
    assert await people.events() == 1, "a cookie from another origin resets"
    own = await ask(nginx.port, compose("PUT", "/users/2fa/reset", (("Origin", "http://localhost"), *by_cookie), body))
    assert own.status == 200 and not _cors(own), f"its own pages need no CORS: {own}"
