"""In front of a real AM: other requests reach it unchanged, and so does a reset if AM has the devices."""
import asyncio
import hashlib
import os

from lib.am import ADMIN, check_unavailable, headers, post, recovered, target
from lib.http1 import Connection, ask, chunked, compose
from lib.http2 import Connection as Http2
from lib.ports import free_port
from lib.waiting import until

_PROXY = """proxy_pass {url}; proxy_http_version 1.1; proxy_set_header Connection $connection_upgrade;
    proxy_set_header Upgrade $http_upgrade; proxy_set_header Host $http_host; client_max_body_size 8m;"""
_UPGRADE = 'map $http_upgrade $connection_upgrade { default upgrade; "" close; }'
_BODY = os.urandom(1 << 20)


async def _edge(t, *, profiles="redis", am="", http="", server="", **parts):
    """`am` goes into both locations."""
    store, behind = await t.store(), await t.backend()
    port = free_port()
    nginx = t.new_nginx(
        http=f"mfa_reset_redis {store.redis.url};\n{_UPGRADE}\n{http}",
        server=f"""
            listen 127.0.0.1:{port} http2;
            access_log {t.folder}/result.log result;
            location /openam/json/ {{
                mfa_reset am; mfa_reset_am_profiles {profiles}; mfa_reset_fallback @am; client_max_body_size 8m; {am} }}
            location @am {{ {_PROXY.format(url=behind.url)} {am} }}
            {server}""", **parts)
    nginx.configure(nginx.configuration().replace(
        "log_format process", "log_format result '$status $mfa_reset_result';\nlog_format process"))
    await nginx.start()
    nginx.http2 = port
    await recovered(nginx.port, store) if profiles == "redis" else await _warm(nginx, store)
    behind.received.clear()
    return store, behind, nginx


async def _warm(nginx, store):
    async def answered():
        return (await ask(nginx.port, post("warm"))).status == 200
    await until(answered, 3, "Redis is reached")


def _results(t):
    with open(f"{t.folder}/result.log", encoding="ascii") as log:
        return log.read().splitlines()


async def _ended(t, *wanted):
    """The last requests ended so; their lines are written after the answers."""
    await until(lambda: _results(t)[-len(wanted):] == list(wanted), 3, f"the last lines of the access log are {wanted}")


def _is(received, method, raw, more, body):
    """That request, with each header of the client's and none that it did not send."""
    assert (received.method, received.target) == (method, raw), received.head
    ours = {"host", "connection", "content-length", "transfer-encoding", "upgrade"}
    came = [(name, value) for name, value in received.headers if name.lower() not in ours]
    assert came == list(more), f"wanted the headers {more}, AM got {came}"
    assert bytes(received.body) == body, f"{len(body)} bytes were sent, {len(received.body)} came"


_HEADERS = (("Content-Type", "text/x-own; q=1"), ("Authorization", "Basic YTpi"), ("Cookie", "a=b; c=d"),
            ("X-Twice", "1"), ("X-Twice", "2"), ("Accept-API-Version", "v1"), ("If-Match", "*"),
            ("iPlanetDirectoryPro", "no*body"))


async def test_other_requests_reach_am_unchanged(t):
    _, behind, nginx = await _edge(t)
    for method, raw, body in (
            ("POST", "/openam/json/realms/root/authenticate?x=%2e&y=a+b", b"{}"),
            ("PATCH", target("demo"), b"\0\r\n\xff"),
            ("POST", "/openam/json//a/%2e%2e/./b%2Fc/%64?_action=reset", _BODY[:70000]),
            ("DELETE", "/openam/json/x", b""),
            ("POST", target("demo").replace("reset", "RESET"), _BODY)):
        answer = await ask(nginx.port, compose(method, raw, _HEADERS, body))
        assert answer.body == f"{method} {raw} {len(body)}".encode(), str(answer)
        assert answer.headers["x-behind"] == "yes"
        _is(behind.received[-1], method, raw, _HEADERS, body)
    await _ended(t, *["200 fallback"] * 5)


async def test_chunked_bodies_arrive_whole(t):
    _, behind, nginx = await _edge(t)
    pieces = [_BODY[:10], _BODY[10:4000], _BODY[4000:200000]]
    head = compose("PATCH", target("demo"), (*_HEADERS, ("Transfer-Encoding", "chunked")), length=False)
    answer = await ask(nginx.port, head + chunked(*pieces))
    assert answer.status == 200, str(answer)
    _is(behind.received[-1], "PATCH", target("demo"), _HEADERS, b"".join(pieces))


async def test_the_body_of_another_request_is_not_buffered(t):
    """With proxy_request_buffering off AM has the first bytes while the client still holds the last."""
    _, behind, nginx = await _edge(t, am="proxy_request_buffering off; client_body_buffer_size 1k;")
    for body_headers, encode in (((("Content-Length", str(len(_BODY))),), lambda piece: piece),
                                 ((("Transfer-Encoding", "chunked"),),
                                  lambda piece: b"%x\r\n%s\r\n" % (len(piece), piece))):
        async with Connection(nginx.port) as client:
            count = len(behind.received)
            head = compose("POST", "/openam/json/upload", body_headers, length=False)
            await client.send(head + encode(_BODY[:1000]))
            await until(lambda: len(behind.received) > count and len(behind.received[-1].body) >= 1000, 3,
                        "the first bytes arrive before the last are sent")
            await client.send(encode(_BODY[1000:]) + (b"0\r\n\r\n" if "Transfer" in body_headers[0][0] else b""))
            assert (await client.answer()).status == 200
        assert bytes(behind.received[-1].body) == _BODY


async def test_am_answers_expect_100_continue(t):
    _, behind, nginx = await _edge(t)
    async with Connection(nginx.port) as client:
        await client.send(compose("POST", "/openam/json/x", (("Expect", "100-continue"), ("Content-Length", "4")),
                                  length=False))
        assert (await client.answer()).status == 100
        await client.send(b"body")
        assert (await client.answer()).body == b"POST /openam/json/x 4"
    assert bytes(behind.received[-1].body) == b"body"


async def test_head_gets_the_headers_of_am(t):
    _, behind, nginx = await _edge(t)

    async def head(received):
        received.whole = True
        await received.send(b"HTTP/1.1 200 OK\r\nContent-Length: 12345\r\nX-Behind: yes\r\n\r\n")

    behind.rule = head
    answer = await ask(nginx.port, compose("HEAD", target("demo")))
    assert (answer.status, answer.headers["content-length"]) == (200, "12345"), answer.headers
    assert behind.received[-1].method == "HEAD"


async def test_websocket_goes_both_ways(t):
    _, behind, nginx = await _edge(t)

    async def upgrade(received):
        assert received.value("Upgrade") == "websocket", received.head
        await received.send(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
        while piece := await received.reader.read(4096):
            await received.send(b"<" + piece + b">")

    behind.rule = upgrade
    async with Connection(nginx.port) as client:
        await client.send(compose("GET", "/openam/json/notifications",
                                  (("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Key", "a"))))
        answer = await client.read_until(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 101 "), answer
        for text in (b"one", b"\x81\x05two", b"three"):
            await client.send(text)
            assert await client.read_until(b">") == b"<" + text + b">"


async def test_http2_streams_side_by_side(t):
    store, behind, nginx = await _edge(t)
    calls = await store.mixed(30)
    async with Http2(nginx.http2) as client:
        streams = []
        for number, call in enumerate(calls):
            streams.append((client.post(target(call.user), headers(call.token), b"{}"), call.body))
            raw, body = f"/openam/json/x/{number}", b"x" * number * 100
            streams.append((client.post(raw, (("x-own", str(number)),), body), f"POST {raw} {len(body)}".encode()))
        for stream, wanted in streams:
            assert await client.body(stream) == wanted
    assert len(behind.received) == len(calls)
    assert all(received.value("X-Own") == received.target.rsplit("/", 1)[1] for received in behind.received)


async def test_am_gone_and_am_silent(t):
    _, behind, nginx = await _edge(t, am="proxy_read_timeout 300ms;")

    async def silent(received):
        await received.reader.read(1)

    behind.rule = silent
    assert (await ask(nginx.port, compose("GET", "/openam/json/x"))).status == 504
    await behind.stop()
    assert (await ask(nginx.port, compose("GET", "/openam/json/x"))).status == 502
    await _ended(t, "504 fallback", "502 fallback")


# ---- the devices are AM's

def _reset(user="demo", token=ADMIN, body=b"{}", more=()):
    return compose("POST", target(user), (("X-Own", "1"), *headers(token), *more), body)


async def test_a_reset_reaches_am_unchanged(t):
    store, behind, nginx = await _edge(t, profiles="am")
    call, = await store.enrol(1)
    sent = (("X-Own", "1"), *headers())
    for raw in (target(call.user), target(call.user).replace("/users/", "/%75sers/").replace("?", "/?x=%2F&")):
        for body in (b"{}", b'"<object>"', b"", b"[" + b"1," * 30000 + b"1]"):
            answer = await ask(nginx.port, compose("POST", raw, sent, body))
            assert answer.body == f"POST {raw} {len(body)}".encode(), str(answer)
            _is(behind.received[-1], "POST", raw, sent, body)
    pieces = [b'{"a":"', b"x" * 3000, b"y" * 30000, b'"}']
    head = compose("POST", target(call.user), (*sent, ("Transfer-Encoding", "chunked")), length=False)
    assert (await ask(nginx.port, head + chunked(*pieces))).status == 200
    _is(behind.received[-1], "POST", target(call.user), sent, b"".join(pieces))
    assert (await store.events([call.user]), await store.has_devices([call.user])) == ([9], [1])
    await _ended(t, *["200 forwarded"] * 9)


async def test_the_response_is_the_one_of_am(t):
    store, behind, nginx = await _edge(t, profiles="am")
    call, = await store.enrol(1)
    for status, body, more in ((200, b'{"result":true}', ()), (500, b"", ()), (500, b'{"code":500}', (("X-Own", "a"),)),
                               (404, b"\0\xff" * 50000, ()), (401, b"no", (("WWW-Authenticate", "Own"),))):
        async def say(received, status=status, body=body, more=more):
            await received.read_body()
            await received.answer(status, body, (("Cache-Control", "own"), *more))

        behind.rule = say
        answer = await ask(nginx.port, _reset(call.user))
        assert (answer.status, answer.body) == (status, body), str(answer)
        came = {name: value for name, value in answer.headers.items() if name not in ("server", "date", "connection")}
        assert came == {"cache-control": "own", "content-length": str(len(body)),
                        **{name.lower(): value for name, value in more}}, came
    assert await store.has_devices([call.user]) == [1]


async def test_no_refusal_reaches_am(t):
    store, behind, nginx = await _edge(t, profiles="am")
    call, = await store.enrol(1)
    stranger, = await store.strangers(1)
    good = (("Content-Type", "application/json"), ("Accept-API-Version", "resource=1.0"))
    admin = ("iPlanetDirectoryPro", ADMIN)
    for status, raw, sent, body in (
            (400, target(call.user) + "&_action=reset", (*good, admin), b"{}"),
            (403, target(call.user), (("Cookie", f"iPlanetDirectoryPro={ADMIN}"),), b"{}"),
            (400, target(call.user), (("Accept-API-Version", "v1"), admin), b"{}"),
            (400, target(call.user), (("Content-Type", "text/plain"), admin), b"{}"),
            (409, target(call.user), (*good, admin, ("If-Modified-Since", "x")), b"{}"),
            (400, target(call.user), (*good, admin), b"{"),
            (413, target(call.user), (*good, admin), b" " * 70000),
            (401, target(call.user), good, b"{}"),
            (401, target(call.user), (*good, ("iPlanetDirectoryPro", "nobody")), b"{}"),
            (403, target(call.user), (*good, ("iPlanetDirectoryPro", stranger.token)), b"{}"),
            (404, target(call.user), (("Accept-API-Version", "resource=2.0"), admin), b"{}")):
        answer = await ask(nginx.port, compose("POST", raw, sent, body))
        assert answer.status == status, f"wanted {status} for {sent} {body[:10]}, got {answer}"
        head = compose("POST", raw, (*sent, ("Transfer-Encoding", "chunked")), length=False)
        assert (await ask(nginx.port, head + chunked(body))).status == status
    assert behind.received == [], f"AM got {[received.head for received in behind.received]}"
    assert await store.untouched(call.user)


async def test_without_redis_no_request_is_forwarded(t):
    store, behind, nginx = await _edge(t, profiles="am")
    call, = await store.enrol(1)
    store.redis.freeze()
    check_unavailable(await ask(nginx.port, _reset(call.user)))
    store.redis.thaw()
    await store.redis.kill()
    check_unavailable(await ask(nginx.port, _reset(call.user)))
    assert (await ask(nginx.port, compose("GET", "/openam/json/x"))).status == 200, "what is no reset needs no Redis"
    assert [received.target for received in behind.received] == ["/openam/json/x"]


async def test_a_client_that_leaves_while_am_resets(t):
    store, behind, nginx = await _edge(t, profiles="am")
    calls = await store.enrol(20)
    held = asyncio.Event()

    async def hold(received):
        await received.read_body()
        await held.wait()
        await received.answer(200)

    behind.rule = hold
    for number, call in enumerate(calls):
        async with Connection(nginx.port) as client:
            await client.send(_reset(call.user))
            await until(lambda count=number + 1: len(behind.received) == count, 3, "AM is asked")
    await until(lambda: _results(t).count("499 forwarded") == 20, 3,
                "499 for each")
    held.set()
    assert await store.events([call.user for call in calls]) == [1] * 20


async def test_many_large_bodies_at_once(t):
    """Many at once, each its own."""
    _, behind, nginx = await _edge(t)

    async def digest(received):
        body = await received.read_body()
        await received.answer(200, hashlib.sha256(body).hexdigest().encode())

    behind.rule = digest
    bodies = [_BODY[number * 1000:number * 1000 + 300000] for number in range(30)]
    answers = await asyncio.gather(*(ask(nginx.port, compose("POST", "/openam/json/x", (), body)) for body in bodies))
    assert [answer.body.decode() for answer in answers] == [hashlib.sha256(body).hexdigest() for body in bodies]
