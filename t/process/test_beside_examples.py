"""The configurations of conf-examples that stand in front of AM, unchanged except for paths and ports."""
import asyncio
import pathlib

from lib.am import DONE, check_unavailable, headers, post, target
from lib.examples import SESSIONS, beside_am
from lib.http1 import ask, compose
from lib.waiting import until

_ADMIN = "token-of-amAdmin"


async def _common(store, behind, nginx):
    """What both do alike."""
    answer = await ask(nginx.port, compose("GET", "/openam/json/serverinfo/*?x=%2F", (("X-Own", "1"),)))
    assert answer.body == b"GET /openam/json/serverinfo/*?x=%2F"
    assert (await ask(nginx.port, compose("POST", "/openam/json/authenticate", (), b"x" * 2_000_000))).status == 200
    assert (await ask(nginx.port, compose("GET", "/openam/XUI/"))).body == b"GET /openam/XUI/"
    assert (await ask(nginx.port, compose("GET", "/elsewhere"))).status == 404
    cookie = ("Cookie", "iPlanetDirectoryPro=token-of-x")
    assert (await ask(nginx.port, compose("POST", "/am-session", (cookie,)))).status == 404
    behind.received.clear()
    call, = await store.enrol(1)
    assert (await ask(nginx.port, post(call.user, "nobody"))).status == 401
    claimed = (("X-Forwarded-For", "192.0.2.1"),)
    assert (await ask(nginx.port, post(call.user, "token-of-eve", more=claimed))).status == 403
    assert {received.target for received in behind.received} == {SESSIONS}
    assert behind.received[0].value("Host") == "am.example.com"
    assert {received.value("X-Forwarded-For") for received in behind.received} == {"127.0.0.1"}
    assert await store.untouched(call.user)
    return call


async def test_sessions_in_am(t):
    store, behind, nginx = await beside_am(t, "beside-am.conf")
    call = await _common(store, behind, nginx)
    assert (await ask(nginx.port, post(call.user, f"token-of-{call.user}"))).body == DONE
    assert (await ask(nginx.port, post(call.user, _ADMIN))).body == DONE
    assert (await ask(nginx.port, post("nosuch", _ADMIN))).status == 404
    assert (await store.events([call.user]), await store.has_devices([call.user])) == ([2], [0])
    assert {received.target for received in behind.received} == {SESSIONS}
    assert behind.accepted < len(behind.received), "connections to AM are kept"
    await behind.stop()
    check_unavailable(await ask(nginx.port, post(call.user, _ADMIN)))


async def test_sessions_and_devices_in_am(t):
    store, behind, nginx = await beside_am(t, "beside-am-profiles-in-am.conf")
    call = await _common(store, behind, nginx)
    for token in (f"token-of-{call.user}", _ADMIN):
        answer = await ask(nginx.port, post(call.user, token))
        assert answer.body.startswith(b"POST /openam/json/realms/root/realms/alpha/users/"), str(answer)
        assert bytes(behind.received[-1].body) == b"{}"
    assert (await store.events([call.user]), await store.has_devices([call.user])) == ([2], [1])
    log = pathlib.Path(nginx.folder) / "mfa-reset.json"
    await until(lambda: '"result":"forwarded"' in log.read_text(encoding="utf-8").splitlines()[-1], 3,
                "forwarded is logged")


async def test_guessing_is_slowed_down_and_the_rest_is_not(t):
    _, behind, nginx = await beside_am(t, "beside-am.conf")
    await asyncio.sleep(1)
    for raw in (target("demo"), target("demo").replace("2fa", "%32fa").replace("_action", "%5faction")):
        guesses = [compose("POST", raw, headers(f"guess{n}")) for n in range(40)]
        answers = await asyncio.gather(*(ask(nginx.port, guess) for guess in guesses))
        assert {answer.status for answer in answers} == {401, 429}, raw
        await asyncio.sleep(1)
    answers = await asyncio.gather(*(ask(nginx.port, compose("GET", f"/openam/json/{n}")) for n in range(40)))
    assert {answer.status for answer in answers} == {200}
    assert behind.received


_CACHED = ("http {", "http { proxy_cache_path cache keys_zone=all:1m; proxy_cache all; proxy_cache_methods POST;"
                     " proxy_cache_valid 200 1m; proxy_cache_key $request_uri;")


async def test_a_cache_of_answers_is_not_one_of_sessions(t):
    """An http{} that caches AM's answers, those to POST too."""
    for name in ("beside-am.conf", "beside-am-profiles-in-am.conf", "cors.conf"):
        store, behind, nginx = await beside_am(t, name, [_CACHED])
        call, = await store.enrol(1)
        assert (await ask(nginx.port, post(call.user, _ADMIN))).status == 200
        assert (await ask(nginx.port, post(call.user, "token-of-eve"))).status == 403, name
        assert (await ask(nginx.port, post(call.user, "nobody"))).status == 401, name
        assert [received.token for received in behind.received if received.target == SESSIONS] == [
            _ADMIN, "token-of-eve", "nobody"]


async def test_a_session_location_that_caches_takes_one_caller_for_another(t):
    """Why the examples say `proxy_cache off`: $request_uri there is the client's, and nginx's own key the same for all."""
    store, _, nginx = await beside_am(t, "beside-am.conf", [_CACHED, ("proxy_cache off;", "")])
    call, = await store.enrol(1)
    for token in (_ADMIN, "token-of-eve", "nobody"):
        assert (await ask(nginx.port, post(call.user, token))).status == 200, token
    own_key = (_CACHED[0], _CACHED[1].replace("proxy_cache_key $request_uri;", ""))
    store, _, nginx = await beside_am(t, "beside-am.conf", [own_key, ("proxy_cache off;", "")])
    call, = await store.enrol(1)
    answer = await ask(nginx.port, post(call.user, _ADMIN))  # the first caller was `nobody`
    assert (answer.status, b"id=nobody," in answer.body) == (403, True), answer
