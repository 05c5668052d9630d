"""Processes that never outlive the run, and what Linux tells of them: CPU time, memory, descriptors."""
import os
import pathlib
import re
import signal
import subprocess
import time

REPO = pathlib.Path(__file__).resolve().parents[2]


class Failure(Exception):
    """The run cannot go on, or has found something that must not be; said without a traceback."""


def until(condition, seconds, what, every=0.01):
    """Waits for `condition()` to be true, and returns its value."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise Failure(f"waited {seconds:g} s in vain: {what}")
        time.sleep(every)


class Child:
    """A process in the background. The kernel ends it if we are killed without a chance to."""

    def __init__(self, words, log, environment=None):
        self._log = pathlib.Path(log)
        with open(self._log, "ab") as output:
            self._process = subprocess.Popen(  # ended by stop(), whatever happens
                ["setpriv", "--pdeathsig", "TERM", *map(str, words)], stdin=subprocess.DEVNULL, stdout=output,
                stderr=output, env={**os.environ, **(environment or {})})

    @property
    def pid(self):
        return self._process.pid

    def check(self):
        """Fails where it has ended by itself."""
        if self._process.poll() is not None:
            said = self._log.read_text(encoding="utf-8", errors="replace")[-2000:]
            raise Failure(f"{self._process.args[3]} has ended with {self._process.returncode}: {said}")
        return self

    def stop(self, number=signal.SIGTERM):
        if self._process.poll() is not None:
            return
        self._process.send_signal(number)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(60)  # gigabytes take the kernel a while


def run(words, seconds, **more):
    """Runs a program to its end and returns what it printed; it must end well, and in time."""
    words = ["setpriv", "--pdeathsig", "TERM", *map(str, words)]
    try:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                              timeout=seconds, check=False, **more)
    except subprocess.TimeoutExpired:
        raise Failure(f"{words[3]} took more than {seconds:g} s") from None
    if done.returncode != 0:
        raise Failure(f"{' '.join(words[3:6])} … has failed ({done.returncode}): {(done.stdout + done.stderr)[-2000:]}")
    return done.stdout


def children(parent):
    """Ids of the children of `parent`, by their title: {pid: title}."""
    found = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            stat = pathlib.Path("/proc", name, "stat").read_text(encoding="ascii", errors="replace")
            title = pathlib.Path("/proc", name, "cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(stat.rpartition(")")[2].split()[1]) == parent:
            found[int(name)] = title.replace(b"\0", b" ").decode(errors="replace").strip()
    return found


def cpu_seconds(pid):
    """What all threads of the process have run so far."""
    total = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{thread}/schedstat", encoding="ascii") as stat:
                total += int(stat.read().split()[0])
        except (FileNotFoundError, ProcessLookupError):
            pass  # a thread that has just ended
    return total / 1e9


def resident_kib(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    return int(re.search(r"^VmRSS:\s+(\d+)", status, re.MULTILINE).group(1))


def unix_descriptors(pid):
    """The descriptors of the process that are connected unix sockets."""
    with open("/proc/net/unix", encoding="ascii", errors="replace") as table:
        # Num RefCount Protocol Flags Type St Inode [Path]; St 03 is connected
        connected = {row[6] for row in map(str.split, table) if row[5] == "03"}
    found = []
    for name in os.listdir(f"/proc/{pid}/fd"):
        try:
            target = os.readlink(f"/proc/{pid}/fd/{name}")
        except FileNotFoundError:
            continue  # closed since it was listed
        if target.startswith("socket:[") and target[8:-1] in connected:
            found.append(int(name))
    return sorted(found)
