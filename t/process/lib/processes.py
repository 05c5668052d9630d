"""What Linux says about processes: their children, descriptors and memory."""
import ctypes
import os
import re
import signal
import socket

_PR_SET_CHILD_SUBREAPER = 36
_PIDFD_GETFD = 438  # Linux 5.6, on all architectures


def adopt_orphans():
    """Makes every process that outlives its parent our child, so that all are counted."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _stat(pid):
    """(state, parent), or None where there is no such process."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
            state, parent = stat.read().rpartition(")")[2].split()[:2]
    except (FileNotFoundError, ProcessLookupError):
        return None
    return state, int(parent)


def alive(pid):
    stat = _stat(pid)
    return stat is not None and stat[0] != "Z"


def children(parent):
    """Living children, in the order of their ids."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            stat = _stat(name)
            if stat and stat[1] == parent and stat[0] != "Z":
                found.append(int(name))
    return sorted(found)


def title(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as cmdline:
            return cmdline.read().replace(b"\0", b" ").decode(errors="replace").strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _status(pid, field):
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
        return re.search(rf"^{field}:\s+(\d+)", status.read(), re.MULTILINE).group(1)


def user_id(pid):
    return int(_status(pid, "Uid"))


def resident_kib(pid):
    return int(_status(pid, "VmRSS"))


def open_files(pid):
    """What each descriptor is: `socket:[123]`, a path."""
    return list(_descriptors(pid).values())


def _descriptors(pid):
    found = {}
    for name in os.listdir(f"/proc/{pid}/fd"):
        try:
            found[int(name)] = os.readlink(f"/proc/{pid}/fd/{name}")
        except FileNotFoundError:
            pass  # closed since it was listed
    return found


def sockets_to(pid, port):
    """Copies of the TCP sockets that the process has connected to that port. The caller closes them."""
    handle = os.pidfd_open(pid)
    try:
        sockets = [socket.socket(fileno=_copy(handle, number)) for number, what in _descriptors(pid).items()
                   if what.startswith("socket:")]
    finally:
        os.close(handle)
    found = []
    for each in sockets:
        try:
            peer = each.getpeername()
        except OSError:
            peer = None  # it listens
        if each.family == socket.AF_INET and peer and peer[1] == port:
            found.append(each)
        else:
            each.close()
    return found


def _copy(handle, number):
    """Another descriptor, in this process, of what `number` is in that one."""
    copied = ctypes.CDLL(None, use_errno=True).syscall(_PIDFD_GETFD, handle, number, 0)
    if copied < 0:
        raise OSError(ctypes.get_errno(), "pidfd_getfd")
    return copied


def connections_to(pid, port):
    """How many established TCP connections of the process go to 127.0.0.1:`port`."""
    held = {name[8:-1] for name in open_files(pid) if name.startswith("socket:[")}
    established, remote = "01", f"0100007F:{port:04X}"
    with open("/proc/net/tcp", encoding="ascii") as table:
        rows = [line.split() for line in table.readlines()[1:]]
    return sum(row[2] == remote and row[3] == established and row[9] in held for row in rows)


def end(pid):
    """SIGKILL, also for a stopped process."""
    try:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    except (ProcessLookupError, ChildProcessError):
        pass


def terminate(pid):
    """SIGTERM, which ends a worker at once and in order."""
    os.kill(pid, signal.SIGTERM)
