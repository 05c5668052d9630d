"""Connections of the module that are cut while the server is well: at any moment, before they have greeted, between a
command and its reply, and while replicas are waited for. By CLIENT KILL on the server itself, and by the stand-in."""
import asyncio

from lib import resp


async def _module_connections(server):
    """Ids of those by TCP that are the module's, or have not said yet whose they are."""
    text = (await server.call("CLIENT", "LIST", "TYPE", "normal")).decode()
    rows = [dict(pair.split("=", 1) for pair in line.split()) for line in text.splitlines()]
    return [row["id"] for row in rows if row["addr"].startswith("127.0.0.1") and row["name"] in ("", "mfa-reset")]


async def _kill(server):
    """How many were cut."""
    cut = 0
    for number in await _module_connections(server):
        cut += await server.call("CLIENT", "KILL", "ID", number)
    return cut


async def at_any_moment(servers, dice):
    cut = 0
    for _ in range(12):
        await asyncio.sleep(dice.uniform(0, 0.08))
        cut += await _kill(dice.choice(servers))
    return cut


async def while_greeting(servers, dice):
    """As fast as they come back, each new one too."""
    cut = 0
    for _ in range(4):
        server = dice.choice(servers)
        for _ in range(12):
            await asyncio.sleep(dice.uniform(0, 0.004))
            cut += await _kill(server)
        await asyncio.sleep(dice.uniform(0, 0.12))
    return cut


async def before_the_reply(servers, dice):
    """The server has the commands and does not answer: writes are held back for a moment."""
    cut = 0
    for _ in range(5):
        server = dice.choice(servers)
        await server.call("CLIENT", "PAUSE", 2000, "WRITE")
        await asyncio.sleep(dice.uniform(0.01, 0.08))
        cut += await _kill(server)
        await server.call("CLIENT", "UNPAUSE")
        await asyncio.sleep(dice.uniform(0.05, 0.15))
    return cut


async def while_replicas_are_waited_for(master, replica, dice):
    """The replica has stopped: all that was reset waits for it."""
    cut = 0
    replica.freeze()
    for _ in range(4):
        await asyncio.sleep(dice.uniform(0.03, 0.1))
        cut += await _kill(master)
    replica.thaw()
    return cut


class Cutter:
    """A rule for the stand-in: each command has a chance to be the last one of its connection. `states` counts those
    that were met; what was met least comes next."""
    _HOW = ("unread", "answered by half", "done and unanswered")
    _CHANCE = {"greeting": 0.08, "reset": 0.15, "waiting": 0.25}

    def __init__(self, dice):
        self._dice = dice
        self.states = {(where, how): 0 for where in self._CHANCE for how in self._HOW}

    async def __call__(self, command):
        where = {"WAIT": "waiting", "SET": "waiting"}.get(command.name, "reset" if command.is_script else "greeting")
        if self._dice.random() > self._CHANCE[where]:
            await command.pass_on()
            return
        how = min(self._HOW, key=lambda one: (self.states[where, one], self._dice.random()))
        self.states[where, how] += 1
        reply = b"" if how == "unread" else await command.true_reply()
        length = self._dice.randrange(len(reply)) if how == "answered by half" else 0
        await command.send_and_close(reply[:length], abort=self._dice.random() < 0.5)

    def __str__(self):
        met = [count for count in self.states.values() if count]
        return f"{sum(met)} cut at {len(met)} states of {len(self.states)}"


async def at_rest(command):
    """The stand-in's rule while nobody uses it: it greets, and knows nothing."""
    command.send(b"$0\r\n\r\n" if command.name == "INFO" else resp.encode("no") if command.is_script else b"+OK\r\n")
