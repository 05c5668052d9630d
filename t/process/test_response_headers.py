"""What a directive or a module makes of our response's headers is what it makes of a backend's.

Each row goes into two locations: one that answers itself, and one that passes the same request on to an nginx that
answers it without the row. Both heads must be the same.
"""
import os
from dataclasses import dataclass

from lib.am import ADMIN, headers, recovered, target
from lib.foundry import LOCATION
from lib.http1 import Connection, compose
from lib.modules import load
from lib.ports import free_port

_ROWS = (
    "",
    "expires 1h;", "expires -1;", "expires epoch;", "expires max;", "expires off;",
    'add_header Cache-Control "own" always;', 'add_header Expires "own" always;',
    'add_header WWW-Authenticate "own" always;', 'add_header Link "own" always;',
    'expires 1h; add_header Cache-Control "own";',
    'add_header X-Seen "$sent_http_cache_control|$sent_http_expires|$sent_http_www_authenticate|$sent_http_allow" always;',
    *(f'more_set_headers "{name}: own";' for name in (
        "Cache-Control", "Expires", "Pragma", "WWW-Authenticate", "Allow", "X-Frame-Options", "Content-Type", "Server")),
    *(f'more_clear_headers "{name}";' for name in (
        "Cache-Control", "Expires", "Pragma", "WWW-Authenticate", "Allow", "X-*", "Content-Type")),
    *(f'header_filter_by_lua_block {{ ngx.header["{name}"] = {value} }}'
      for name in ("Cache-Control", "Expires", "WWW-Authenticate", "Allow", "Content-Type")
      for value in ('"own"', "nil")),
    'header_filter_by_lua_block { ngx.header["Cache-Control"] = { "one", "two" } }',
    'header_filter_by_lua_block { ngx.header["X-Seen"] = tostring(ngx.header["Cache-Control"]) .. "|"'
    ' .. tostring(ngx.header["Expires"]) .. "|" .. tostring(ngx.header["WWW-Authenticate"]) }',
    "charset windows-1251; source_charset utf-8; charset_types *;",
    "charset windows-1251; source_charset utf-8; charset_types *; override_charset on;",
    "expires 1h; header_filter_by_lua_block { ngx.header.expires = nil }",
)

_REQUESTS = {
    "am, 200": compose("POST", target("user-0"), headers(), b"{}"),
    "am, 401": compose("POST", target("user-0"), headers("no-token"), b"{}"),
    "am, 400": compose("POST", target("user-0"), headers(), b"{"),
    "am, 405": compose("OPTIONS", target("user-0"), headers()),
    "foundry, 401": compose("PUT", "/users/2fa/reset", (("Content-Type", "application/json"),), b"{}"),
    "oaa, 401": compose("DELETE", "/oaa?challengeType=ChallengeSMS&contextId=c0ffee"),
    "oaa, 405": compose("GET", "/oaa?challengeType=ChallengeSMS&contextId=c0ffee"),
}


@dataclass
class _Servers:
    """Ports of the servers of one row."""
    row: str
    answers: int
    passes: int


def _apis(row, users):
    return f"""
        location /openam/json/ {{ mfa_reset am; {row} }}
        {LOCATION % row}
        location /oaa {{ mfa_reset oaa; mfa_reset_oaa_user_file {users}; {row} }}"""


async def _head(port, request):
    """The head's lines in an order of their own: modules add to its end, upstreams to where the backend had it."""
    async with Connection(port) as client:
        await client.send(request)
        head = (await client.read_until(b"\r\n\r\n")).decode()
    return [line for line in sorted(head.split("\r\n")) if line and not line.startswith("Date: ")]


async def test_our_headers_are_treated_as_those_of_a_backend(t):
    store = await t.store()
    await store.enrol(1)
    users = os.path.join(t.folder, "oaa.users")
    with open(users, "w", encoding="ascii") as file:
        file.write("portal:{PLAIN}s3cret\n")
    rows = [_Servers(row, free_port(), free_port()) for row in _ROWS]
    plain = rows[0].answers
    servers = "".join(
        f"server {{ listen 127.0.0.1:{row.answers}; {_apis(row.row, users)} }}"
        f"server {{ listen 127.0.0.1:{row.passes}; {row.row}"
        f" location / {{ proxy_pass http://127.0.0.1:{plain}; proxy_http_version 1.1; proxy_pass_header Date; }} }}"
        for row in rows)
    nginx = await t.edge(store.redis.url, http="charset_map windows-1251 utf-8 { 80 D082; }" + servers, main=load(
        "ngx_http_headers_more_filter_module", "ndk_http_module", "ngx_http_lua_module"))
    await recovered(nginx.port, store)
    wrong = []
    for row in rows:
        for name, request in _REQUESTS.items():
            ours, theirs = await _head(row.answers, request), await _head(row.passes, request)
            if ours != theirs:
                wrong.append(f"{row.row} {name}: {sorted(set(ours) ^ set(theirs))}")
    assert not wrong, "\n".join([f"{len(wrong)} of {len(rows) * len(_REQUESTS)}", *wrong])


async def test_each_header_is_there_once(t):
    store = await t.store()
    nginx = await t.edge(store.redis.url, am="expires 1h;")
    await recovered(nginx.port, store)
    head = await _head(nginx.port, compose("POST", target((await store.enrol(1))[0].user), headers(ADMIN), b"{}"))
    assert [line for line in head if line.startswith("Cache-Control:")] == ["Cache-Control: max-age=3600"], head
    assert len([line for line in head if line.startswith("Expires:")]) == 1 and "Expires: 0" not in head, head
