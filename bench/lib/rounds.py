"""The run: what is measured, in which order, and for how long."""
import dataclasses
import time

from . import loads
from .figures import Table
from .processes import Failure, resident_kib
from .syscalls import Counter

_OVERHEAD = 0.15  # seconds that a measurement takes besides its load
_MANY = dataclasses.replace(loads.ADMIN_LOAD, name="many", title="AM, one of all users, without a device", users=False)
_FEW = dataclasses.replace(loads.ADMIN_LOAD, name="few", title="AM, one of a thousand, without a device", second=True)


@dataclasses.dataclass(frozen=True)
class Plan:
    """Times in seconds. `users` is a power of two."""
    rounds: int
    connections: tuple
    short: int  # one load, at other than 64 connections
    long: int  # one load, at 64
    paced: int
    users: int
    resets: int  # of the module's worker, between the two looks at its memory
    limit: int  # of the whole run

    def cells(self):
        """(load, system's name, connections, seconds) of one round."""
        for connections in self.connections:
            for load in loads.LOADS:
                for name in load.systems if connections in load.connections else ():
                    yield load, name, connections, self.long if connections == 64 else self.short

    def seconds(self):
        """What it all takes, as far as that is known before; without the last resets."""
        cells = sum(seconds + _OVERHEAD for *_, seconds in self.cells())
        each_round = cells + 2 * (2 * self.long) + 2 * (1.2 * self.paced + 0.2) + 2 * (self.long + _OVERHEAD)
        return 40 * self.users / 2 ** 20 + len(loads.SELF_LOAD.systems) * 1.2 \
            + self.rounds * (each_round + 3 * 1.5) + 5 * 3


FULL = Plan(rounds=5, connections=(1, 16, 64, 256), short=1, long=2, paced=3, users=2 ** 20, resets=10_000_000, limit=870)
QUICK = Plan(rounds=2, connections=(64,), short=1, long=1, paced=1, users=2 ** 17, resets=200_000, limit=112)
FEW_USERS = 2 ** 10


class Run:
    def __init__(self, plan, bench, systems, progress):
        self._plan, self._bench, self._progress = plan, bench, progress
        self._systems = {system.name: system for system in systems}
        self.table = Table()
        self.script = {"plain": [], "pipelined": []}
        self.paced, self.paced_rate = {"module": [], "limit": []}, None
        self._counter = Counter(bench, 1, bench.folder / "syscalls")
        self.syscalls, self.syscall_tool = {}, self._counter.tool
        self.users = {"many": [], "few": []}
        self.memory, self.soak = {}, {}

    def go(self):
        self._warm_up()
        self._look_at_memory("before")
        for number in range(self._plan.rounds):
            self._round(number)
        self._count_syscalls()
        self._pace()
        self._compare_users()
        self._keep_on()
        self._look_at_memory("after")
        for system in self._systems.values():
            system.check()

    def _measure(self, load, system, connections, seconds, why):
        self._progress.tell(f"{why}: {load.title}, {connections} connections: {system.title}")
        figures = self._bench.measure(system, load, connections, seconds)
        self._progress.did(seconds + _OVERHEAD)
        return figures

    def _warm_up(self):
        """As many connections as there will be: what a worker takes for them it keeps."""
        for system in self._systems.values():
            self._measure(loads.SELF_LOAD, system, 256, 1, "warming up")

    def _round(self, number):
        """Systems one after the other, each round beginning with another one."""
        why = f"round {number + 1} of {self._plan.rounds}"
        self._progress.tell(why, important=True)
        for system in self._systems.values():
            if system.varies and number > 0:
                system.restart()
                self._measure(loads.SELF_LOAD, system, 64, 1, "warming up")
        for connections in self._plan.connections:
            for load in loads.LOADS:
                cells = [cell for cell in self._plan.cells() if cell[0] is load and cell[2] == connections]
                turn = number % len(cells) if cells else 0
                for _, name, _, seconds in cells[turn:] + cells[:turn]:
                    figures = self._measure(load, self._systems[name], connections, seconds, why)
                    self.table.add(load.name, name, connections, figures)
        for name, pipelined in (("plain", 1), ("pipelined", 16)):
            self._progress.tell(f"{why}: the script alone, {name}")
            self.script[name].append(self._bench.script_alone(pipelined, self._plan.long))
            self._progress.did(2 * self._plan.long)

    def _count_syscalls(self):
        for load in (loads.SELF_LOAD, loads.FOUNDRY_LOAD, loads.OAA_LOAD):
            for name in load.systems if self.syscall_tool else ():
                self._progress.tell(f"system calls: {load.title}: {self._systems[name].title}", important=True)
                self.syscalls[load.name, name] = self._counter.count(self._systems[name], load)
                self._progress.did(2)

    def _pace(self):
        """At half of the module's own maximum rate."""
        rate = self.paced_rate = self.table.of("self", "module", "rate").median / 2
        for number in range(self._plan.rounds):
            for name, found in self.paced.items():
                self._progress.tell(f"{rate:.0f} a second, {number + 1} of {self._plan.rounds}: {name}")
                found.append(self._bench.pace(self._systems[name], loads.SELF_LOAD, rate, self._plan.paced))
                self._progress.did(1.2 * self._plan.paced + 0.2)

    def _compare_users(self):
        """All users, and a thousand in a database of their own. None has a device left, so that both do the same
        however often a user's turn comes."""
        self._progress.tell("a thousand users beside all of them", important=True)
        for users in (self._bench.users, self._bench.few):
            users.empty()
        module = self._systems["module"]
        for number in range(self._plan.rounds):
            for load in ((_MANY, _FEW), (_FEW, _MANY))[number % 2]:
                self._bench.users.next = number * 99991 % self._bench.users.count
                self.users[load.name].append(self._measure(load, module, 64, self._plan.long, "users"))

    def _keep_on(self):
        """Resets until the module's worker has done as many as were planned since its memory was looked at, or time
        is up."""
        done = self.table.requests(("self", "admin", "foundry", "oaa"), "module")
        done += sum(figures["requests"] for found in (*self.users.values(), self.paced["module"]) for figures in found)
        rate = self.table.of("self", "module", "rate").median
        self._progress.plan(max(0, min((self._plan.resets - done) / rate, self._plan.limit - self._progress.elapsed)))
        while done < self._plan.resets and self._progress.elapsed < self._plan.limit - 5:
            left = min((self._plan.resets - done) / rate, self._plan.limit - 5 - self._progress.elapsed)
            self._progress.tell(f"resets for the memory's sake: {done} of {self._plan.resets}")
            figures = self._measure(loads.SELF_LOAD, self._systems["module"], 64, max(1, min(10, round(left))), "memory")
            done += figures["requests"]
        self.soak["resets"] = done

    def _look_at_memory(self, when):
        """KiB of each process that are resident."""
        time.sleep(0.2)  # connections that a load has closed are gone by then
        for system in self._systems.values():
            found = self.memory.setdefault(system.name, {})
            found[f"nginx {when}"] = resident_kib(system.worker)
            if system.backend:
                found[f"backend {when}"] = resident_kib(system.backend)
        self.soak[when] = self.memory["module"][f"nginx {when}"]


def check_users_fit(plan, available_kib):
    """A plan with as many users as this machine has memory for: about 5 KiB each, and as much again for what is
    written while they are reset."""
    users = plan.users
    while users * 10 > available_kib * 0.8 and users > FEW_USERS:
        users //= 2
    if users == FEW_USERS:
        raise Failure("there is too little memory")
    return dataclasses.replace(plan, users=users)
