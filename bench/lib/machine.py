"""What machine this is, and the versions of all that is measured."""
import os
import pathlib
import platform
import re
import subprocess


def _first(path, pattern, default="unknown"):
    try:
        found = re.search(pattern, pathlib.Path(path).read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    except OSError:
        return default
    return found.group(1) if found else default


def available_kib():
    return int(_first("/proc/meminfo", r"^MemAvailable:\s+(\d+)", "0"))


def _package(name):
    done = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", name], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=20, check=False)
    return done.stdout or "not a package"


def _node():
    done = subprocess.run(["node", "--version"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20,
                          check=False)
    return done.stdout.strip()


def busy_cores(seconds, sleep):
    """How much of the machine others use: cores that are busy while we do nothing for so many seconds."""
    def busy():
        with open("/proc/stat", encoding="ascii") as stat:
            times = list(map(int, stat.readline().split()[1:9]))
        return sum(times) - times[3] - times[4]  # idle, iowait
    before = busy()
    sleep(seconds)
    return (busy() - before) / os.sysconf("SC_CLK_TCK") / seconds


def describe():
    """{name: text}, for RESULTS.md and the JSON."""
    versions = {name: _package(name) for name in (
        "nginx", "redis-server", "libnginx-mod-http-lua", "lua-nginx-redis", "lua-cjson", "libhiredis-dev", "wrk")}
    return {
        "processor": f"{_first('/proc/cpuinfo', r'^model name.*: (.*)')}, {os.cpu_count()} cores",
        "memory": f"{int(_first('/proc/meminfo', r'^MemTotal: *([0-9]+)', '0')) / 2 ** 20:.0f} GiB",
        "virtual machine": "yes" if "hypervisor" in _first("/proc/cpuinfo", r"^flags.*: (.*)") else "no",
        "system": f"{_first('/etc/os-release', r'^PRETTY_NAME=.(.*).$')}, Linux {platform.release()}",
        "versions": ", ".join(f"{name} {version}" for name, version in versions.items()),
        "backend": f"Node {_node()}, fastify and ioredis as in bench/node/package.json",
    }
