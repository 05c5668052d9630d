"""Where a location with mfa_reset may be: with blocks inside it, and as the target of nginx's own requests."""
from lib.am import headers, recovered, target
from lib.http1 import ask, compose
from lib.ports import free_port


async def _edge(t, server, http=""):
    store = await t.store()
    behind = free_port()
    http += f"""
        server {{
            listen 127.0.0.1:{behind};
            location / {{ return 200 "behind\\n"; }}
            location /page {{ return 200 '[<!--# include virtual="{target("$arg_user")}" -->]'; }}
        }}"""
    nginx = await t.edge(store.redis.url, http=http, server=server.replace("BEHIND", f"127.0.0.1:{behind}"))
    await recovered(nginx.port, store)
    return store, nginx


def _post(call, context, query=""):
    return compose("POST", target(call.user, context=context) + query, headers(), b"{}")


async def _is_done(store, nginx, context, query=""):
    call, = await store.enrol(1)
    assert call.answers(await ask(nginx.port, _post(call, context, query))), "refused with 503"
    assert await store.events([call.user]) == [1]


async def test_handler_stays_in_an_if_block(t):
    store, nginx = await _edge(t, """
        location /if/json/ { mfa_reset am; if ($arg_x) { set $seen $arg_x; } }
        location /iftwo/json/ { mfa_reset am; if ($arg_x) { set $a 1; } if ($request_method = POST) { set $b 1; } }
        location /ifheader/json/ { mfa_reset am; if ($arg_x) { add_header X-Seen yes always; } }""")
    for context in ("if", "iftwo", "ifheader"):
        await _is_done(store, nginx, context)
        await _is_done(store, nginx, context, "&x=1")


async def test_handler_stays_in_a_limit_except_block(t):
    store, nginx = await _edge(t, """
        location /except/json/ { mfa_reset am; limit_except GET { allow all; } }
        location /denied/json/ { mfa_reset am; limit_except GET { deny all; } }
        location /both/json/ { mfa_reset am; if ($arg_x) { set $a 1; } limit_except GET { allow all; } }""")
    await _is_done(store, nginx, "except")
    await _is_done(store, nginx, "both", "&x=1")
    call, = await store.enrol(1)
    assert (await ask(nginx.port, _post(call, "denied"))).status == 403
    assert await store.untouched(call.user), "a request that was denied was carried out"


async def test_handler_can_be_switched_off_inside(t):
    store, nginx = await _edge(t, """
        location /on/json/ { mfa_reset am; location /on/json/realms/ { mfa_reset off; proxy_pass http://BEHIND; } }""")
    call, = await store.enrol(1)
    answer = await ask(nginx.port, _post(call, "on"))
    assert (answer.status, answer.body) == (200, b"behind\n"), str(answer)
    assert await store.untouched(call.user)


async def test_mirror_does_nothing(t):
    """The client's own target is a reset, and the location that it is mirrored to would carry it out."""
    store, nginx = await _edge(t, """
        log_subrequest on;
        location /front/json/ { mirror /mirrored; proxy_pass http://BEHIND; }
        location = /mirrored { internal; mfa_reset am; }""")
    call, = await store.enrol(1)
    answer = await ask(nginx.port, _post(call, "front"))
    assert (answer.status, answer.body) == (200, b"behind\n"), str(answer)
    assert await store.untouched(call.user), "a mirrored request was carried out"
    assert nginx.access().count("404 POST /front/") == 1, nginx.access()


async def test_ssi_include_does_nothing(t):
    store, nginx = await _edge(t, """
        location /ssi/json/ { ssi on; ssi_types *; rewrite ^ /page break; proxy_pass http://BEHIND; }""")
    call, = await store.enrol(1)
    answer = await ask(nginx.port, _post(call, "ssi", f"&user={call.user}"))
    assert answer.status == 200 and answer.body.startswith(b"[") and answer.body.endswith(b"]"), str(answer)
    assert b"404" in answer.body, f"wanted nginx's page for 404 as the part included, got {answer}"
    assert await store.untouched(call.user), "an include was carried out"


async def test_auth_request_does_nothing(t):
    store, nginx = await _edge(t, """
        location /authorised/json/ { auth_request /ask; proxy_pass http://BEHIND; }
        location = /ask { internal; mfa_reset am; }""")
    call, = await store.enrol(1)
    answer = await ask(nginx.port, _post(call, "authorised"))
    assert answer.status == 500, f"auth_request takes no 404: {answer}"
    assert await store.untouched(call.user), "a subrequest was carried out"


async def test_mirror_and_handler_together(t):
    """Mirroring from such a location elsewhere: the main request acts, and its body is there for both."""
    store, nginx = await _edge(t, """
        location /mirrors/json/ { mfa_reset am; mirror /copy; }
        location = /copy { internal; proxy_pass http://BEHIND; }""")
    await _is_done(store, nginx, "mirrors")


async def test_internal_redirects_of_the_main_request_act(t):
    store, nginx = await _edge(t, """
        location /page404/json/ { error_page 404 = @edge; return 404; }
        location @edge { mfa_reset am; }
        location /try/json/ { try_files /nosuch @edge; }""")
    for context in ("page404", "try"):
        call, = await store.enrol(1)
        assert call.answers(await ask(nginx.port, _post(call, context))), "refused with 503"
        assert await store.events([call.user]) == [1]
