"""The configurations of conf-examples that stand in front of an AM, as they are but for places and ports."""
import asyncio
import pathlib
import re

from lib.am import DONE, check_unavailable, headers, post, target
from lib.backend import session_info
from lib.http1 import ask, compose
from lib.waiting import until

_EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "conf-examples"
_ADMIN = "token-of-amAdmin"


async def _am(received):
    """AM: knows amAdmin of / and everybody else of /alpha, resets, and tells what it was asked."""
    await received.read_body()
    if received.target != "/openam/json/sessions?_action=getSessionInfo":
        await received.answer(200, f"{received.method} {received.target}".encode())
        return
    user = received.token.removeprefix("token-of-")
    if user == received.token:
        await received.answer(401)
    else:
        await received.answer(200, session_info(user, "/" if user == "amAdmin" else "/alpha"))


async def _example(t, name):
    store, behind = await t.store(), await t.backend()
    behind.rule = _am
    nginx = t.new_nginx(with_http=False)
    text = (_EXAMPLES / name).read_text(encoding="utf-8")
    for old, new in (("modules/ngx_http_mfa_reset_module.so", t.module), ("redis://127.0.0.1:6379/0", store.redis.url),
                     ("127.0.0.1:8080", f"127.0.0.1:{nginx.port}"),
                     ("server 127.0.0.1:8081", f"server unix:{behind.path}"),
                     ("/run/nginx.pid", f"{nginx.folder}/nginx.pid"), ("worker_processes auto", "worker_processes 1"),
                     ("/var/log/nginx/", f"{nginx.folder}/")):
        assert old in text, f"{name} has no {old}"
        text = text.replace(old, new)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temp = "".join(f"{kind}_temp_path {nginx.folder}/{kind};" for kind in kinds)
    text = text.replace("http {", f"http {{ {temp}", 1)
    assert not re.search(r"^[^#\n]*[ :]/(run|var|etc|usr)/", text, re.MULTILINE), "a place of the system's is left"
    nginx.configure(text)
    await nginx.start()

    async def answered():
        return (await ask(nginx.port, post("nobody", "token-of-nobody"))).status == 200
    await until(answered, 3, "Redis and AM are reached")
    behind.received.clear()
    return store, behind, nginx


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
    assert (await ask(nginx.port, post(call.user, "token-of-eve"))).status == 403
    assert {received.target for received in behind.received} == {"/openam/json/sessions?_action=getSessionInfo"}
    assert behind.received[0].value("Host") == "am.example.com"
    assert await store.untouched(call.user)
    return call


async def test_sessions_in_am(t):
    store, behind, nginx = await _example(t, "beside-am.conf")
    call = await _common(store, behind, nginx)
    assert (await ask(nginx.port, post(call.user, f"token-of-{call.user}"))).body == DONE
    assert (await ask(nginx.port, post(call.user, _ADMIN))).body == DONE
    assert (await ask(nginx.port, post("nosuch", _ADMIN))).status == 404
    assert (await store.events([call.user]), await store.has_devices([call.user])) == ([2], [0])
    assert {received.target for received in behind.received} == {"/openam/json/sessions?_action=getSessionInfo"}
    assert behind.accepted < len(behind.received), "connections to AM are kept"
    await behind.stop()
    check_unavailable(await ask(nginx.port, post(call.user, _ADMIN)))


async def test_sessions_and_devices_in_am(t):
    store, behind, nginx = await _example(t, "beside-am-profiles-in-am.conf")
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
    _, behind, nginx = await _example(t, "beside-am.conf")
    await asyncio.sleep(1)
    for raw in (target("demo"), target("demo").replace("2fa", "%32fa").replace("_action", "%5faction")):
        guesses = [compose("POST", raw, headers(f"guess{n}")) for n in range(40)]
        answers = await asyncio.gather(*(ask(nginx.port, guess) for guess in guesses))
        assert {answer.status for answer in answers} == {401, 429}, raw
        await asyncio.sleep(1)
    answers = await asyncio.gather(*(ask(nginx.port, compose("GET", f"/openam/json/{n}")) for n in range(40)))
    assert {answer.status for answer in answers} == {200}
    assert behind.received
