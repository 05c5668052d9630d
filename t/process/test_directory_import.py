"""mfa-reset-directory import and compare: entries of AM's directory become records that the module finds."""
import asyncio
import base64
import os
import signal
import urllib.parse

from lib.am import headers
from lib.bridge import Bridge, profile
from lib.http1 import ask, compose
from lib.slapd import ALPHA, BASE, Slapd
from lib.waiting import until

JWE = "eyJhbGciOiJSU0ExXzUifQ.a.b.c.d"


def _entry(name, base=ALPHA, *lines):
    return "\n".join([f"dn: uid={name},{base}", f"uid: {name}", *lines]) + "\n\n"


def _base64(attribute, value):
    return f"{attribute}:: {base64.b64encode(value.encode()).decode()}"


def _folded(line, width=40):
    return "\n ".join([line[:width], *(line[i:i + width] for i in range(width, len(line), width))])


async def _import(t, text, *more, status=0, **options):
    """Imports LDIF text into a new Redis; the Redis, and what was said."""
    redis = await t.redis()
    _, said = await Bridge(t.folder, redis.socket_url, ldif="-", **options).run(
        "import", *more, status=status, stdin=text.encode())
    return redis, said


async def _record(redis, subject):
    words = await redis.call("HGETALL", f"mfa:{{{subject}}}")
    return {words[i].decode(): words[i + 1].decode() for i in range(0, len(words), 2)}


async def test_values_are_kept_byte_for_byte(t):
    odd = profile("b", None, counter="12345678901234567890", x='"/ä\\u0041"', deviceName='"Ä"')
    redis, said = await _import(t, _entry(
        "myUser", ALPHA, _folded("oathDeviceProfiles: " + profile("a")), _base64("oathDeviceProfiles;x-opt", odd),
        f"OATHDEVICEPROFILES: {JWE}", "# a comment,\n which is folded", "oath2faEnabled: 2", "push2faEnabled: 1"))
    assert await _record(redis, "/alpha/myuser") == {
        "uid": "myUser", "oath2faEnabled": "2", "push2faEnabled": "1",
        "oathDeviceProfiles": f'[{profile("a")}, {odd}, "{JWE}"]'}, said


async def test_a_user_without_devices_gets_a_record_and_a_container_none(t):
    redis, said = await _import(t, f"version: 1\n\ndn: {ALPHA}\no: alpha\n\n" + _entry("plain"))
    assert await _record(redis, "/alpha/plain") == {"uid": "plain"}, said
    assert await redis.call("DBSIZE") == 1


async def test_what_cannot_be_taken_is_named_and_the_rest_goes_on(t):
    wrong = {
        "url": _entry("url", ALPHA, "oathDeviceProfiles:< file:///etc/passwd"),
        "change": f"dn: uid=change,{ALPHA}\nchangetype: modify\nreplace: uid\nuid: change\n-\n\n",
        "elsewhere": _entry("elsewhere", "dc=other"),
        "dots": f"dn: cn=dots,{ALPHA}\nuid: ..\n\n",
        "line": _entry("line", ALPHA, "no colon at all"),
    }
    partly = {
        "value": _entry("value", ALPHA, "pushDeviceProfiles: something else"),
        "base64": _entry("base64", ALPHA, "oathDeviceProfiles:: !!!"),
        "json": _entry("json", ALPHA, 'oathDeviceProfiles: { "uuid": '),
        "flag": _entry("flag", ALPHA, "oath2faEnabled: 7"),
    }
    redis, said = await _import(t, "".join([*wrong.values(), *partly.values(), _entry("last")]), status=1)
    for name in {**wrong, **partly}:
        assert any(line.startswith("skipped") and f"={name}," in line for line in said.splitlines()), (name, said)
    keys = sorted(key.decode() for key in await redis.call("KEYS", "*"))
    assert keys == sorted(f"mfa:{{/alpha/{name}}}" for name in [*partly, "last"]), keys
    assert "something else" not in said


async def test_names_come_from_the_rdn_and_realms_from_the_longest_base(t):
    redis, _ = await _import(
        t, f"dn: uid=Second,{ALPHA}\nuid: First\nuid: Second\n\ndn: cn=x,ou=people,{ALPHA}\nuid: Third\nuid: Fourth\n\n"
        + _entry("top", BASE))
    assert sorted(key.decode() for key in await redis.call("KEYS", "*")) == \
        ["mfa:{/alpha/second}", "mfa:{/alpha/third}", "mfa:{/top}"]


async def test_what_redis_has_stays_unless_it_is_told(t):
    redis = await t.redis()
    bridge = Bridge(t.folder, redis.socket_url, ldif="-")
    key = "mfa:{/alpha/demo}"
    await redis.call("HSET", key, "uid", "Demo", "oathDeviceProfiles", "[]", "challenge:ChallengeSMS", "3")
    text = _entry("demo", ALPHA, "oathDeviceProfiles: " + profile("a")).encode()
    await bridge.run("import", stdin=text)
    assert (await _record(redis, "/alpha/demo"))["oathDeviceProfiles"] == "[]"
    await bridge.run("import", "--update", "--dry-run", stdin=text)
    assert (await _record(redis, "/alpha/demo"))["oathDeviceProfiles"] == "[]"
    await bridge.run("import", "--update", stdin=text)
    assert await _record(redis, "/alpha/demo") == {
        "uid": "Demo", "oathDeviceProfiles": f'[{profile("a")}]', "challenge:ChallengeSMS": "3"}
    # A reset that the directory may not know of is not undone.
    await redis.call("HDEL", key, "oathDeviceProfiles")
    await redis.call("XADD", key + ":events", "*", "action", "reset")
    _, said = await bridge.run("import", "--update", status=1, stdin=text)
    assert "oathDeviceProfiles" not in await _record(redis, "/alpha/demo"), said


async def test_the_module_finds_what_was_imported(t):
    """Every kind of name: what is written is what the module reads."""
    names = ["Demo", "a b", "Änne", "a@b.c", "x+y", "100%", "semi;colon", "{brace}", "slash\\/x", "quote\"", "ß", "~_-."]
    text = "".join(f"dn: cn=n{n},{ALPHA}\n" + _base64("uid", name) + "\noathDeviceProfiles: " + profile("a") + "\n\n"
                   for n, name in enumerate(names))
    store = await t.store()
    await Bridge(t.folder, store.redis.socket_url, ldif="-").run("import", stdin=text.encode())
    nginx = await t.edge(store.redis.socket_url)
    for name in names:
        path = f"/openam/json/realms/root/realms/alpha/users/{urllib.parse.quote(name, safe='')}/devices/2fa/oath"
        answer = await ask(nginx.port, compose("POST", path + "?_action=reset", headers(), b"{}"))
        assert (answer.status, answer.body) == (200, b'{"result":true}'), (name, answer)
    keys = [key for key in await store.redis.call("KEYS", "mfa:{/alpha/*}")]
    assert len(keys) == len(names)
    assert await store.redis.pipeline([("HEXISTS", key, "oathDeviceProfiles") for key in keys]) == [0] * len(names)


async def test_from_a_live_directory_by_pages(t):
    redis = await t.redis()
    slapd = (await t.keep(Slapd(t.subfolder("slapd")))).seed()
    for number in range(520):  # more than a page
        slapd.enrol(f"user{number}", oathDeviceProfiles=[profile("a"), profile("b")], oath2faEnabled=["2"])
    slapd.enrol("top", BASE)
    bridge = Bridge(t.folder, redis.socket_url, slapd)
    _, said = await bridge.run("import")
    assert await redis.call("DBSIZE") == 521, said
    assert (await _record(redis, "/alpha/user519"))["oath2faEnabled"] == "2"
    out, _ = await bridge.run("compare")
    assert out == ""
    await redis.call("HSET", "mfa:{/alpha/user7}", "oath2faEnabled", 1)
    await redis.call("HDEL", "mfa:{/alpha/user8}", "oathDeviceProfiles")
    await redis.call("DEL", "mfa:{/alpha/user9}")
    await redis.call("HSET", "mfa:{/alpha/extra}", "uid", "extra")
    await redis.call("HSET", "mfa:{/beta/other}", "uid", "other")  # of a realm that is not compared
    out, _ = await bridge.run("compare", status=1)
    assert sorted(out.splitlines()) == [
        "/alpha/extra: only in Redis", "/alpha/user7: oath2faEnabled", "/alpha/user8: oathDeviceProfiles",
        "/alpha/user9: only in the directory"]


async def test_only_what_changed_since(t):
    redis = await t.redis()
    slapd = (await t.keep(Slapd(t.subfolder("slapd")))).seed()
    dn = slapd.enrol("demo", oathDeviceProfiles=[profile("a")])
    bridge = Bridge(t.folder, redis.socket_url, slapd)
    since = os.path.join(t.folder, "since")
    await bridge.run("import", "--since-file", since)
    _, said = await bridge.run("import", "--update", "--since", "2100-01-01T00:00:00Z")
    assert "nothing" in said
    slapd.add(dn, "oathDeviceProfiles", profile("b"))
    await bridge.run("import", "--update", "--since-file", since)
    assert (await _record(redis, "/alpha/demo"))["oathDeviceProfiles"].count("uuid") == 2


async def test_interrupted_it_goes_on_where_it_was(t):
    redis = await t.redis()
    file, checkpoint = os.path.join(t.folder, "users.ldif"), os.path.join(t.folder, "checkpoint")
    count = 60000
    with open(file, "w", encoding="ascii") as out:
        for number in range(count):
            out.write(_entry(f"user{number}", ALPHA, "oathDeviceProfiles: " + profile("a")))
    bridge = Bridge(t.folder, redis.socket_url, ldif=file, checkpoint=checkpoint)
    process = await asyncio.create_subprocess_exec(*bridge.words("import"), stderr=asyncio.subprocess.DEVNULL)
    await until(lambda: os.path.exists(checkpoint), 20, "a part is done")
    process.send_signal(signal.SIGKILL)
    await process.wait()
    assert 0 < await redis.call("DBSIZE") < count
    _, said = await bridge.run("import")
    assert "goes on behind" in said, said
    assert await redis.call("DBSIZE") == count
    assert not os.path.exists(checkpoint)


async def test_into_a_cluster(t):
    cluster = await t.cluster()
    text = "".join(_entry(f"user{n}", ALPHA, "oathDeviceProfiles: " + profile("a")) for n in range(300))
    bridge = Bridge(t.folder, cluster.url, ldif="-")
    await bridge.run("import", stdin=text.encode())
    out, said = await bridge.run("compare", stdin=text.encode())
    assert out == "" and "300 the same" in said, said


async def test_status_2_says_what_is_wrong(t):
    redis = await t.redis()
    slapd = (await t.keep(Slapd(t.subfolder("slapd")))).seed()
    for words, wanted in ((["--redis", "redis://127.0.0.1:1"], "Redis"), (["--ldif", "/nonexistent"], "nonexistent"),
                          (["--redis", "http://x"], "scheme"), (["--config", "/nonexistent"], "nonexistent")):
        _, said = await Bridge(t.folder, redis.socket_url, ldif="/dev/null").run("import", *words, status=2)
        assert wanted in said, said
    with open(slapd.password_file, "w", encoding="ascii") as file:
        file.write("wrong\n")
    _, said = await Bridge(t.folder, redis.socket_url, slapd).run("import", status=2)
    assert "refuses" in said and "wrong" not in said, said


async def test_options_from_a_file(t):
    redis = await t.redis()
    file = os.path.join(t.folder, "bridge.toml")
    with open(file, "w", encoding="utf-8") as out:
        out.write(f'prefix = "own:"\nuser-attribute = "fr-idm-uuid"\n[import]\nldif = "-"\n[follow]\ntries = 3\n')
    text = f"dn: fr-idm-uuid=U-1,{ALPHA}\nfr-idm-uuid: U-1\nuid: other\n\n"
    await Bridge(t.folder, redis.socket_url, config=file).run("import", "--subject-case", "exact", stdin=text.encode())
    assert await redis.call("KEYS", "*") == [b"own:{/alpha/U-1}"]
    with open(file, "a", encoding="utf-8") as out:
        out.write('[compare]\nnonsense = 1\n')
    _, said = await Bridge(t.folder, redis.socket_url, config=file).run("compare", status=2)
    assert "nonsense" in said
