"""mfa-reset-directory follow: what was done at the edge is done in the directory, whatever fails meanwhile."""
import asyncio
import os
import signal
import time

from lib.bridge import STREAM, Bridge, end, profile, said
from lib.certificates import Authority
from lib.http1 import ask
from lib.sentinel import USER, credentials, password_file, watched
from lib.slapd import BASE, Slapd
from lib.waiting import until

KEY = f"mfa:{STREAM}"
GROUP = "directory"


class _World:
    """A directory, a Redis, an edge that records its resets, and the bridge between them."""

    def __init__(self, t, store, slapd, nginx, bridge):
        self.t, self.store, self.slapd, self.nginx, self.bridge = t, store, slapd, nginx, bridge

    @property
    def redis(self):
        return self.store.redis  # another one after a failover

    async def enrol(self, count):
        """Users with two devices on both sides: calls that reset their OATH devices, and DNs."""
        calls = await self.store.enrol(count)
        dns = [self.slapd.enrol(call.user, oathDeviceProfiles=[profile("a"), profile("b")], oath2faEnabled=["2"],
                                pushDeviceProfiles=[profile("p")]) for call in calls]
        return calls, dns

    async def reset(self, calls):
        for call in calls:
            answer = await ask(self.nginx.port, call.request)
            assert call.answers(answer), answer

    async def reset_until_done(self, calls):
        """Each is asked for again until its answer is a success."""
        for call in calls:
            async def done():
                return call.answers(await ask(self.nginx.port, call.request))
            await until(done, 20, "the edge answers with success")

    async def event(self, user, action, factor="oath", at=None, **more):
        """An event as the edge writes it."""
        words = [word for pair in more.items() for word in pair]
        return (await self.redis.call(
            "XADD", KEY, "*" if at is None else f"{at}-0", "target", f"/alpha/{user}", "api", "am", "action", action,
            "factor", factor, "caller", "id=amAdmin", "ip", "127.0.0.1", "request", "00", *words)).decode()

    def devices(self, dn, attribute="oathDeviceProfiles"):
        return sorted(self.slapd.read(dn).get(attribute, []))

    def is_reset(self, dn):
        entry = self.slapd.read(dn)
        return "oathDeviceProfiles" not in entry and entry["oath2faEnabled"] == ["0"] and "pushDeviceProfiles" in entry

    async def pending(self):
        """Events that are not acknowledged: begun, or not read."""
        group = await self.redis.call("XINFO", "GROUPS", KEY)
        if not group:
            return -1
        words = dict(zip(group[0][::2], group[0][1::2]))
        unread = await self.redis.call("XRANGE", KEY, b"(" + words[b"last-delivered-id"], "+")
        return words[b"pending"] + len(unread)

    async def caught_up(self, seconds=25):
        async def all_done():
            return await self.pending() == 0
        await until(all_done, seconds, "all events are acknowledged")


DURABLE = {"appendonly": "yes", "appendfsync": "always"}


async def _world(t, tls=None, redis=None, **options):
    """`redis` are settings of Redis, `options` are of the bridge."""
    store = await t.store(**redis or {})
    slapd = (await t.keep(Slapd(t.subfolder("slapd"), tls))).seed()
    nginx = await t.edge(store.redis.socket_url, http=f"mfa_reset_events_stream {STREAM};")
    bridge = await t.keep(Bridge(t.folder, store.redis.socket_url, slapd, lease=3, **options))
    return _World(t, store, slapd, nginx, bridge)


async def test_a_reset_at_the_edge_is_one_in_the_directory(t):
    world = await _world(t)
    calls, dns = await world.enrol(5)
    world.bridge.follow()
    await world.reset(calls[:4])
    await world.caught_up()
    assert all(map(world.is_reset, dns[:4]))
    assert len(world.devices(dns[4])) == 2
    out, _ = await world.bridge.run("compare", status=1)
    assert [line for line in out.splitlines() if f"/{calls[0].user}:" in line and "oathDevice" in line] == []


async def test_each_action_and_factor(t):
    world = await _world(t)
    dn = world.slapd.enrol("demo", oathDeviceProfiles=[profile("a"), profile("b")], oath2faEnabled=["2"],
                           pushDeviceProfiles=[profile("p")], webauthnDeviceProfiles=[profile("w")])
    await world.event("demo", "rename", device="a", name='New "Ä"')
    await world.event("demo", "skip", value="1")
    await world.event("demo", "delete", "webauthn", device="w")
    await world.event("demo", "forwarded")
    await world.event("demo", "reset", "ChallengeSMS")
    await world.event("nobody", "reset")
    world.bridge.follow()
    await world.caught_up()
    entry = world.slapd.read(dn)
    assert entry["oath2faEnabled"] == ["1"]
    assert "webauthnDeviceProfiles" not in entry
    renamed = profile("a", deviceName='"New \\"Ä\\""')
    assert world.devices(dn) == sorted([renamed, profile("b")]), world.devices(dn)
    await world.event("demo", "delete", device="b")
    await world.caught_up()
    assert world.devices(dn) == [renamed]
    await world.event("demo", "reset", "all")
    await world.caught_up()
    assert not {"oathDeviceProfiles", "pushDeviceProfiles"} & set(world.slapd.read(dn))


async def test_a_replayed_reset_spares_what_was_enrolled_after_it(t):
    world = await _world(t)
    calls, dns = await world.enrol(1)
    follower = world.bridge.follow()
    await world.reset(calls)
    await world.caught_up()
    await end(follower)
    new = profile("new", int(time.time() * 1000) + 1)
    world.slapd.add(dns[0], "oathDeviceProfiles", new)
    undated = profile("undated", None)
    world.slapd.add(dns[0], "oathDeviceProfiles", undated)
    await world.redis.call("XGROUP", "SETID", KEY, GROUP, "0")
    follower = world.bridge.follow()
    await world.caught_up()
    assert world.devices(dns[0]) == sorted([new, undated])
    await until(lambda: "cannot be known" in said(follower), 5, "what stays is reported")


async def test_values_without_a_date_go_if_the_entry_is_older_than_the_event(t):
    world = await _world(t)
    jwe = "eyJhbGciOiJSU0ExXzUifQ.a.b.c.d"
    dn = world.slapd.enrol("demo", oathDeviceProfiles=[profile("undated", None), jwe])
    later = (int(time.time()) + 60) * 1000  # the edge's clock is ahead by more than the skew
    await world.event("demo", "reset", at=later)
    world.bridge.follow()
    await world.caught_up()
    assert world.devices(dn) == []


async def test_a_directory_that_is_down_is_waited_for(t):
    world = await _world(t, metrics_file=os.path.join(t.folder, "metrics"))
    calls, dns = await world.enrol(4)
    follower = world.bridge.follow()
    await world.reset(calls[:1])
    await world.caught_up()
    await world.slapd.kill()
    await world.reset(calls[1:])
    await until(lambda: "the directory is down" in said(follower), 20, "it notices")
    await until(lambda: _metric(world, "directory_up") == 0 and _metric(world, "lag_seconds") > 0, 10, "metrics show it")
    await world.slapd.start()
    await world.caught_up()
    assert all(map(world.is_reset, dns))
    await until(lambda: _metric(world, "lag_seconds") == 0, 10, "nothing is late")


def _metric(world, name):
    with open(os.path.join(world.t.folder, "metrics"), encoding="ascii") as file:
        lines = [line for line in file if line.startswith(f"mfa_reset_directory_{name} ")]
    return float(lines[0].split()[1])


_STEPS = ("Follower._handle:before", "Applier.apply:before", "Directory.change:before", "Directory.change:after",
          "Redis.xack:before", "Redis.xack:after", "Redis.xreadgroup:after")


async def test_killed_at_every_step_nothing_is_lost(t):
    world = await _world(t)
    calls, dns = await world.enrol(len(_STEPS))
    await world.reset(calls)
    for step in _STEPS:
        follower = world.bridge.follow(die=step)
        await until(lambda: follower.poll() is not None, 20, f"it dies at {step}: {said(follower)}")
        assert follower.returncode == -signal.SIGKILL, (step, said(follower))
        await world.redis.call("DEL", f"{KEY}:{GROUP}:lease")  # what would end by itself
    world.bridge.follow()
    await world.caught_up()
    assert all(map(world.is_reset, dns))


async def test_one_works_and_another_stands_by(t):
    world = await _world(t)
    calls, dns = await world.enrol(6)
    first = world.bridge.follow()
    await world.reset(calls[:2])
    await world.caught_up()
    second = world.bridge.follow()
    owner = await world.redis.call("GET", f"{KEY}:{GROUP}:lease")
    await world.reset(calls[2:4])
    await world.caught_up()
    assert await world.redis.call("GET", f"{KEY}:{GROUP}:lease") == owner
    await end(first, signal.SIGKILL)
    await world.reset(calls[4:])
    await world.caught_up()
    assert await world.redis.call("GET", f"{KEY}:{GROUP}:lease") not in (None, owner)
    assert second.poll() is None and all(map(world.is_reset, dns))


async def test_who_has_lost_the_lease_does_not_write(t):
    world = await _world(t)
    calls, dns = await world.enrol(1)
    follower = world.bridge.follow()

    async def held():
        return await world.redis.call("EXISTS", f"{KEY}:{GROUP}:lease")
    await until(held, 10, "it has the lease")
    os.kill(follower.pid, signal.SIGSTOP)
    await world.redis.call("SET", f"{KEY}:{GROUP}:lease", "another")
    await world.reset(calls)
    os.kill(follower.pid, signal.SIGCONT)
    await until(lambda: "standing by" in said(follower), 10, "it notices")
    assert len(world.devices(dns[0])) == 2
    await world.redis.call("DEL", f"{KEY}:{GROUP}:lease")
    await world.caught_up()
    assert world.is_reset(dns[0])


async def test_a_poison_event_goes_to_the_dead_letters(t):
    world = await _world(t)
    calls, dns = await world.enrol(1)
    await world.event("demo", "explode")
    world.slapd.enrol("twin", BASE)
    world.slapd.enrol("twin", f"o=alpha,{BASE}")
    await world.redis.call("XADD", KEY, "*", "target", "no subject", "action", "reset", "factor", "oath")
    await world.reset(calls)
    follower = world.bridge.follow()
    await world.caught_up()
    assert world.is_reset(dns[0])
    dead = await world.redis.call("XRANGE", f"{KEY}:{GROUP}:dead", "-", "+")
    assert len(dead) == 2 and b"action" in dead[0][1], dead
    assert said(follower).count("dead") == 2


async def test_a_gap_is_said_and_ends_it_until_both_sides_are_compared(t):
    world = await _world(t)
    calls, dns = await world.enrol(4)
    follower = world.bridge.follow()
    await world.reset(calls[:1])
    await world.caught_up()
    await end(follower)
    await world.reset(calls[1:])
    await world.redis.call("XTRIM", KEY, "MAXLEN", "1")  # the second and third are lost
    _, text = await world.bridge.run("follow", status=2, stream=STREAM)
    assert "events were lost" in text, text
    follower = world.bridge.follow("--after-gap", "compare")
    await world.caught_up()
    assert world.is_reset(dns[3]) and len(world.devices(dns[1])) == 2
    for call in calls[1:3]:
        assert f"/alpha/{call.user}: oathDeviceProfiles" in said(follower), said(follower)


async def test_redis_restarts_under_load(t):
    """What Redis has kept is followed to the end."""
    world = await _world(t, redis=DURABLE)
    calls, dns = await world.enrol(30)
    follower = world.bridge.follow()
    await world.reset(calls[:15])
    await world.redis.kill()
    await world.redis.start()
    await world.reset_until_done(calls[15:])
    await world.caught_up()
    assert follower.poll() is None, said(follower)
    assert all(map(world.is_reset, dns))


async def test_it_may_start_before_redis(t):
    world = await _world(t, redis=DURABLE)
    calls, dns = await world.enrol(1)
    await world.reset(calls)
    await world.redis.kill()
    follower = world.bridge.follow()
    await until(lambda: "trying again" in said(follower), 10, "it says that it waits")
    await world.redis.start()
    await world.caught_up()
    assert world.is_reset(dns[0])
    wrong = os.path.join(t.folder, "wrong.password")
    with open(wrong, "w", encoding="ascii") as file:
        file.write("wrong\n")
    _, text = await world.bridge.run("follow", status=2, stream=STREAM, redis_password_file=wrong)
    assert "Redis: " in text and "wrong" not in text, text


async def test_the_master_fails_over_under_load(t):
    """With mfa_reset_redis_wait a success is on a replica: the new master has its event, and the directory gets it."""
    sentinels = await watched(t)
    slapd = (await t.keep(Slapd(t.subfolder("slapd")))).seed()
    nginx = await t.edge(sentinels.url(), http=f"mfa_reset_events_stream {STREAM}; mfa_reset_redis_wait 1;"
                                               + credentials(t))
    bridge = await t.keep(Bridge(t.folder, sentinels.url(), slapd, lease=3, **{
        "redis-sentinel-user": USER, "redis-sentinel-password-file": password_file(t)}))
    world = _World(t, sentinels.store, slapd, nginx, bridge)
    calls, dns = await world.enrol(40)
    await sentinels.replicated()
    follower = bridge.follow()
    await world.reset(calls[:10])
    await world.caught_up()
    load = asyncio.ensure_future(world.reset_until_done(calls[10:]))
    await sentinels.master.kill()
    await sentinels.decided()
    await load
    await world.caught_up(40)
    assert follower.poll() is None, said(follower)
    assert all(map(world.is_reset, dns)), said(follower)


async def test_starttls_is_verified(t):
    authority = Authority(t.folder)
    pair = authority.issue("slapd", "IP:127.0.0.1")
    world = await _world(t, tls=(pair.certificate, pair.key), starttls=True, ldap_ca=authority.certificate)
    calls, dns = await world.enrol(1)
    await world.reset(calls)
    world.bridge.follow()
    await world.caught_up()
    assert world.is_reset(dns[0])
    other = Authority(t.subfolder("other"))
    _, text = await world.bridge.run("compare", status=2, ldap_ca=other.certificate)
    assert "directory" in text
