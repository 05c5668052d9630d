"""AM is asked about a token: what it is sent, what it may answer, and clients that leave meanwhile."""
import asyncio
import hashlib
import signal

from lib import processes
from lib.am import DONE, check_unavailable, headers, pending, post, target
from lib.backend import session_info, whose
from lib.beside import change, own_reset, session_edge, strange_reset
from lib.http1 import Connection, ask, caught_up, chunked, compose
from lib.http2 import Connection as Http2
from lib.waiting import until


async def test_am_gets_no_header_of_the_client(t):
    store, behind, nginx = await session_edge(t)
    await store.enrol(1)
    more = (("Authorization", "Basic YTpi"), ("X-Own", "1"),
            ("Cookie", "a=b; iPlanetDirectoryPro=token-of-user-0; c=d"),
            ("Range", "bytes=0-1"), ("If-None-Match-Not", "x"), ("Accept-Encoding", "gzip"), ("User-Agent", "own"),
            ("Expect-Not", "x"), ("Referer", "r"), ("X-Forwarded-For", "192.0.2.1"), ("Accept", "own/own"))
    sent = (*headers("another*token"), *more)
    plain = compose("POST", target("user-0"), sent, b'{"a":1}')
    parts = compose("POST", target("user-0"), (*sent, ("Transfer-Encoding", "chunked")), length=False)
    parts += chunked(b"{", b"}")
    for request in (plain, parts):
        answer = await ask(nginx.port, request)
        assert answer.body == DONE, str(answer)
        received = behind.received[-1]
        assert received.head == (
            b"POST /am/json/sessions?_action=getSessionInfo HTTP/1.1\r\nHost: am.example\r\nConnection: close\r\n"
            b"Content-Length: 2\r\nCookie: iPlanetDirectoryPro=token-of-user-0\r\n"
            b"Accept-API-Version: resource=2.0, protocol=1.0\r\nContent-Type: application/json\r\n\r\n"), received.head
        assert bytes(received.body) == b"{}"
    async with Http2(nginx.http2) as client:
        assert await client.body(client.post(target("user-0"), sent, b"{}")) == DONE
    assert behind.received[-1].head == received.head


async def test_what_correlates_logs_goes_to_am(t):
    store, behind, nginx = await session_edge(t, "mfa_reset_am_session_cache 0s;")
    await store.enrol(1)
    more = (("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"), ("tracestate", "a=1,b=2"),
            ("X-ForgeRock-TransactionId", "tx-1"),
            ("Cookie", 'iPlanetDirectoryPro=token-of-user-0; other=x; amlbcookie="01"'))
    answer = await ask(nginx.port, compose("POST", target("user-0"), (*headers("another*token"), *more)))
    assert answer.body == DONE, str(answer)
    received = behind.received[-1]
    assert received.value("Cookie") == "iPlanetDirectoryPro=token-of-user-0; amlbcookie=01", received.head
    for name, value in more[:3]:
        assert received.values(name) == [value], received.head


async def test_a_trace_goes_through_two_nginx_to_am(t):
    """The outer nginx begins the trace; the edge hands it on to AM, and the event has its id."""
    store, behind, nginx = await session_edge(t)
    call, = await store.enrol(1)
    outer = t.new_nginx(module=None, server=f"""location / {{
        proxy_pass http://127.0.0.1:{nginx.port};
        proxy_set_header traceparent "00-$request_id-00f067aa0ba902b7-01"; }}""")
    await outer.start()
    assert (await ask(outer.port, own_reset(call.user))).body == DONE
    trace = behind.received[-1].value("traceparent").split("-")[1]
    event = (await store.redis.call("XRANGE", store.user_key(call.user) + ":events", "-", "+"))[0][1]
    assert len(trace) == 32 and event[event.index(b"trace") + 1] == trace.encode(), event


async def test_host_is_the_one_that_the_client_asked(t):
    _, behind, nginx = await session_edge(t)
    await change(nginx, "Host am.example", "Host $http_host")
    await ask(nginx.port, own_reset("nobody"))
    assert behind.received[-1].value("Host") == "localhost", behind.received[-1].head


async def test_the_cookie_has_the_name_that_is_configured(t):
    _, behind, nginx = await session_edge(t, "mfa_reset_am_cookie iPlanetDirectoryPro;")
    await change(nginx, "mfa_reset_am_cookie iPlanetDirectoryPro", "mfa_reset_am_cookie ownSso")
    sent = (("ownsso", "token-of-demo"), ("Accept-API-Version", "resource=1.0"))
    await ask(nginx.port, compose("POST", target("demo"), sent))
    assert behind.received[-1].value("Cookie") == "ownSso=token-of-demo"


async def _not_known(t, answers):
    """Each of these ways to answer ends in 503, and nothing is reset."""
    store, behind, nginx = await session_edge(t, read="1s")
    call, = await store.enrol(1)  # user-0
    for answer in answers:
        behind.rule = answer
        check_unavailable(await ask(nginx.port, own_reset(call.user)))
        assert await store.untouched(call.user), f"{answer.__name__}: reset all the same"
    behind.rule = whose
    assert (await ask(nginx.port, own_reset(call.user))).body == DONE, "and then all is well"


async def test_invalid_answers(t):
    body = session_info("user-0")

    async def cut_in_the_head(received):
        await received.send(b"HTTP/1.1 200 OK\r\nContent-")

    async def cut_in_the_body(received):
        await received.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body[:-20]))

    async def cut_after_the_whole_object(received):
        await received.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body) + 9, body))

    async def cut_in_a_chunk(received):
        await received.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s" % (len(body), body[:-1]))

    async def cut_before_the_last_chunk(received):
        await received.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n" % (len(body), body))

    async def no_http(received):
        await received.send(b"+PONG\r\n\r\n")

    async def nothing(received):
        received.writer.close()

    async def too_long(received):
        await received.send(b"HTTP/1.1 200 OK\r\n\r\n" + body + b" " * 100000)

    async def too_long_and_says_so(received):
        await received.answer(200, body + b" " * 100000)

    async def no_content(received):
        await received.send(b"HTTP/1.1 204 No Content\r\n\r\n")

    await _not_known(t, (cut_in_the_head, cut_in_the_body, cut_in_a_chunk, cut_after_the_whole_object,
                         cut_before_the_last_chunk, no_http, nothing, too_long, too_long_and_says_so, no_content))


async def test_slow_answers(t):
    async def silent(received):
        await received.reader.read(1)

    async def silent_in_the_body(received):
        await received.send(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{")
        await received.reader.read(1)

    await _not_known(t, (silent, silent_in_the_body))


async def test_am_is_gone(t):
    store, behind, nginx = await session_edge(t)
    call, = await store.enrol(1)
    await behind.stop()
    check_unavailable(await ask(nginx.port, own_reset(call.user)))
    assert await store.untouched(call.user)
    assert "AM did not say whose session it is" in nginx.log()


async def test_after_the_deadline_no_reset_is_sent(t):
    """AM answers in time for the location, but not for mfa_reset_timeout."""
    async def late(received):
        await asyncio.sleep(0.2)
        await whose(received)

    store, _, nginx = await session_edge(t, "mfa_reset_timeout 100ms;", rule=late)
    call, = await store.enrol(1)
    check_unavailable(await ask(nginx.port, own_reset(call.user)))
    assert await store.untouched(call.user)


async def test_each_gets_its_own_answer(t):
    """Hundreds at once, kept connections, HTTP/2 streams, and an AM that answers in another order."""
    async def some_time(received):
        await asyncio.sleep(int(hashlib.sha256(received.token.encode()).hexdigest(), 16) % 50 / 1000)
        await whose(received)

    store, behind, nginx = await session_edge(t, rule=some_time)
    calls = await store.enrol(400)

    async def kept(number):
        async with Connection(nginx.port) as client:
            for at in range(number, 200, 20):
                request, wanted = strange_reset(calls[at].user, f"eve{at}")
                assert (await client.ask(request)).body == wanted
                assert (await client.ask(own_reset(calls[at].user))).body == DONE
                assert (await client.ask(post(calls[at].user, f"no{at}"))).status == 401

    async def streams():
        async with Http2(nginx.http2) as client:
            for first in range(200, 400, 50):
                sent = []
                for at in range(first, first + 50):
                    user = calls[at].user
                    sent.append((client.post(target(user), headers(f"token-of-eve{at}"), b"{}"),
                                 strange_reset(user, f"eve{at}")[1]))
                    sent.append((client.post(target(user), headers(f"token-of-{user}"), b"{}"), DONE))
                for stream, wanted in sent:
                    body = await client.body(stream)
                    assert body == wanted, f"wanted {wanted}, got {body}"

    await asyncio.gather(*(kept(number) for number in range(20)), streams())
    assert await store.events([call.user for call in calls]) == [1] * 400
    assert len(behind.received) == 1000


async def test_pipelined_requests(t):
    store, _, nginx = await session_edge(t)
    calls = await store.enrol(20)
    async with Connection(nginx.port) as client:
        for call in calls:
            await client.send(own_reset(call.user) + strange_reset(call.user, f"eve-{call.user}")[0])
        for call in calls:
            assert (await client.answer()).body == DONE
            assert (await client.answer()).body == strange_reset(call.user, f"eve-{call.user}")[1]


async def _held(t, am="", **parts):
    """An AM that answers only when it is told to."""
    release = asyncio.Event()

    async def hold(received):
        await received.read_body()
        await release.wait()
        await whose(received)

    return (*await session_edge(t, am, rule=hold, **parts), release)


async def test_clients_that_leave(t):
    store, behind, nginx, release = await _held(t)
    calls = await store.enrol(100)
    clients = [await Connection(nginx.port).__aenter__() for _ in calls]
    for call, client in zip(calls, clients):
        await client.send(own_reset(call.user))
    await until(lambda: len(behind.received) == 100, 5, "AM is asked for all")
    for number, client in enumerate(clients):
        if number % 4 == 0:
            client.close()
        elif number % 4 == 1:
            client.reset()
    await until(lambda: nginx.access().count("499 POST ") == 50, 3, "499 for each that left")
    release.set()
    for number, (call, client) in enumerate(zip(calls, clients)):
        if number % 4 > 1:
            assert (await client.answer()).body == DONE
            client.close()
    events = await store.events([call.user for call in calls])
    assert events == [0, 0, 1, 1] * 25, "who left before AM had answered is not reset"


async def test_cancelled_http2_streams(t):
    store, behind, nginx, release = await _held(t)
    calls = await store.enrol(60)
    async with Http2(nginx.http2) as client:
        streams = [client.post(target(call.user), headers(f"token-of-{call.user}"), b"{}") for call in calls]
        await until(lambda: len(behind.received) == 60, 5, "AM is asked for all")
        for stream in streams[::2]:
            client.give_up(stream)
        await until(lambda: nginx.access().count("499 POST ") == 30, 3, "499 for each")
        release.set()
        for stream in streams[1::2]:
            assert await client.body(stream) == DONE
    assert await store.events([call.user for call in calls]) == [0, 1] * 30
    async with Http2(nginx.http2) as client:
        release.clear()
        for call in calls:
            client.post(target(call.user), headers(f"token-of-{call.user}"), b"{}")
        await until(lambda: len(behind.received) == 120, 5, "AM is asked for all")
    await until(lambda: nginx.access().count("499 POST ") == 90, 3, "499 for each of the connection")
    release.set()
    assert (await ask(nginx.port, own_reset(calls[0].user))).body == DONE


async def test_clients_that_leave_after_am_has_answered(t):
    """The reset is sent: it is heard out, and whose it is is known from AM also if Redis is lost."""
    store, _, nginx = await session_edge(t)
    call, = await store.enrol(1)

    async def leave():
        store.redis.freeze()
        async with Connection(nginx.port) as client:
            await client.send(own_reset(call.user))
            await pending(nginx.port, 1)
        await caught_up(nginx.port)

    await leave()
    assert "499 POST " not in nginx.access()
    store.redis.thaw()
    await until(lambda: "499 POST " in nginx.access(), 3, "499")
    assert await store.events([call.user]) == [1]
    await leave()
    await store.redis.kill()
    await until(lambda: nginx.access().count("499 POST ") == 2, 3, "499 again")
    said = nginx.lines("info", "mfa_reset: unanswered")
    caller = f'caller "id={call.user},ou=user,o=alpha,ou=services,dc=example", target "/alpha/{call.user}"'
    assert [f"am: {result}, {caller}" in line for result, line in zip(("ok", "uncertain"), said)] == [True] * 2, said


async def test_clients_that_leave_with_proxy_ignore_client_abort(t):
    """proxy_ignore_client_abort concerns the connection to AM: if the client leaves, no reset is sent either."""
    store, behind, nginx, release = await _held(t)
    await change(nginx, "internal; proxy_pass", "internal; proxy_ignore_client_abort on; proxy_pass")
    calls = await store.enrol(40)
    for call in calls[:20]:
        async with Connection(nginx.port) as client:
            await client.send(own_reset(call.user))
            await until(lambda wanted=len(behind.received) + 1: len(behind.received) >= wanted, 3, "AM is asked")
    async with Http2(nginx.http2) as client:
        for call in calls[20:]:
            client.give_up(client.post(target(call.user), headers(f"token-of-{call.user}"), b"{}"))
        assert await client.body(client.post("/plain", (), b"{}")) == b"plain\n", "all that came before it is read"
        release.set()
        await asyncio.sleep(0.1)
    await until(lambda: nginx.access().count("499 POST ") == 40, 3, "499 for each that left")
    assert await store.events([call.user for call in calls]) == [0] * 40
    assert (await ask(nginx.port, own_reset(calls[0].user))).status == 200


async def test_leaving_leaks_nothing(t):
    store, behind, nginx, release = await _held(t)
    calls = await store.enrol(50)
    worker, = nginx.workers()

    async def leave():
        clients = [await Connection(nginx.port).__aenter__() for _ in calls]
        count = len(behind.received)
        for call, client in zip(calls, clients):
            await client.send(own_reset(call.user))
        await until(lambda: len(behind.received) == count + 50, 5, "AM is asked for all")
        for client in clients:
            client.reset()
        await until(lambda: nginx.access().count("499 POST ") == len(behind.received), 3, "499 for each")

    for _ in range(3):
        await leave()
    files, size = len(processes.open_files(worker)), processes.resident_kib(worker)
    for _ in range(20):
        await leave()
    release.set()
    await until(lambda: len(processes.open_files(worker)) <= files, 3, f"no more than {files} descriptors, as before")
    grown = processes.resident_kib(worker) - size
    t.note(f"1000 left: the worker grew by {grown} KiB")
    assert grown < (16384 if t.sanitize else 512), f"the worker grew by {grown} KiB"


async def test_a_body_that_has_not_arrived_yet(t):
    """AM is asked when it is there, and not before."""
    store, behind, nginx = await session_edge(t)
    call, = await store.enrol(1)
    request = own_reset(call.user, body=b'{"a":"' + b"x" * 20000 + b'"}')
    async with Connection(nginx.port) as client:
        await client.send(request[:-10])
        await asyncio.sleep(0.1)
        assert behind.received == []
        await client.send(request[-10:])
        assert (await client.answer()).body == DONE
    async with Connection(nginx.port) as client:
        sent = (("Content-Length", "70000"), *headers(f"token-of-{call.user}"))
        await client.send(compose("POST", target(call.user), sent, length=False) + b"x" * 1000)
        assert (await client.answer()).status == 413
    assert len(behind.received) == 1


async def test_quit_waits_for_am(t):
    store, behind, nginx, release = await _held(t)
    calls = await store.enrol(10)
    answers = [asyncio.create_task(ask(nginx.port, own_reset(call.user))) for call in calls]
    await until(lambda: len(behind.received) == 10, 3, "AM is asked")
    nginx.signal(signal.SIGQUIT)
    await asyncio.sleep(0.3)
    assert nginx.running(), "it did not wait for AM"
    release.set()
    assert [answer.body for answer in await asyncio.gather(*answers)] == [DONE] * 10
    await nginx.ended(2, "after the last answer")


async def test_reload_waits_for_am(t):
    store, behind, nginx, release = await _held(t)
    calls = await store.enrol(10)
    answers = [asyncio.create_task(ask(nginx.port, own_reset(call.user))) for call in calls]
    await until(lambda: len(behind.received) == 10, 3, "AM is asked")
    await nginx.reload()
    other, = await store.enrol(1)
    late = asyncio.create_task(ask(nginx.port, own_reset(other.user)))
    await until(lambda: len(behind.received) == 11, 3, "the new worker asks, too")
    release.set()
    assert [answer.body for answer in await asyncio.gather(*answers, late)] == [DONE] * 11
    await until(lambda: len(nginx.workers()) == 1, 3, "the old worker ends")


async def test_fast_shutdown_while_am_is_asked(t):
    store, behind, nginx, release = await _held(t)
    call, = await store.enrol(1)
    async with Connection(nginx.port) as client:
        await client.send(own_reset(call.user))
        await until(lambda: len(behind.received) == 1, 3, "AM is asked")
        nginx.signal(signal.SIGTERM)
        await nginx.ended(2, "at once")
        assert await client.rest() == b""
    release.set()
    assert await store.untouched(call.user)
