"""The calls of t/clients/sdk in front of an AM that keeps the sessions: whose session it is, AM says, to a call that
arrives there as it was sent."""
import pathlib

from lib.backend import session_info
from lib.http1 import ask

_CALLS = pathlib.Path(__file__).resolve().parents[1] / "clients" / "sdk" / "calls"
_OWN_OF_NGINX = ("host", "connection", "content-length")  # towards AM
_SERVER = """
    location ~ ^/(openam|am)/json/ {{
        mfa_reset am; mfa_reset_am_profiles {profiles}; mfa_reset_fallback @am; mfa_reset_am_session subrequest=/am-session;
    }}
    location = /am-session {{
        internal; proxy_pass {am}/am/json/sessions?_action=getSessionInfo;
        proxy_connect_timeout 200ms; proxy_send_timeout 200ms; proxy_read_timeout 500ms;
    }}
    location @am {{ proxy_pass {am}; }}"""


def _call(name, token="token-of-demo"):
    """The bytes, and of their head the target and the headers."""
    head, body = (_CALLS / name).read_text(encoding="ascii").replace("TOKEN", token).split("\n\n", 1)
    first, *lines = head.split("\n")
    headers = [tuple(line.split(": ", 1)) for line in lines]
    body = body.removesuffix("\n").encode()
    return "\r\n".join([first, *lines, "", ""]).encode() + body, first.split()[1], headers, body


async def _am(received):
    await received.read_body()
    await received.answer(200, session_info("demo"), [("Content-Type", "application/json")])


def _as_sent(headers):
    return [pair for pair in headers if pair[0].lower() not in _OWN_OF_NGINX]


async def test_what_sdks_ask_about_sessions_arrives_as_it_was_sent(t):
    store, behind = await t.store(), await t.backend()
    behind.rule = _am
    for profiles in ("redis", "am"):
        server = _SERVER.format(profiles=profiles, am=behind.url)
        nginx = await t.new_nginx(http=f"mfa_reset_redis {store.redis.url};", server=server).start()
        names = sorted(path.name for path in _CALLS.iterdir() if path.name != "script-reset")
        assert len(names) > 6, names
        for name in names:
            request, target, headers, body = _call(name)
            behind.received.clear()
            answer = await ask(nginx.port, request)
            assert (answer.status, b'"username": "demo"' in answer.body) == (200, True), f"{name}: {answer}"
            received, = behind.received
            assert (received.method, received.target, bytes(received.body)) == ("POST", target, body), name
            assert _as_sent(received.headers) == _as_sent(headers), f"{name}: {received.headers}"


async def test_a_script_with_an_access_token_is_not_handed_on(t):
    store, behind = await t.store(), await t.backend()
    behind.rule = _am
    for profiles in ("redis", "am"):
        server = _SERVER.format(profiles=profiles, am=behind.url)
        nginx = await t.new_nginx(http=f"mfa_reset_redis {store.redis.url};", server=server).start()
        assert (await ask(nginx.port, _call("script-reset")[0])).status == 401
    assert not behind.received
