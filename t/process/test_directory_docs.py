"""docs/how-to/directory.md: its configuration and its commands, run as they stand; and the man page has every option."""
import asyncio
import os
import pathlib
import re
import sys

from lib.bridge import PROGRAM, Bridge, end, profile, said
from lib.slapd import Slapd
from lib.waiting import scaled, until

ROOT = pathlib.Path(__file__).resolve().parents[2]


def _blocks(kind):
    text = (ROOT / "docs" / "how-to" / "directory.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def _here(t, text, redis, slapd):
    """The page's text with the addresses and paths of this test."""
    for name, value in (("127.0.0.1:6379", f"127.0.0.1:{redis.port}"), ("redis-cli", f"redis-cli -s {redis.socket}"),
                        ("ldap://ds.example.com:1389", slapd.uri),
                        ("/etc/mfa-reset", t.folder), ("/var/lib/mfa-reset", t.folder)):
        text = text.replace(name, value)
    return text


async def _shell(t, text, status=0):
    process = await asyncio.create_subprocess_exec(
        "sh", "-ec", text, cwd=t.folder, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "PATH": f"{PROGRAM.parent}:{os.environ['PATH']}", "PYTHONDONTWRITEBYTECODE": "1"})
    out, _ = await asyncio.wait_for(process.communicate(), scaled(30))
    assert process.returncode == status, f"status {process.returncode} of {text}: {out.decode()}"
    return out.decode()


async def test_the_page_goes_from_nothing_to_working(t):
    redis = await t.redis()
    slapd = (await t.keep(Slapd(t.subfolder("slapd")))).seed()
    dn = slapd.enrol("demo", oathDeviceProfiles=[profile("a")], oath2faEnabled=["2"])
    (pathlib.Path(t.folder) / "ldap-password").write_text(pathlib.Path(slapd.password_file).read_text("ascii"), "ascii")
    await _shell(t, _here(t, _blocks("sh directory acl")[0], redis, slapd))
    (pathlib.Path(t.folder) / "redis-password").write_text("s3cret\n", "ascii")
    config, = _blocks("toml directory")
    (pathlib.Path(t.folder) / "directory.toml").write_text(_here(t, config, redis, slapd), "utf-8")
    first, update = (_here(t, block, redis, slapd) for block in _blocks("sh directory"))
    await _shell(t, first)
    assert await redis.call("HGET", "mfa:{/alpha/demo}", "oathDeviceProfiles") == f'[{profile("a")}]'.encode()
    (pathlib.Path(t.folder) / "users.ldif").write_text(f"dn: uid=file,{dn.partition(',')[2]}\nuid: file\n", "utf-8")
    await _shell(t, _here(t, _blocks("sh directory ldif")[0], redis, slapd))
    assert await redis.call("HGET", "mfa:{/alpha/file}", "uid") == b"file"
    await redis.call("DEL", "mfa:{/alpha/file}")

    bridge = await t.keep(Bridge(t.folder, f"redis://mfa-directory@127.0.0.1:{redis.port}"))
    words = _here(t, _blocks("sh directory follow")[0], redis, slapd).split()[2:]
    follower = bridge.follow(*words)
    await redis.call("XADD", "mfa:events", "*", "target", "/alpha/demo", "api", "am", "action", "reset", "factor", "oath")
    await redis.call("HDEL", "mfa:{/alpha/demo}", "oathDeviceProfiles")
    await redis.call("HSET", "mfa:{/alpha/demo}", "oath2faEnabled", 0)
    await until(lambda: "oathDeviceProfiles" not in slapd.read(dn), 20, f"the directory has it: {said(follower)}")
    await end(follower)

    slapd.add(dn, "oathDeviceProfiles", profile("b"))
    await _shell(t, update)
    assert await redis.call("HGET", "mfa:{/alpha/demo}", "oathDeviceProfiles") == f'[{profile("b")}]'.encode()
    out = await _shell(t, _here(t, _blocks("sh directory compare")[0], redis, slapd))
    assert "/alpha/" not in out, out


async def test_the_man_page_has_every_option(_t):
    sys.path.insert(0, str(PROGRAM.parent))
    from mfa_reset_directory.options import OPTIONS  # pylint: disable=import-outside-toplevel
    page = (PROGRAM.parent / "mfa-reset-directory.1").read_text(encoding="ascii").replace("\\-", "-")
    for option in OPTIONS:
        assert f"--{option.name}" in page, f"the man page lacks --{option.name}"
