"""System calls of an nginx worker under load, and those of them on its sockets to Redis: counted by perf
where the kernel lets it, which hardly slows nginx; else by strace, which does."""
import contextlib
import re
import shutil
import signal
import subprocess
import time

from .processes import Failure, unix_descriptors

_CALLS = ("sendto", "recvfrom", "write", "read", "writev", "readv", "sendmsg", "recvmsg")
_ATTACHING = 0.7  # seconds; neither tool says when it has begun to count


class Counter:
    """`seconds` is how long a load is, `log` a file to write to. `tool` is None where neither may be used."""

    def __init__(self, bench, seconds, log):
        self._bench, self._seconds, self._log = bench, seconds, log
        self.tool = next(filter(self._works, ("perf", "strace")), None)

    def count(self, system, load, connections=64):
        """{all, redis}: system calls per request of the nginx worker and the backend, and of the worker on its
        sockets to Redis: nothing where the backend has those. They are those that an earlier load has left, and
        all stay; nginx's other unix socket, to its master, is silent."""
        descriptors = [] if system.backend else unix_descriptors(system.worker)
        with self._counting(self.tool, system.processes, descriptors):
            figures = self._bench.measure(system, load, connections, self._seconds)
        every, on_redis = self._read(self.tool, descriptors)
        return {"all": every / figures["requests"], "redis": on_redis / figures["requests"] if descriptors else None}

    @contextlib.contextmanager
    def _counting(self, tool, processes, descriptors):
        command = _perf(processes, descriptors) if tool == "perf" else _strace(processes)
        self._log.unlink(missing_ok=True)
        counter = subprocess.Popen(["setpriv", "--pdeathsig", "TERM", *command, "-o", self._log],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            time.sleep(_ATTACHING)
            yield
        finally:
            counter.send_signal(signal.SIGINT)
            try:
                counter.wait(20)
            except subprocess.TimeoutExpired:
                counter.kill()
                counter.wait(10)

    def _works(self, tool):
        """Whether it counts anything of a process of ours."""
        if not shutil.which(tool):
            return False
        with subprocess.Popen(["sh", "-c", "while sleep 0.1; do :; done"], stdin=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as shell:
            try:
                with self._counting(tool, [shell.pid], [0]):
                    time.sleep(0.5)
            finally:
                shell.kill()
        try:
            return self._read(tool, [0])[0] > 0
        except (Failure, FileNotFoundError):
            return False

    def _read(self, tool, descriptors):
        """How many system calls, and how many of those that read or write on these descriptors."""
        text = self._log.read_text(encoding="utf-8", errors="replace")
        if tool == "perf":
            counts = [line.split(",")[0] for line in text.splitlines() if "sys_enter" in line]
            if not counts or not all(map(str.isdigit, counts)):
                raise Failure("perf has counted nothing")
            return int(counts[0]), sum(map(int, counts[1:]))
        calls = re.findall(r"^\d+ +(\w+)\((\d*)", text, re.MULTILINE)
        wanted = set(map(str, descriptors))
        return len(calls), sum(name in _CALLS and first in wanted for name, first in calls)


def _perf(processes, descriptors):
    words = ["perf", "stat", "-x", ",", "-p", ",".join(map(str, processes)), "-e", "raw_syscalls:sys_enter"]
    which = "||".join(f"fd=={descriptor}" for descriptor in descriptors)
    for name in _CALLS if descriptors else ():
        words += ["-e", f"syscalls:sys_enter_{name}", "--filter", which]
    return words


def _strace(processes):
    return ["strace", "-f", "-qq", *(f"-p{process}" for process in processes)]
