"""What the session location replaces with proxy_set_header reaches AM once, however many such lines there are.

nginx looks its lines up in a hash: with a false one it is a matter of luck whether a header is replaced or doubled.
"""
from lib.am import DONE, post, recovered
from lib.backend import whose
from lib.http1 import ask

# Of what goes to AM by itself, what an operator may want to be different.
_OWN = {"Host": "am.example", "Cookie": "own=$cookie_iPlanetDirectoryPro", "Content-Type": "application/json; own=1",
        "Accept-API-Version": "resource=2.0, own=1"}


async def strict(received):
    """A backend that takes no header twice."""
    names = [name.lower() for name, _ in received.headers]
    if len(set(names)) == len(names):
        await whose(received)
    else:
        await received.read_body()
        await received.answer(400, b"doubled")


def _location(number, behind, lines):
    return f"""
        location /openam{number}/json/ {{
            mfa_reset am; mfa_reset_am_profiles redis; mfa_reset_fallback @am;
            mfa_reset_am_session subrequest=/am-session-{number}; }}
        location = /am-session-{number} {{
            internal; proxy_pass {behind.url}/am/json/sessions?_action=getSessionInfo;
            {"".join(f'proxy_set_header {name} "{value}";' for name, value in lines)} }}"""


async def test_replaced_headers_reach_am_once(t):
    store, behind = await t.store(), await t.backend()
    behind.rule = strict
    own = list(_OWN.items())
    rows = [[*own[first:first + count], *((f"X-More-{at}", "more") for at in range(more))]
            for first in range(len(own)) for count in sorted({1, len(own) - first}) for more in range(9 - count)]
    nginx = t.new_nginx(http=f"mfa_reset_redis {store.redis.url};", server=f"""
        location @am {{ proxy_pass {behind.url}; }}
        location /openam/json/ {{ mfa_reset am; }}
        {"".join(_location(number, behind, lines) for number, lines in enumerate(rows))}""")
    await nginx.start()
    await recovered(nginx.port, store)
    wrong = []
    for number, lines in enumerate(rows):
        call, = await store.enrol(1)
        behind.received.clear()
        answer = await ask(nginx.port, post(call.user, f"token-of-{call.user}", context=f"openam{number}"))
        received, = behind.received
        wanted = {name: [value.replace("$cookie_iPlanetDirectoryPro", f"token-of-{call.user}")] for name, value in lines}
        found = {name: received.values(name) for name in wanted}
        if answer.body != DONE or found != wanted:
            wrong.append(f"{', '.join(wanted)}: {answer.status} {found}")
    assert not wrong, "\n".join([f"{len(wrong)} of {len(rows)}", *wrong])
