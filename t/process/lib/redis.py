"""A private redis-server, on a unix socket and a TCP port, that can be stopped, frozen and killed."""
import asyncio
import functools
import os
import pathlib
import signal
import subprocess

from . import resp
from .ports import free_port
from .waiting import scaled, until

_BUFFER = 16 * 1024 * 1024
_USER = pathlib.Path(__file__).resolve().parents[3] / "scripts" / "redis-user.pl"


@functools.cache
def _user():
    """The user of Redis that docs/how-to/redis.md makes for nginx, with all rights that are there: name and rules."""
    said = subprocess.run([_USER], capture_output=True, text=True, timeout=30, check=True).stdout
    lines = [line.split("\t") for line in said.splitlines()]
    return lines[0][3], [rule for line in lines for rule in line[4:]]


class Redis:
    def __init__(self, folder, **settings):
        self._folder = folder
        self._process = None
        self._stream = None
        self._turn = asyncio.Lock()
        self.socket = os.path.join(folder, "redis.sock")
        self.port = free_port()
        self._settings = {
            "bind": "127.0.0.1", "port": self.port, "unixsocket": self.socket, "unixsocketperm": 777,
            "dir": folder, "logfile": os.path.join(folder, "redis.log"), "save": "", "daemonize": "no",
            **settings}
        # The words after AUTH, for our own connection.
        self.login = (settings["requirepass"],) if "requirepass" in settings else ()

    @property
    def url(self):
        """For mfa_reset_redis: with a user that has exactly the rights of the documentation."""
        name, rules = _user()
        password = next(rule[1:] for rule in rules if rule.startswith(">"))
        return f"redis://{name}:{password}@127.0.0.1:{self.port}"

    @property
    def socket_url(self):
        """The same with the default user, which has all rights."""
        return f"unix:{self.socket}"

    @property
    def pid(self):
        return self._process.pid

    def running(self):
        return self._process is not None and self._process.poll() is None

    def setting(self, name):
        return self._settings[name]

    async def start(self):
        words = ["redis-server"]
        for name, value in self._settings.items():
            words += [f"--{name}", *map(str, value if isinstance(value, tuple) else (value,))]
        name, rules = _user()
        words += ["--user", name, *rules]
        self._process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        await until(self._answers, 10, "redis-server answers PING", every=0.005)
        return self

    async def _answers(self):
        assert self._process.poll() is None, "redis-server ended at once: see redis.log"
        try:
            return await self.call("PING") == b"PONG"
        except (OSError, EOFError, resp.RedisError):
            return False

    async def stop(self):
        """As an operator stops it: SIGTERM."""
        await self._end(signal.SIGTERM)

    async def kill(self):
        await self._end(signal.SIGKILL)

    async def _end(self, number):
        await self.hang_up()
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(number)
        if number != signal.SIGKILL:  # which needs no thaw, and shall leave no time for an answer
            self.thaw()
        await until(lambda: self._process.poll() is not None, 10, "redis-server ends", every=0.002)
        if number == signal.SIGKILL and os.path.exists(self.socket):
            os.unlink(self.socket)  # a killed server leaves it behind

    def freeze(self):
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self._process.send_signal(signal.SIGCONT)

    def log(self):
        with open(self._settings["logfile"], encoding="utf-8", errors="replace") as file:
            return file.read()

    async def call(self, *words):
        """One command's reply; an error reply is raised."""
        return (await self.pipeline([words]))[0]

    async def pipeline(self, commands):
        async with self._turn:
            return await asyncio.wait_for(self._pipeline(commands), scaled(10))

    async def _pipeline(self, commands):
        if self._stream is None:
            self._stream = await asyncio.open_unix_connection(self.socket, limit=_BUFFER)
            if self.login:
                await self._pipeline([("AUTH", *self.login)])
        reader, writer = self._stream
        try:
            writer.write(b"".join(resp.encode(*words) for words in commands))
            await writer.drain()
            replies = [(await resp.read_raw(reader))[1] for _ in commands]
        except BaseException:
            await self.hang_up()
            raise
        for reply in replies:
            if isinstance(reply, resp.RedisError):
                raise reply
        return replies

    async def hang_up(self):
        if self._stream is not None:
            writer, self._stream = self._stream[1], None
            writer.close()

    async def clients(self):
        """CLIENT LIST of the module's connections, a dictionary each."""
        text = (await self.call("CLIENT", "LIST")).decode()
        rows = [dict(pair.split("=", 1) for pair in line.split()) for line in text.splitlines()]
        return [row for row in rows if row["name"] == "mfa-reset"]
