"""Beside other modules, loaded before ours and after it: both work, and neither uses symbols of the other.

nginx loads modules with RTLD_GLOBAL. nchan brings a hiredis of its own, and shows all of it.
"""
import base64
import os

from lib.am import recovered
from lib.foundry import LOCATION, People, code, put
from lib.http1 import ask, compose
from lib.modules import load
from lib.waiting import until

# In an order in which they bear each other: Lua needs symbols of the development kit, and ModSecurity brings a Lua that
# is not LuaJIT.
_OTHERS = ("ngx_nchan_module", "ndk_http_module", "ngx_http_lua_module", "ngx_http_js_module", "ngx_http_perl_module",
           "ngx_http_image_filter_module", "ngx_http_modsecurity_module")

_SERVER = """
    modsecurity on;
    modsecurity_rules 'SecRuleEngine On
        SecRule REQUEST_HEADERS:X-Attack "@streq yes" "id:1,phase:1,deny,status:418"';
    header_filter_by_lua_block { ngx.header["X-Lua"] = ngx.status }
    location = /js { js_content answer.say; }
    location = /perl { perl 'sub { my $r = shift; $r->send_http_header; $r->print("perl"); return OK; }'; }
    location = /image { image_filter size; alias FOLDER/dot.gif; }
    location ~ ^/publish/(.+)$ { nchan_publisher; nchan_channel_id $1; nchan_redis_pass nchan; }
    location ~ ^/subscribe/(.+)$ {
        nchan_subscriber longpoll; nchan_subscriber_first_message oldest;
        nchan_channel_id $1; nchan_redis_pass nchan; }
    location /oaa { mfa_reset oaa; mfa_reset_oaa_user_file FOLDER/oaa.users; }
"""
_DOT = base64.b64decode("R0lGODlhAQABAAAAACH5BAAAAAAALAAAAAABAAEAAAIBAAA=")
_SPOKEN = (("/js", b"js"), ("/perl", b"perl"), ("/image", b'"width": 1'))


def _write(folder, name, data):
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data)


async def _edge(t, before, after):
    """An nginx with those modules before and after ours; the store of ours, and the Redis of nchan."""
    store, theirs = await t.store(), await t.redis()
    folder = t.subfolder("files")
    os.chmod(folder, 0o755)
    _write(folder, "oaa.users", b"portal:{PLAIN}s3cret\n")
    _write(folder, "dot.gif", _DOT)
    _write(folder, "answer.js", b'export default { say: function (r) { r.return(200, "js"); } };\n')
    nginx = await t.edge(
        store.redis.url, module=None, main="\n".join((load(*before), f"load_module {t.module};", load(*after))),
        http=f"js_path {folder}; js_import answer from answer.js;"
             f"upstream nchan {{ nchan_redis_server redis://127.0.0.1:{theirs.port}; }}",
        server=_SERVER.replace("FOLDER", folder) + LOCATION % "")
    return store, theirs, nginx


async def _we_work(nginx, store):
    """A reset by each API, and its event."""
    await recovered(nginx.port, store, 5)
    call, = await store.enrol(1)
    answer = await ask(nginx.port, call.request)
    assert call.answers(answer), "refused with 503"
    assert answer.headers["x-lua"] == "200", answer.headers
    assert await store.events([call.user]) == [1]

    await People(store.redis).seed()
    answer = await ask(nginx.port, put("u-42", code()).replace(b"Expect: 100-continue\r\n", b""))
    assert answer.status == 200, answer
    assert await store.redis.call("XLEN", "mfa:{/foundry/u-42}:events") == 1

    await store.redis.pipeline([("HSET", "mfa:{/beta/carol}", "challenge:ChallengeSMS", 10),
                                ("HSET", "mfa:context:c0ffee", "subject", "/beta/carol")])
    credentials = base64.b64encode(b"portal:s3cret").decode()
    answer = await ask(nginx.port, compose("DELETE", "/oaa?challengeType=ChallengeSMS&contextId=c0ffee",
                                           (("Authorization", f"Basic {credentials}"),)))
    assert answer.status == 200, answer
    assert await store.redis.call("EXISTS", "mfa:{/beta/carol}") == 0


async def _they_work(nginx, theirs):
    for path, said in _SPOKEN:
        answer = await ask(nginx.port, compose("GET", path))
        assert answer.status == 200 and said in answer.body, f"{path}: {answer}"
    assert (await ask(nginx.port, compose("GET", "/plain", (("X-Attack", "yes"),)))).status == 418

    async def published():
        return (await ask(nginx.port, compose("POST", "/publish/news", (), b"a message"))).status in (201, 202)
    await until(published, 5, "nchan reaches its Redis", every=0.1)
    assert (await ask(nginx.port, compose("GET", "/subscribe/news"))).body == b"a message"
    assert any(b"news" in key for key in await theirs.call("KEYS", "*")), "it is in Redis"


async def _go_together(t, before, after):
    store, theirs, nginx = await _edge(t, before, after)
    await _we_work(nginx, store)
    await _they_work(nginx, theirs)
    await nginx.reload()
    await recovered(nginx.port, store, 5)
    await _they_work(nginx, theirs)


async def test_other_modules_loaded_before_ours(t):
    await _go_together(t, _OTHERS, ())


async def test_other_modules_loaded_after_ours(t):
    await _go_together(t, (), _OTHERS)
