"""tools/mfa-reset-directory, run as an operator runs it."""
import asyncio
import os
import pathlib
import signal
import subprocess

from .slapd import ALPHA, BASE, ROOT
from .waiting import scaled, until

PROGRAM = pathlib.Path(__file__).resolve().parents[3] / "tools" / "mfa-reset-directory"
DYING = pathlib.Path(__file__).with_name("dying_follower.py")
STREAM = "events"


def profile(uuid, created=1728415537308, **more):
    """As AM's JsonValue writes it: blanks, and two of them in an empty list."""
    members = {"uuid": f'"{uuid}"', "recoveryCodes": "[  ]"}
    if created is not None:
        members |= {"createdDate": str(created), "lastAccessDate": str(created)}
    members |= {"sharedSecret": f'"{SECRET}"', "deviceName": '"OATH Device"', **more}
    return "{ " + ", ".join(f'"{name}": {value}' for name, value in members.items()) + " }"


SECRET = "3132333435363738393031323334353637383930"  # in every profile: no output may have it


class Bridge:
    """The options that all commands of one test share, and its runs."""

    def __init__(self, folder, redis_url, slapd=None, **options):
        self._folder = folder
        self._options = {"redis": redis_url, **options}
        if slapd:
            self._options |= {"ldap": slapd.uri, "bind-dn": ROOT, "bind-password-file": slapd.password_file}
        self._running = []

    def words(self, command, *more, program=PROGRAM, **options):
        words = [str(program), command, "--realm", f"{ALPHA}=/alpha", "--realm", f"{BASE}=/"]
        shared = {name: value for name, value in self._options.items()
                  if command == "follow" or name not in ("lease", "metrics_file")}
        for name, value in {**shared, **options}.items():
            words += [f"--{name.replace('_', '-')}"] + ([] if value is True else [str(value)])
        return words + list(more)

    async def run(self, command, *more, status=0, stdin=None, **options):
        """What it printed: (standard output, standard error)."""
        process = await asyncio.create_subprocess_exec(
            *self.words(command, *more, **options), env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}, stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, err = await asyncio.wait_for(process.communicate(stdin), scaled(50))
        assert process.returncode == status, f"status {process.returncode}: {out.decode()}{err.decode()}"
        assert SECRET.encode() not in out + err, "a secret was shown"
        return out.decode(), err.decode()

    def follow(self, *more, die=None, die_at=1, **options):
        """A follower that runs on, see stop(); or one that dies at a place, see dying_follower.py."""
        log = open(os.path.join(self._folder, f"follow{len(self._running)}.log"), "wb")
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        if die:
            options["program"] = DYING
            environment |= {"DIE": die, "DIE_AT": str(die_at)}
        process = subprocess.Popen(self.words("follow", *more, stream=STREAM, **options), stdin=subprocess.DEVNULL,
                                   stdout=log, stderr=log, env=environment)
        process.log = log.name
        self._running.append(process)
        return process

    async def start(self):
        return self

    async def stop(self):
        for process in self._running:
            await end(process)
            assert SECRET not in said(process), "a secret was shown"


def said(process):
    with open(process.log, encoding="utf-8") as file:
        return file.read()


async def end(process, number=signal.SIGTERM):
    if process.poll() is None:
        process.send_signal(number)
        await until(lambda: process.poll() is not None, 20, "the follower ends")
