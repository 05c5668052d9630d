"""System calls of an nginx worker under load, and those of them on its sockets to Redis: counted by perf
where the kernel lets it, which hardly slows nginx; else by strace, which does."""
import re
import shutil
import signal
import subprocess
import time

from .processes import Failure, unix_descriptors

_CALLS = ("sendto", "recvfrom", "write", "read", "writev", "readv", "sendmsg", "recvmsg")
_ATTACHING = 0.7  # seconds; neither tool says when it has begun to count


class Counter:
    """`seconds` is how long a load is, `log` a file to write to."""

    def __init__(self, bench, seconds, log):
        self._bench, self._seconds, self._log = bench, seconds, log
        self.tool = "perf" if self._perf_works() else "strace"

    def count(self, system, load, connections=64):
        """{all, redis}: system calls per request of the nginx worker and the backend, and of the worker on its
        sockets to Redis: nothing where the backend has those. They are those that an earlier load has left, and
        all stay; nginx's other unix socket, to its master, is silent."""
        descriptors = [] if system.backend else unix_descriptors(system.worker)
        processes = [str(process) for process in system.processes]
        which = ["-p", ",".join(processes)] if self.tool == "perf" else [f"-p{process}" for process in processes]
        command = self._perf(descriptors) if self.tool == "perf" else ["strace", "-f", "-qq"]
        self._log.unlink(missing_ok=True)
        tool = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", *command, "-o", self._log, *which],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            time.sleep(_ATTACHING)
            figures = self._bench.measure(system, load, connections, self._seconds)
        finally:
            tool.send_signal(signal.SIGINT)
            try:
                tool.wait(20)
            except subprocess.TimeoutExpired:
                tool.kill()
                tool.wait(10)
        every, on_redis = (self._read_perf if self.tool == "perf" else self._read_strace)(descriptors)
        return {"all": every / figures["requests"], "redis": on_redis / figures["requests"] if descriptors else None}

    @staticmethod
    def _perf(descriptors):
        words = ["perf", "stat", "-x", ",", "-e", "raw_syscalls:sys_enter"]
        which = "||".join(f"fd=={descriptor}" for descriptor in descriptors)
        for name in _CALLS if descriptors else ():
            words += ["-e", f"syscalls:sys_enter_{name}", "--filter", which]
        return words

    def _perf_works(self):
        if not shutil.which("perf"):
            return False
        done = subprocess.run([*self._perf([0]), "-o", self._log, "true"], stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=20, check=False)
        return done.returncode == 0 and self._counts() is not None

    def _counts(self):
        """One for each event; nothing where one was not counted."""
        lines = [line for line in self._log.read_text(encoding="utf-8").splitlines() if "sys_enter" in line]
        counts = [line.split(",")[0] for line in lines]
        return [int(count) for count in counts] if counts and all(map(str.isdigit, counts)) else None

    def _read_perf(self, _):
        counts = self._counts()
        if counts is None:
            raise Failure("perf has counted nothing")
        return counts[0], sum(counts[1:])

    def _read_strace(self, descriptors):
        text = self._log.read_text(encoding="utf-8", errors="replace")
        calls = re.findall(r"^\d+ +(\w+)\((\d*)", text, re.MULTILINE)
        wanted = set(map(str, descriptors))
        return len(calls), sum(name in _CALLS and first in wanted for name, first in calls)
