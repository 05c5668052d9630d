"""In front of an AM that is asked whose session a token is: the edge, and calls that show whose they are.

The token `token-of-NAME` is NAME's of /alpha, by the rule `whose` of lib/backend.py.
"""
from .am import error, post, universal_id
from .backend import whose
from .http1 import ask
from .ports import free_port
from .scene import STATE
from .waiting import until


def _server(behind, am, port, read):
    if "mfa_reset_timeout" not in am:
        am += " mfa_reset_timeout 20s;"
    return f"""
        listen 127.0.0.1:{port} http2;
        {STATE.replace("mfa_reset am;", f"mfa_reset am; {am}")}
        location /openam/json/ {{
            mfa_reset am; mfa_reset_am_profiles redis; mfa_reset_fallback @am;
            mfa_reset_am_session subrequest=/am-session; {am} }}
        location @am {{ proxy_pass {behind.url}; }}
        location = /am-session {{
            internal; proxy_pass {behind.url}/am/json/sessions?_action=getSessionInfo;
            proxy_http_version 1.1; proxy_set_header Host am.example; proxy_read_timeout {read}; }}"""


async def session_edge(t, am="", *, rule=whose, read="20s", **parts):
    """A store, an AM behind by that rule, and the edge, warm, with a port `http2`; `am` goes into the location. `read`:
    how long AM may be silent. No time is short unless a test says so."""
    store, behind = await t.store(), await t.backend()
    port = free_port()
    nginx = t.new_nginx(http=f"mfa_reset_redis {store.redis.url}; mfa_reset_redis_timeout 20s;",
                        server=_server(behind, am, port, read), **parts)
    await nginx.start()
    nginx.http2 = port
    behind.rule = whose

    async def answered():
        return (await ask(nginx.port, own_reset("nobody"))).status == 200
    await until(answered, 3, "Redis is reached")
    behind.received.clear()
    behind.rule = rule
    return store, behind, nginx


async def change(nginx, old, new):
    """Replaces `old` by `new` in the configuration and waits until no worker has the old one."""
    assert old in nginx.configuration()
    nginx.configure(nginx.configuration().replace(old, new))
    await nginx.reload()
    await until(lambda: len(nginx.workers()) == 1, 3, "the old worker is gone")


def own_reset(user, **more):
    """A user's own reset, with that user's token."""
    return post(user, f"token-of-{user}", **more)


def strange_reset(user, name):
    """A reset of another user, which is refused: the response names the caller."""
    return post(user, f"token-of-{name}"), error(
        403, "Forbidden", f"User, {universal_id(name, '/alpha')}, not authorized.")
