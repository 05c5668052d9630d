"""One and the same request in all forms of HTTP."""
import asyncio
import glob
import json
import os
import shutil
import subprocess

from lib.am import DONE, Ledger, headers, post, recovered, target
from lib.http1 import Connection, ask, chunked, compose
from lib.http2 import Connection as Http2
from lib.ports import free_port
from lib.waiting import scaled

_LARGEST = 64 * 1024


async def _edge(t, **parts):
    store = await t.store()
    nginx = await t.edge(store.redis.url, **parts)
    await recovered(nginx.port, store)
    return store, nginx


def _string_of(size):
    """A JSON value of `size` bytes."""
    return b'"' + b"x" * (size - 2) + b'"'


async def _is_done(store, nginx, make_request, count=1):
    """Each of `count` calls, sent as `make_request` says, is done once."""
    for call in await store.enrol(count):
        answer = await ask(nginx.port, make_request(call))
        assert call.answers(answer), "refused with 503"
        assert await store.events([call.user]) == [1]


async def test_head_is_answered_without_a_body(t):
    store, nginx = await _edge(t)
    call, = await store.enrol(1)
    async with Connection(nginx.port) as client:
        answer = await client.ask(compose("HEAD", target(call.user), headers()))
        assert answer.status == 501, f"wanted 501, got {answer}"
        assert answer.headers["content-type"] == "application/json;charset=UTF-8"
        # Were there a body, it would be taken for the beginning of this answer.
        assert call.answers(await client.ask(call.request)), "refused with 503"


async def test_thousand_requests_on_one_connection(t):
    store, nginx = await _edge(t)
    ledger = Ledger(store)
    async with Connection(nginx.port) as client:
        for call in await store.mixed(1000):
            assert ledger.enter(call, await client.ask(call.request)), "refused with 503"
    await ledger.settle()


async def test_pipelined_requests_are_answered_in_order(t):
    store, nginx = await _edge(t)
    calls = await store.mixed(20)
    async with Connection(nginx.port) as client:
        await client.send(b"".join(call.request for call in calls))
        for call in calls:
            assert call.answers(await client.answer()), "refused with 503"


async def test_pipelined_requests_with_bodies_of_every_kind(t):
    store, nginx = await _edge(t)
    calls = await store.enrol(20)
    bodies = (b"", b"{}", _string_of(3000), b'"<object>"', b" [1, {}]\n")
    requests = [post(call.user, body=bodies[number % len(bodies)]) for number, call in enumerate(calls)]
    async with Connection(nginx.port) as client:
        await client.send(b"".join(requests))
        for call in calls:
            assert call.answers(await client.answer()), "refused with 503"
    assert await store.events([call.user for call in calls]) == [1] * 20


async def test_body_in_a_file(t):
    store, nginx = await _edge(t, am="client_body_in_file_only on;")
    await _is_done(store, nginx, lambda call: call.request)
    answer = await ask(nginx.port, post("nobody", body=b"{ not json"))
    assert answer.status == 400 and b"not valid JSON" in answer.body, str(answer)


async def test_body_larger_than_its_buffer(t):
    store, nginx = await _edge(t, am="client_body_buffer_size 1k;")
    await _is_done(store, nginx, lambda call: post(call.user, body=_string_of(3000)))
    await _is_done(store, nginx, lambda call: post(call.user, body=_string_of(_LARGEST)))
    answer = await ask(nginx.port, post("nobody", body=_string_of(3000) + b"x"))
    assert answer.status == 400 and b"trailing data" in answer.body, str(answer)


async def test_chunked_body(t):
    store, nginx = await _edge(t)

    def in_chunks(*pieces):
        return lambda call: compose("POST", target(call.user), (*headers(), ("Transfer-Encoding", "chunked")),
                                    chunked(*pieces), length=False)

    await _is_done(store, nginx, in_chunks())
    await _is_done(store, nginx, in_chunks(b"{}"))
    await _is_done(store, nginx, in_chunks(b"{", b'"a"', b":", b"[]", b"}"))
    await _is_done(store, nginx, in_chunks(*[b"%s" % _string_of(1000)[i:i + 7] for i in range(0, 1000, 7)]))


async def test_body_that_comes_slowly(t):
    store, nginx = await _edge(t, am="client_body_buffer_size 1k;")
    for size in (2, 3000, _LARGEST):
        call, = await store.enrol(1)
        request = post(call.user, body=_string_of(size))
        async with Connection(nginx.port) as client:
            for piece in (request[:-size], request[-size:-size // 2], request[-size // 2:]):
                await client.send(piece)
                await asyncio.sleep(0.05)
            assert call.answers(await client.answer()), "refused with 503"


async def test_chunked_body_that_comes_slowly(t):
    store, nginx = await _edge(t)
    call, = await store.enrol(1)
    async with Connection(nginx.port) as client:
        await client.send(compose("POST", target(call.user), (*headers(), ("Transfer-Encoding", "chunked")),
                                  length=False))
        for piece in (b"1\r\n{", b"\r\n1\r", b"\n}\r\n0\r\n", b"\r\n"):
            await client.send(piece)
            await asyncio.sleep(0.03)
        assert call.answers(await client.answer()), "refused with 503"


async def test_expect_100_continue(t):
    store, nginx = await _edge(t)
    call, = await store.enrol(1)
    head = compose("POST", target(call.user), (*headers(), ("Expect", "100-continue"), ("Content-Length", "2")),
                   length=False)
    async with Connection(nginx.port) as client:
        await client.send(head)
        assert (await client.answer()).status == 100
        await client.send(b"{}")
        assert call.answers(await client.answer()), "refused with 503"


async def test_expect_100_continue_with_everything_at_once(t):
    store, nginx = await _edge(t)
    call, = await store.enrol(1)
    async with Connection(nginx.port) as client:
        await client.send(post(call.user, more=(("Expect", "100-continue"),)))
        answer = await client.answer()
        if answer.status == 100:
            answer = await client.answer()
        assert call.answers(answer), "refused with 503"


def _is_too_large(answer):
    assert answer.status == 413, f"wanted 413, got {answer}"
    assert answer.headers["content-type"] == "application/json;charset=UTF-8", answer.headers
    said = json.loads(answer.body)
    assert (said["code"], said["reason"]) == (413, "Request Entity Too Large"), said


async def test_body_at_the_limit_and_over_it(t):
    store, nginx = await _edge(t)
    await _is_done(store, nginx, lambda call: post(call.user, body=_string_of(_LARGEST)))
    for size in (_LARGEST + 1, 5 * _LARGEST):
        call, = await store.enrol(1)
        _is_too_large(await ask(nginx.port, post(call.user, body=_string_of(size))))
        assert await store.untouched(call.user), "a request that was refused was carried out"


async def test_chunked_body_at_the_limit_and_over_it(t):
    store, nginx = await _edge(t)

    def in_chunks(call, size):
        body = _string_of(size)
        pieces = [body[start:start + 8000] for start in range(0, size, 8000)]
        return compose("POST", target(call.user), (*headers(), ("Transfer-Encoding", "chunked")),
                       chunked(*pieces), length=False)

    await _is_done(store, nginx, lambda call: in_chunks(call, _LARGEST))
    for size in (_LARGEST + 1, 5 * _LARGEST):
        call, = await store.enrol(1)
        _is_too_large(await ask(nginx.port, in_chunks(call, size)))
        assert await store.untouched(call.user), "a request that was refused was carried out"


def _kept_bodies(nginx):
    """Bytes in the files of the bodies that the workers are reading."""
    sizes = [os.stat(path).st_size for pid in nginx.workers() for path in glob.glob(f"/proc/{pid}/fd/*")
             if "/body/" in os.readlink(path)]
    return sum(sizes)


async def test_an_endless_body_is_not_buffered(t):
    """Where nginx has no limit, either: no more is kept than shows that it is too large, and the rest is dropped as it
    comes. What follows on the connection is the next request."""
    port = free_port()
    store, nginx = await _edge(t, http="client_max_body_size 0;", server=f"listen 127.0.0.1:{port} http2;")
    call, following = await store.enrol(2)
    async with Connection(nginx.port) as client:
        await client.send(compose("POST", target(call.user), (*headers(), ("Transfer-Encoding", "chunked")),
                                  b'1\r\n"\r\n', length=False))
        for _ in range(200):
            await client.send(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
        kept = _kept_bodies(nginx)
        assert 0 < kept <= 2 * _LARGEST, f"{kept} bytes are kept"
        await client.send(b'1\r\n"\r\n0\r\n\r\n')
        _is_too_large(await client.answer())
        assert following.answers(await client.ask(following.request)), "refused with 503"
    with open(f"{t.folder}/large", "wb") as file:
        file.write(_string_of(200 * _LARGEST))
    said = await _curl(port, call, "--header", "Content-Length:", "--data-binary", f"@{t.folder}/large")
    assert json.loads(said)["code"] == 413, said
    assert await store.untouched(call.user), "a request that was refused was carried out"
    assert nginx.lines("alert") == []


async def test_http2_body_over_the_limit(t):
    """Refused before it is there where its length is announced, else when it is."""
    port = free_port()
    store, _ = await _edge(t, server=f"listen 127.0.0.1:{port} http2;")
    call, = await store.enrol(1)
    async with Http2(port) as client:
        announced = (*headers(), ("Content-Length", str(2 * _LARGEST)))
        said = await client.body(client.post(target(call.user), announced, b'"begun', end=False))
    assert json.loads(said)["code"] == 413, said
    with open(f"{t.folder}/large", "wb") as file:
        file.write(_string_of(2 * _LARGEST))
    said = await _curl(port, call, "--header", "Content-Length:", "--data-binary", f"@{t.folder}/large")
    assert json.loads(said)["code"] == 413, said
    assert await store.untouched(call.user), "a request that was refused was carried out"


async def test_the_connection_works_after_413(t):
    """Whatever the refusal leaves unread is not taken for the next request."""
    store, nginx = await _edge(t)
    call, = await store.enrol(1)
    async with Connection(nginx.port) as client:
        answer = await client.ask(post("nobody", body=_string_of(2 * _LARGEST)))
        _is_too_large(answer)
        if answer.headers.get("connection") == "close":
            assert await client.rest() == b""
            return
        assert call.answers(await client.ask(call.request)), "refused with 503"


async def test_http2_many_streams_at_once(t):
    port = free_port()
    store, nginx = await _edge(t, server=f"listen 127.0.0.1:{port} http2;")
    calls = await store.mixed(100)
    async with Http2(port) as client:
        streams = [client.post(target(call.user), headers(call.token), b"{}" if number % 2 else b"")
                   for number, call in enumerate(calls)]
        for call, stream in zip(calls, streams):
            assert await client.body(stream) == call.body, f"a wrong answer for {call.user}"
    users = [call.user for call in calls if call.body == DONE]
    assert await store.events(users) == [1] * len(users)
    assert nginx.lines("error") == []


async def test_http2_with_curl_and_nghttp(t):
    port = free_port()
    store, _ = await _edge(t, server=f"listen 127.0.0.1:{port} http2;")
    one, two = await store.enrol(2)
    said = await _curl(port, one, "--data", "{}", "--write-out", " over %{http_version}")
    assert said == DONE + b" over 2", said
    assert shutil.which("nghttp"), "nghttp is not installed (nghttp2-client)"
    with open(f"{t.folder}/body", "wb") as file:
        file.write(b"{}")
    said = await _output("nghttp", "--timeout=10", f"--data={t.folder}/body",
                         *[word for name, value in headers() for word in ("--header", f"{name.lower()}: {value}")],
                         f"http://127.0.0.1:{port}{target(two.user)}")
    assert said.strip() == DONE, said
    assert await store.events([one.user, two.user]) == [1, 1]


async def _curl(port, call, *words):
    more = [word for name, value in headers() for word in ("--header", f"{name}: {value}")]
    return await _output("curl", "--silent", "--show-error", "--http2-prior-knowledge", "--max-time", "10",
                         *more, *words, f"http://127.0.0.1:{port}{target(call.user)}")


async def _output(*words):
    done = await asyncio.to_thread(subprocess.run, words, stdin=subprocess.DEVNULL, capture_output=True, check=False,
                                   timeout=scaled(15))
    assert done.returncode == 0, f"{words[0]} ended with {done.returncode}: {done.stderr.decode()}"
    return done.stdout
