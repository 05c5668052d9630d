"""Redis behind TLS: which certificates are accepted, and what the log says about the others."""
import asyncio
import re

from lib import processes
from lib.am import Ledger, Store, check_unavailable, recovered
from lib.certificates import Authority, chained, self_signed
from lib.http1 import ask
from lib.ports import free_port
from lib.waiting import scaled, until


class Place:
    """A folder of certificates, and a Redis that speaks TLS with one of them."""

    def __init__(self, t):
        self.t = t
        self.folder = t.subfolder("certificates")
        self.ca = Authority(self.folder)
        self.good = self.ca.issue("good")
        self.port = free_port()
        self.store = None

    async def redis(self, pair=None, **settings):
        pair = pair or self.good
        words = {"tls-port": self.port, "port": 0, "tls-cert-file": pair.certificate, "tls-key-file": pair.key,
                 "tls-auth-clients": "no",
                 **{name.replace("_", "-"): value for name, value in settings.items()}}
        self.store = await Store(await self.t.redis(**words)).seed()
        return self

    def url(self, host="127.0.0.1"):
        return f"rediss://{host}:{self.port}"

    def trust(self, *more):
        return "".join(f"mfa_reset_redis_ssl_{line}; "
                       for line in (f"trusted_certificate {self.ca.certificate}", *more))

    async def edge(self, *more, host="127.0.0.1", trust=None, http="", **parts):
        return await self.t.edge(self.url(host), http=(trust or self.trust(*more)) + http, **parts)


async def _accepted(t, place, nginx):
    """Resets are done; nothing is wrong."""
    await recovered(nginx.port, place.store, 3)
    call, = await place.store.enrol(1)
    assert call.answers(await ask(nginx.port, call.request)), "refused with 503"
    assert await place.store.events([call.user]) == [1]
    t.note(f"{len(await place.store.redis.clients())} connections of the module")


async def _refused(place, nginx, why):
    """503, one line in the log that says why, and nothing of nginx's own above info."""
    await until(lambda: nginx.lines("error", "is down"), 3, "the log says that Redis is down")
    await asyncio.sleep(scaled(0.4))  # some attempts more
    check_unavailable(await ask(nginx.port, place.store.unknown(1)[0].request))
    lines = nginx.lines("error")
    assert len(lines) == 1, lines
    expected = f"mfa_reset: Redis rediss://127.0.0.1:{place.port} is down: {why}"
    assert lines[0].endswith(expected), f"wanted {expected!r}, got {lines[0]!r}"
    noise = [line for level in ("warn", "crit", "alert", "emerg") for line in nginx.lines(level)]
    noise += [line for line in nginx.lines("info") if "SSL" in line]
    assert noise == [], noise
    assert await place.store.redis.clients() == []


async def test_the_right_authority_is_accepted(t):
    place = await Place(t).redis()
    nginx = await place.edge()
    await _accepted(t, place, nginx)
    clients = await place.store.redis.clients()
    assert len(clients) == 2 and all(client["laddr"] == f"127.0.0.1:{place.port}" for client in clients), clients
    assert nginx.lines("(?:error|warn|crit)") == []


async def test_mfa_reset_redis_ssl_name_is_verified(t):
    """The certificate has not localhost, but the configured name."""
    place = Place(t)
    await place.redis(place.ca.issue("named", hosts="DNS:redis.test,DNS:*.wild.test"))
    for name in ("redis.test", "REDIS.test", "redis.test.", "a.wild.test"):
        nginx = await place.edge(f"name {name}", host="localhost")
        await _accepted(t, place, nginx)
        await nginx.stop()


async def test_the_host_of_the_url_is_verified(t):
    place = Place(t)
    await place.redis(place.ca.issue("local", hosts="DNS:localhost"))
    await _accepted(t, place, await place.edge(host="localhost"))


async def test_a_chain_with_an_intermediate_authority(t):
    place = Place(t)
    between = Authority(place.folder, "between", above=place.ca)
    await place.redis(chained(between.issue("below"), between))
    await _accepted(t, place, await place.edge())


async def test_wrong_authority_is_refused(t):
    place = await Place(t).redis()
    other = Authority(place.folder, "other")
    nginx = await place.edge(trust=f"mfa_reset_redis_ssl_trusted_certificate {other.certificate};")
    await _refused(place, nginx, "its certificate was refused: unable to get local issuer certificate")
    await nginx.stop()
    await place.store.redis.call("CONFIG", "SET", "tls-ca-cert-file", place.ca.certificate)  # which it sends, too
    nginx = await place.edge(trust=f"mfa_reset_redis_ssl_trusted_certificate {other.certificate};")
    await _refused(place, nginx, "its certificate was refused: self-signed certificate in certificate chain")


async def test_wrong_host_is_refused(t):
    place = Place(t)
    await place.redis(place.ca.issue("elsewhere", hosts="DNS:other.test,IP:127.0.0.2", subject="127.0.0.1"))
    nginx = await place.edge()
    await _refused(place, nginx, "its certificate was refused: it is not for 127.0.0.1")
    await nginx.stop()
    for name in ("redis.test", "est", "other.test.example", "x.other.test", "127.0.0.1.example"):
        nginx = await place.edge(f"name {name}")
        await _refused(place, nginx, f"its certificate was refused: it is not for {name}")
        await nginx.stop()


async def test_an_address_in_a_dns_name_is_refused(t):
    place = Place(t)
    await place.redis(place.ca.issue("names", hosts="DNS:127.0.0.1", subject="127.0.0.1"))
    nginx = await place.edge()
    await _refused(place, nginx, "its certificate was refused: it is not for 127.0.0.1")


async def test_expired_certificate_is_refused(t):
    place = Place(t)
    await place.redis(place.ca.issue("expired", days=-1))
    nginx = await place.edge()
    await _refused(place, nginx, "its certificate was refused: certificate has expired")


async def test_self_signed_certificate_is_refused(t):
    place = Place(t)
    await place.redis(self_signed(place.folder, "self"))
    nginx = await place.edge()
    await _refused(place, nginx, "its certificate was refused: self-signed certificate")


async def test_certificate_of_a_client_is_refused(t):
    place = Place(t)
    await place.redis(place.ca.issue("client", usage="clientAuth"))
    nginx = await place.edge()
    await _refused(place, nginx, "its certificate was refused: unsuitable certificate purpose")


async def test_verification_can_be_switched_off(t):
    place = Place(t)
    await place.redis(self_signed(place.folder, "self", hosts="DNS:other.test"))
    await _accepted(t, place, await place.edge(trust="mfa_reset_redis_ssl_verify off;"))


async def test_client_certificate(t):
    place = Place(t)
    await place.redis(tls_auth_clients="yes", tls_ca_cert_file=place.ca.certificate)
    mine = place.ca.issue("edge", usage="clientAuth")
    nginx = await place.edge(f"certificate {mine.certificate}", f"certificate_key {mine.key}")
    await _accepted(t, place, nginx)


async def test_client_certificate_is_missing_or_wrong(t):
    """Redis refuses, and says which in its alert. With TLS 1.3 that comes after the handshake."""
    place = Place(t)
    other = Authority(place.folder, "other").issue("stranger", usage="clientAuth")
    await place.redis(tls_auth_clients="yes", tls_ca_cert_file=place.ca.certificate)
    wrong = (f"certificate {other.certificate}", f"certificate_key {other.key}")
    for version, call in (("1.2", "SSL_do_handshake"), ("1.3", "SSL_read")):
        for more, alert in (((), "handshake failure" if version == "1.2" else "certificate required"),
                            (wrong, "unknown ca")):
            nginx = await place.edge(f"protocols TLSv{version}", *more)
            await until(lambda: nginx.lines("error", "is down"), 3, "the log says that Redis is down")
            line, = nginx.lines("error")
            assert f"is down: {call}() failed (SSL: error:" in line and f" alert {alert}:" in line, line
            await nginx.stop()


async def test_protocols(t):
    place = Place(t)
    await place.redis(tls_protocols="TLSv1.2")
    nginx = await place.edge("protocols TLSv1.2")
    await _accepted(t, place, nginx)
    await nginx.stop()
    nginx = await place.edge("protocols TLSv1.3")
    await until(lambda: nginx.lines("error", "is down"), 3, "the log says that Redis is down")
    line, = nginx.lines("error")
    assert "SSL_do_handshake() failed" in line and " alert protocol version:" in line, line


async def test_redis_that_speaks_no_tls(t):
    store = await t.store()
    place = Place(t)
    place.port, place.store = store.redis.port, store
    nginx = await place.edge()
    await until(lambda: nginx.lines("error", "is down"), 3, "the log says that Redis is down")
    line, = nginx.lines("error")
    # It waits for the end of a line; a hello may have what it takes for one.
    assert re.search("is down: (?:connecting timed out|SSL_do_handshake.. failed .*wrong version number)", line), line


async def test_certificate_is_replaced_while_running(t):
    """The new one counts for new connections: taken where it is good, refused where it is not."""
    place = await Place(t).redis()
    redis = place.store.redis
    nginx = await place.edge()
    await _accepted(t, place, nginx)
    for name, hosts, why in (("next", "IP:127.0.0.1", None), ("bad", "IP:127.0.0.9", "it is not for 127.0.0.1"),
                             ("last", "IP:127.0.0.1", None)):
        new = place.ca.issue(name, hosts=hosts)
        before = await redis.clients()
        await redis.call("CONFIG", "SET", "tls-cert-file", new.certificate, "tls-key-file", new.key)
        await recovered(nginx.port, place.store)
        assert await redis.clients() != [], "the old connections have ended"
        await redis.call("CLIENT", "KILL", "ID", before[0]["id"])
        if why is None:
            async def whole():
                return len(await redis.clients()) == 2
            await until(whole, 3, "two connections again")
        else:
            await until(lambda: nginx.lines("warn", f"was lost: its certificate was refused: {why}"), 3,
                        "the log says that the new certificate is refused")
            assert len(await redis.clients()) == 1, "the other connection goes on, and there is no new one"
        await recovered(nginx.port, place.store)
    assert nginx.lines("error") == []


async def test_locations_with_other_settings_have_connections_of_their_own(t):
    """One is not let in by what the other trusts."""
    place = await Place(t).redis()
    other = Authority(place.folder, "other")
    nginx = await place.edge(server=f"""
        location /am/json/ {{ mfa_reset am; mfa_reset_redis_ssl_trusted_certificate {other.certificate}; }}
        location /auth/json/ {{ mfa_reset am; mfa_reset_redis_ssl_protocols TLSv1.2 TLSv1.3; }}
        location /none/json/ {{ mfa_reset am; mfa_reset_redis_ssl_verify off; }}""")
    await _accepted(t, place, nginx)

    async def connected():
        return len(await place.store.redis.clients()) == 4  # /openam and /auth share
    await until(connected, 3, "two connections of two servers")
    for context, status in (("openam", 404), ("auth", 404), ("none", 404), ("am", 503)):
        call, = place.store.unknown(1)
        call.context = context
        answer = await ask(nginx.port, call.request)
        assert answer.status == status, f"{context}: {answer}"


async def test_frozen_handshake_ends_by_the_connect_timeout(t):
    place = await Place(t).redis()
    place.store.redis.freeze()
    nginx = await place.edge(http="mfa_reset_redis_connect_timeout 200ms;")
    await until(lambda: nginx.lines("error", "is down: connecting timed out"), 2, "connecting ends")
    worker, = nginx.workers()
    await asyncio.sleep(scaled(1))
    assert processes.connections_to(worker, place.port) <= 2, "an attempt that was given up has left a socket"
    check_unavailable(await ask(nginx.port, place.store.unknown(1)[0].request))
    place.store.redis.thaw()
    await recovered(nginx.port, place.store, 3)


async def test_refused_handshakes_leave_nothing_behind(t):
    place = Place(t)
    await place.redis(self_signed(place.folder, "self"))
    nginx = await place.edge(http="mfa_reset_redis_connections 64;")
    worker, = nginx.workers()

    def refused():
        return place.store.redis.log().count("Error accepting a client connection")
    await until(lambda: refused() >= 200, 20, "200 handshakes are refused")
    first, size = refused(), processes.resident_kib(worker)
    await until(lambda: refused() - first >= 400, 20, "400 handshakes are refused")
    files, grown = len(processes.open_files(worker)), processes.resident_kib(worker) - size
    t.note(f"{refused()} handshakes, {files} files, {grown} KiB more")
    assert files < 64 + 30 and grown < scaled(2048), "refused handshakes have left something behind"
    good = place.good
    await place.store.redis.call("CONFIG", "SET", "tls-cert-file", good.certificate, "tls-key-file", good.key)
    await recovered(nginx.port, place.store, 3)


async def test_quit_and_reload_with_tls(t):
    place = await Place(t).redis()
    nginx = await place.edge()
    await _accepted(t, place, nginx)
    for _ in range(3):
        await nginx.reload()
        await recovered(nginx.port, place.store)
    await nginx.stop()
    assert await place.store.redis.clients() == []
