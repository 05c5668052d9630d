"""Traffic through TLS: in one segment, in order, and cut connections."""
import asyncio
import os
import signal

from lib.am import Ledger, pending, recovered
from lib.certificates import Authority
from lib.http1 import Connection, ask
from lib.load import Load
from lib.ports import free_port
from lib.standin import truthful
from lib.waiting import until


async def _behind_tls(t, hosts="IP:127.0.0.1", http="", url=None, **parts):
    """A store, a stand-in that speaks TLS in front of it, and the edge."""
    store = await t.store()
    ca = Authority(t.subfolder("certificates"))
    standin = await t.standin(behind=store.redis, tls=ca.issue("standin", hosts=hosts))
    nginx = await t.edge((url or str)(standin.url), **parts,
                         http=f"mfa_reset_redis_ssl_trusted_certificate {ca.certificate}; {http}")
    await recovered(nginx.port, store, 3)
    return store, standin, nginx


async def test_the_server_name_is_sent(t):
    """The host of the URL, or mfa_reset_redis_ssl_name; never an address (RFC 6066, 3)."""
    by_name = {"url": lambda url: url.replace("127.0.0.1", "localhost")}
    for expected, hosts, more in (
            ("localhost", "DNS:localhost", by_name),
            ("redis.test", "DNS:redis.test", {"http": "mfa_reset_redis_ssl_name redis.test;", **by_name}),
            (None, "IP:127.0.0.1", {}),
            (None, "IP:::1", {"http": "mfa_reset_redis_ssl_name ::1;", **by_name})):
        _, standin, nginx = await _behind_tls(t, hosts, **more)
        assert standin.names and set(standin.names) == {expected}, f"wanted {expected}, got {standin.names}"
        await nginx.stop()


async def test_commands_of_one_turn_leave_together(t):
    """As without TLS: the worker is stopped while 64 clients send."""
    store, standin, nginx = await _behind_tls(t, http="mfa_reset_redis_timeout 5s; mfa_reset_timeout 5s;")
    worker, = nginx.workers()
    clients = [await Connection(nginx.port).__aenter__() for _ in range(64)]
    for call, client in zip(store.unknown(64), clients):
        assert call.answers(await client.ask(call.request)), "refused with 503"
    for _ in range(5):
        calls = await store.mixed(64)
        links = list(standin.links)
        segments, commands = sum(link.segments() for link in links), standin.commands
        os.kill(worker, signal.SIGSTOP)
        for call, client in zip(calls, clients):
            await client.send(call.request)
        os.kill(worker, signal.SIGCONT)
        for call, client in zip(calls, clients):
            assert call.answers(await client.answer()), "refused with 503"
        segments = sum(link.segments() for link in links) - segments
        commands = standin.commands - commands
        t.note(f"{commands} commands in {segments} segments")
        assert commands == 64
        assert segments <= 6, f"{commands} commands of one turn left in {segments} segments"
    for client in clients:
        client.close()


async def test_a_cut_connection_gives_no_wrong_answer(t):
    """Far more than the sockets hold is on its way when the connection is cut. What Redis has run is never said
    to be undone: only what OpenSSL has written whole was sent."""
    store, standin, nginx = await _behind_tls(t, http="""
        large_client_header_buffers 4 32k; mfa_reset_redis_connections 1; mfa_reset_redis_max_pending 4096;
        mfa_reset_redis_timeout 20s; mfa_reset_timeout 20s; mfa_reset_redis_connect_timeout 20s;""")
    worker, = nginx.workers()
    ledger = Ledger(store)
    for turn in range(2):
        calls = await store.enrol(400, prefix="u" * 6500 + f"-{turn}-")
        gate = asyncio.Event()

        async def hold(command):
            await gate.wait()
            await command.true_reply()  # which is not passed on

        standin.rule = hold
        clients = [await Connection(nginx.port).__aenter__() for _ in calls]
        for call, client in zip(calls, clients):
            await client.send(call.request)
        await pending(nginx.port, len(calls))
        os.kill(worker, signal.SIGSTOP)  # so that it writes no more while the bytes are read
        before = standin.commands
        gate.set()

        async def quiet():
            count = standin.commands
            await asyncio.sleep(0.4)
            return standin.commands == count
        await until(quiet, 15, "all that was sent is read")
        ran = standin.commands - before
        link, = standin.links
        standin.rule = truthful
        link.close(abort=True)
        os.kill(worker, signal.SIGCONT)
        for call, client in zip(calls, clients):
            ledger.enter(call, await client.answer())
            client.close()
        assert 10 < ran < 390, f"{ran} of 400 commands had come: the sockets hold too much, or too little"
        t.note(f"{ran} of 400 had been read when the connection was cut")
    await ledger.settle()
    t.note(str(ledger))
    assert ledger.uncertain and ledger.done, str(ledger)


async def test_load_while_connections_are_cut(t):
    """Each answer is its own, and true."""
    store, _, _ = await _behind_tls(t)
    ca = Authority(t.subfolder("certificates"))
    pair, port = ca.issue("redis", hosts="IP:127.0.0.1"), free_port()
    for name, value in (("tls-cert-file", pair.certificate), ("tls-key-file", pair.key), ("tls-auth-clients", "no")):
        await store.redis.call("CONFIG", "SET", name, value)
    await store.redis.call("CONFIG", "SET", "tls-port", port)
    nginx = await t.edge(f"rediss://127.0.0.1:{port}", http=f"""
        mfa_reset_redis_connections 4; mfa_reset_redis_ssl_trusted_certificate {ca.certificate};""")
    await recovered(nginx.port, store, 3)
    ledger = Ledger(store)
    calls = await store.mixed(9000)
    async with Load(nginx.port, calls, ledger) as load:
        for _ in range(6):
            await asyncio.sleep(0.25)
            for client in (await store.redis.clients())[:4]:
                await store.redis.call("CLIENT", "KILL", "ID", client["id"])
    await ledger.settle()
    t.note(f"{load}; {ledger}")
    assert not load.failures, load.failures[:3]
    assert len(ledger.done) > 100, str(ledger)


async def test_large_commands(t):
    """Each in several records, both ways."""
    store, _, nginx = await _behind_tls(t, http="large_client_header_buffers 4 32k;")
    for call in (*await store.enrol(20, prefix="u" * 15000), *store.unknown(5)):
        assert call.answers(await ask(nginx.port, call.request)), "refused with 503"
