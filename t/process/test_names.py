"""Redis by name: without a resolver the addresses at the start of nginx, with one the present ones."""
import asyncio
import signal

from lib import processes
from lib.am import check_unavailable, pending, recovered
from lib.dns import NXDOMAIN, SERVFAIL
from lib.http1 import Connection, ask, timed
from lib.ports import free_port
from lib.waiting import Clock, scaled, until

_NAME = "redis.test"
_PATIENT = "mfa_reset_redis_timeout 8s; mfa_reset_timeout 9s; mfa_reset_redis_connect_timeout 20s;"
_AT_ONCE = 1.0


async def _named(t, dns, port, **parts):
    """An nginx that finds Redis by name."""
    more = parts.pop("http", "")
    return await t.edge(f"redis://{_NAME}:{port}", http=f"{dns.resolver()}\n{more}", **parts)


def _down(nginx, why=""):
    return nginx.lines("error", f"mfa_reset: Redis .* is down: {why}")


async def _reason(nginx):
    """Why Redis is down, once that is known."""
    await until(lambda: _down(nginx), 3, "Redis is down")
    return _down(nginx)[0].split(" is down: ")[1]


async def test_found_by_name(t):
    dns = await t.dns()
    store = await t.store(bind="127.0.0.2", port=(port := free_port()))
    dns.set(_NAME, "127.0.0.2")
    nginx = await _named(t, dns, port)
    await recovered(nginx.port, store)
    assert {row["laddr"] for row in await store.redis.clients()} == {f"127.0.0.2:{port}"}
    assert set(dns.questions) == {(_NAME, 1), (_NAME, 28)}, dns.questions
    assert not _down(nginx)


async def test_found_by_ipv6_name_and_address(t):
    dns = await t.dns()
    store = await t.store(bind="::1", port=(port := free_port()))
    dns.set(_NAME, "::1")
    await recovered((await _named(t, dns, port)).port, store)
    asked = len(dns.questions)
    for http in ("", dns.resolver()):
        await recovered((await t.edge(f"redis://[::1]:{port}", http=http)).port, store)
    assert len(dns.questions) == asked, "an address was looked up"


async def test_requests_wait_for_the_lookup(t):
    """A slow answer is no failure: what came meanwhile is answered."""
    dns = await t.dns()
    store = await t.store(bind="127.0.0.2", port=(port := free_port()))
    dns.set(_NAME, "127.0.0.2")
    dns.delay = 0.5
    nginx = await _named(t, dns, port, http=_PATIENT)
    call, = await store.enrol(1)
    assert call.answers(await ask(nginx.port, call.request)), "refused with 503"
    assert not _down(nginx)


async def test_connections_share_one_query(t):
    dns = await t.dns()
    store = await t.store(bind="127.0.0.2", port=(port := free_port()))
    dns.held = asyncio.Event()
    nginx = await _named(t, dns, port, http=f"mfa_reset_redis_connections 16; {_PATIENT}")
    await until(lambda: len(dns.questions) == 2, 3, "questions for IPv4 and IPv6")
    await asyncio.sleep(0.2)
    assert len(dns.questions) == 2, f"16 connections asked {dns.questions}"
    dns.held.set()
    assert "Host not found" in await _reason(nginx)
    dns.set(_NAME, "127.0.0.2")

    async def all_there():
        return len(await store.redis.clients()) == 16

    await until(all_there, 3, "16 connections")
    await recovered(nginx.port, store)


async def test_a_lost_query_is_sent_again(t):
    """Also while lookups wait for its answer: nginx alone would send it again after five seconds."""
    dns = await t.dns()
    store = await t.store(bind="127.0.0.2", port=(port := free_port()))
    dns.set(_NAME, "127.0.0.2")
    dns.lost = 2  # for IPv4 and for IPv6
    patience = "\n".join(f"location /{limit}/ {{ mfa_reset am; mfa_reset_redis_connect_timeout {limit}ms; }}"
                         for limit in (700, 900))
    nginx = await _named(t, dns, port, http="mfa_reset_redis_connect_timeout 500ms;", server=patience)
    t.note(f"found after {await recovered(nginx.port, store, seconds=1.2):.2f} s")
    assert dns.lost == 0 and _down(nginx)


async def test_moved_server_is_found_again(t):
    """nginx keeps DNS's answer for its TTL, counted in whole seconds: then the next attempt finds the new place."""
    dns = await t.dns()
    port = free_port()
    store = await t.store(bind="127.0.0.2", port=port)
    other = await t.store(bind="127.0.0.3", port=port)
    dns.set(_NAME, "127.0.0.2", ttl=1)
    nginx = await _named(t, dns, port, workers=2)
    await recovered(nginx.port, store)
    dns.set(_NAME, "127.0.0.3", ttl=1)
    await store.redis.kill()
    took = await recovered(nginx.port, other, seconds=3.5)
    t.note(f"found in its new place after {took:.2f} s, with a TTL of 1 s")
    call, = await other.enrol(1)

    async def reset():  # by whichever worker: each finds it for itself
        return call.answers(await ask(nginx.port, call.request))
    await until(reset, 3.5, "the other worker has found it, too", promised=True)
    assert await other.untouched(call.user) is False


async def test_moved_server_is_found_at_once_after_the_ttl(t):
    dns = await t.dns()
    port = free_port()
    store = await t.store(bind="127.0.0.2", port=port)
    other = await t.store(bind="127.0.0.3", port=port)
    dns.set(_NAME, "127.0.0.2", ttl=1)
    nginx = await _named(t, dns, port)
    await recovered(nginx.port, store)
    dns.set(_NAME, "127.0.0.3", ttl=1)
    await asyncio.sleep(2.1)
    await store.redis.kill()
    took = await recovered(nginx.port, other, seconds=0.5)
    t.note(f"found in its new place after {took * 1000:.0f} ms")
    assert not _down(nginx), "no attempt needs to fail"


async def test_a_cached_answer_is_used_again(t):
    """As long as its TTL says, and without a question."""
    dns = await t.dns()
    store = await t.store(bind="127.0.0.2", port=(port := free_port()))
    dns.set(_NAME, "127.0.0.2", ttl=60)
    nginx = await _named(t, dns, port)
    await recovered(nginx.port, store)
    dns.silent = True
    for _ in range(3):
        await store.redis.kill()
        await store.redis.start()
        await recovered(nginx.port, await store.seed())
    assert len(dns.questions) == 2, dns.questions


async def test_a_silent_name_server_delays_no_request(t):
    """The worker has time for others; what needs Redis ends by its deadline, and at once when Redis is down."""
    dns = await t.dns()
    store = await t.store(bind="127.0.0.2", port=(port := free_port()))
    dns.set(_NAME, "127.0.0.2")
    dns.silent = True
    nginx = await _named(t, dns, port)
    waiting = [asyncio.create_task(timed(nginx.port, call.request)) for call in store.unknown(20)]
    async with Connection(nginx.port) as client:
        for _ in range(20):
            clock = Clock()
            assert (await client.ask(b"GET /plain HTTP/1.1\r\nHost: localhost\r\n\r\n")).status == 200
            assert clock.seconds < scaled(0.05), f"another location took {clock.seconds:.3f} s"
            await asyncio.sleep(0.005)
    for seconds, answer in await asyncio.gather(*waiting):
        check_unavailable(answer)
        assert seconds < scaled(0.4), f"503 after {seconds:.3f} s"
    assert await _reason(nginx) == f"{_NAME} could not be resolved (110: Operation timed out)"
    seconds, answer = await timed(nginx.port, store.unknown(1)[0].request)
    check_unavailable(answer)
    assert seconds < scaled(0.05), f"Redis is known to be down, and refusing took {seconds:.3f} s"
    await asyncio.sleep(2)
    assert len(_down(nginx)) == 1, "it was told again"
    dns.silent = False
    t.note(f"answered {await recovered(nginx.port, store, seconds=2.5):.2f} s after DNS spoke again")
    assert len(nginx.lines("error", "is up again")) == 1


async def test_a_shorter_resolver_timeout_counts(t):
    dns = await t.dns()
    dns.silent = True
    nginx = await _named(t, dns, free_port(), http="resolver_timeout 200ms; mfa_reset_redis_connect_timeout 10s;")
    assert "could not be resolved (110: " in await _reason(nginx)


async def test_lookup_without_a_limit_ends_with_the_attempt_to_connect(t):
    dns = await t.dns()
    store = await t.store(bind="127.0.0.2", port=(port := free_port()))
    dns.set(_NAME, "127.0.0.2")
    dns.silent = True
    nginx = await _named(t, dns, port, http="resolver_timeout 0; mfa_reset_redis_connect_timeout 200ms;"
                                            "mfa_reset_redis_connections 1;")
    assert await _reason(nginx) == "connecting timed out"
    dns.silent = False
    await recovered(nginx.port, store)


async def test_a_name_that_exists_later_is_found(t):
    """NXDOMAIN and SERVFAIL are logged once; nginx does not cache them."""
    dns = await t.dns()
    store = await t.store(bind="127.0.0.2", port=(port := free_port()))
    nginx = await _named(t, dns, port)
    assert await _reason(nginx) == f"{_NAME} could not be resolved (3: Host not found)"
    check_unavailable(await ask(nginx.port, store.unknown(1)[0].request))
    await asyncio.sleep(1)
    dns.fail(_NAME, SERVFAIL)
    await asyncio.sleep(1)
    assert len(_down(nginx)) == 1, "it was told again"
    dns.set(_NAME, "127.0.0.2")
    t.note(f"found after {await recovered(nginx.port, store):.2f} s")
    assert len(nginx.lines("error", "is up again")) == 1


async def test_a_server_failure_is_logged(t):
    dns = await t.dns()
    dns.fail(_NAME, SERVFAIL)
    nginx = await _named(t, dns, free_port())
    assert await _reason(nginx) == f"{_NAME} could not be resolved (2: Server failure)"


async def test_invalid_names_are_not_sent_to_dns(t):
    """nginx refuses an empty label, and the module a name that is too long."""
    dns = await t.dns()
    long = "a" * 60 + ("." + "b" * 60) * 4  # 304
    for name, why in (("a..b", "a..b could not be resolved (3: Host not found)"),
                      (long, "a name of 304 characters is too long")):
        nginx = await t.edge(f"redis://{name}", http=dns.resolver())
        assert await _reason(nginx) == why
        assert len(_down(nginx)) == 1
    assert not dns.questions


async def test_next_address_is_tried(t):
    """One of five has a Redis: the fifth attempt finds it at the latest."""
    dns = await t.dns()
    store = await t.store(bind="127.0.0.4", port=(port := free_port()))
    dns.set(_NAME, *(f"127.0.0.{last}" for last in range(2, 7)), ttl=60)
    nginx = await _named(t, dns, port)
    t.note(f"found after {await recovered(nginx.port, store, seconds=2):.2f} s")
    await asyncio.sleep(1.1)  # a connection that lasted is made again without delay
    await store.redis.kill()
    await store.redis.start()
    await recovered(nginx.port, await store.seed(), seconds=2)


async def test_all_addresses_are_used_in_turn(t):
    """Four and six together, in whatever order DNS and nginx give them."""
    dns = await t.dns()
    port, addresses = free_port(), ["::1", *(f"127.0.0.{last}" for last in range(2, 6))]
    tried = []

    def hang_up_at(address):
        def hang_up(_reader, writer):
            tried.append(address)
            writer.close()
        return asyncio.start_server(hang_up, address, port)

    servers = [await hang_up_at(address) for address in addresses]
    try:
        dns.set(_NAME, *addresses, ttl=60)
        await _named(t, dns, port, http="mfa_reset_redis_connections 1;")
        await until(lambda: len(tried) >= 10, 8, "ten attempts")
    finally:
        for server in servers:
            server.close()
    for start in range(6):
        assert set(tried[start:start + 5]) == set(addresses), f"not all of five in a row had their turn: {tried}"


async def test_localhost_is_not_looked_up(t):
    """Without a resolver names are looked up when nginx starts; with one, this one still is."""
    dns = await t.dns()
    store = await t.store()
    port = store.redis.port
    for http in ("", dns.resolver()):
        nginx = await t.edge(f"redis://localhost:{port}", http=http)
        await recovered(nginx.port, store)
        await store.redis.kill()
        await store.redis.start()
        await recovered(nginx.port, await store.seed())
    assert not dns.questions


async def test_each_location_asks_its_own_resolver(t):
    """The same URL, two resolvers, two Redis servers; where the resolver is the same, connections are shared."""
    one, two = await t.dns(), await t.dns()
    port = free_port()
    store = await t.store(bind="127.0.0.2", port=port)
    other = await t.store(bind="127.0.0.3", port=port)
    one.set(_NAME, "127.0.0.2")
    two.set(_NAME, "127.0.0.3")
    nginx = await _named(t, one, port, server=f"""
        location /other/json/ {{ {two.resolver()} mfa_reset am; }}
        location /same/json/ {{ mfa_reset am; }}""")
    for context, there, elsewhere in (("openam", store, other), ("other", other, store), ("same", store, other)):
        call, = await there.enrol(1, prefix=f"{context}-")
        call.context = context
        assert call.answers(await ask(nginx.port, call.request)), "refused with 503"
        assert await there.events([call.user]) == [1] and await elsewhere.events([call.user]) == [0]
    assert len(await store.redis.clients()) == len(await other.redis.clients()) == 2


async def test_worker_with_a_lookup_running_ends_at_once(t):
    dns = await t.dns()
    dns.silent = True
    store = await t.store()
    for number, held in ((signal.SIGQUIT, False), (signal.SIGTERM, False), (signal.SIGTERM, True)):
        asked = len(dns.questions)
        nginx = await _named(t, dns, free_port(), http=_PATIENT, workers=2)
        await until(lambda before=asked: len(dns.questions) >= before + 4, 3, "questions of two workers")
        clients = []
        if held:
            clients = [await Connection(nginx.port).__aenter__() for _ in range(10)]
            for client, call in zip(clients, store.unknown(10)):
                await client.send(call.request)
            await asyncio.sleep(0.1)
        clock = Clock()
        nginx.signal(number)
        await nginx.ended(_AT_ONCE, f"at once, after {number.name}")
        t.note(f"ended {clock.seconds * 1000:.0f} ms after {number.name}")
        for client in clients:
            client.close()


async def test_reload_with_a_lookup_running(t):
    """The old workers end, and the new ones ask for themselves."""
    dns = await t.dns()
    dns.silent = True
    store = await t.store(bind="127.0.0.2", port=(port := free_port()))
    nginx = await _named(t, dns, port, http=_PATIENT, workers=2)
    await until(lambda: len(dns.questions) >= 4, 3, "questions of two workers")
    dns.set(_NAME, "127.0.0.2")
    dns.silent = False
    await nginx.reload()
    await until(lambda: len(nginx.workers()) == 2, _AT_ONCE, "the old workers end", promised=True)
    await recovered(nginx.port, store)


async def test_quit_ends_requests_that_wait_for_a_lookup_by_their_deadline(t):
    dns = await t.dns()
    dns.silent = True
    store = await t.store()
    nginx = await _named(t, dns, free_port(),
                         http="mfa_reset_redis_timeout 900ms; mfa_reset_redis_connect_timeout 20s;")
    async with Connection(nginx.port) as client:
        await client.send(store.unknown(1)[0].request)
        await pending(nginx.port, 1)
        nginx.signal(signal.SIGQUIT)
        check_unavailable(await client.answer(seconds=2))
    await nginx.ended(_AT_ONCE, "after the last answer, although DNS is still silent")


async def test_failing_lookups_leave_nothing_behind(t):
    """Names that are not there, and answers that never come, in turn: descriptors and memory stay where they are."""
    dns = await t.dns()
    # As many connections as there may be, of several servers: each has its own lookups.
    server = "\n".join(f"location /{number}/ {{ mfa_reset am; mfa_reset_redis_max_pending {number}; }}"
                       for number in range(8, 12))
    nginx = await _named(t, dns, free_port(), server=server, level="crit",
                         http="mfa_reset_redis_connections 64; resolver_timeout 100ms;")
    worker, = nginx.workers()

    async def fail_for(seconds):
        asked = len(dns.questions)
        clock, turn = Clock(), 0
        while clock.seconds < seconds:
            turn += 1
            dns.silent = turn % 4 == 0
            await asyncio.sleep(0.1)
        dns.silent = False
        return (len(dns.questions) - asked) // 2

    await fail_for(2)
    files, memory = len(processes.open_files(worker)), processes.resident_kib(worker)
    lookups = await fail_for(4)
    grown = processes.resident_kib(worker) - memory
    left = len(processes.open_files(worker))
    t.note(f"{lookups} questions failed: memory grew by {grown} KiB, {files} descriptors before and {left} after")
    assert lookups >= 300, f"only {lookups}"
    limit = 16384 if t.sanitize else 128  # a sanitizer keeps what was freed for a while
    assert left == files and grown < limit, f"{grown} KiB, {files} and {left} descriptors"
