"""One measurement: a load on a system for some seconds, by wrk; at a steady rate, by pace; of the script
alone, by redis-benchmark."""
import json
import resource
import time

from . import loads
from .processes import REPO, Failure, cpu_seconds, run
from .store import record_key, session_key
from .systems import script_text

PACE = REPO / "build" / "bench" / "pace"

_SCRIPT = """\
local head, tail, number = {head}, {tail}, {number}
wrk.format = function() return head end
{request}
function done(summary, latency)
    local file = assert(io.open({result}, 'w'))
    file:write(string.format('%d %d %d %d %d %d %d %d %d', summary.requests, summary.duration, summary.errors.status,
        summary.errors.connect + summary.errors.read + summary.errors.write, summary.errors.timeout,
        latency:percentile(50), latency:percentile(99), latency:percentile(99.9), latency.max))
    file:close()
end
"""
_EACH = """\
function request()
    {step}
    return head .. number .. tail
end
"""


class Bench:
    """What a measurement needs: where to put files, the Redis, and the users of its databases."""

    def __init__(self, folder, redis, users, few):
        self.folder, self.redis, self.users, self.few = folder, redis, users, few

    def measure(self, system, load, connections, seconds):
        """Figures of one load on one system, per request where they are a time."""
        users = self.few if load.second else self.users
        script = self._write_script(load, users)
        before = self._cpu(system)
        self._run_wrk(script, system.second_port if load.second else system.port, connections, seconds)
        after = self._cpu(system)
        figures = self._read_result(system, load)
        requests = figures["requests"]
        for name, spent in after.items():
            figures[name] = 1e6 * (spent - before[name]) / requests
        figures["server"] = sum(figures[name] for name in ("nginx", "redis", "backend"))
        if load.users and not load.second:
            users.enrol_again(requests + connections)
        return figures

    def _cpu(self, system):
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return {
            "nginx": cpu_seconds(system.worker), "redis": cpu_seconds(self.redis.pid),
            "backend": cpu_seconds(system.backend) if system.backend else 0,
            "client": children.ru_utime + children.ru_stime}

    def _write_script(self, load, users):
        head, mark, tail = load.call.text("@").partition("@")
        request = _EACH.format(step=loads.STEP.format(users=users.count)) if mark else ""
        script = self.folder / "load.lua"
        script.write_text(_SCRIPT.format(
            head=json.dumps(head), tail=json.dumps(tail), number=users.next, request=request,
            result=json.dumps(str(self.folder / "load.result"))), encoding="ascii")
        return script

    def _run_wrk(self, script, port, connections, seconds):
        run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", script,
             f"http://127.0.0.1:{port}/"], seconds + 30)

    def _read_result(self, system, load):
        text = (self.folder / "load.result").read_text(encoding="ascii")
        requests, duration, refused, broken, late, p50, p99, p999, worst = map(int, text.split())
        meant = requests if load.call.status >= 400 else 0
        if not requests or broken or late or refused != meant:
            raise Failure(f"{load.title}, {system.title}: of {requests} requests {refused} were refused and {meant} "
                          f"should have been; {broken} broken connections, {late} answers later than 10 s")
        return {"requests": requests, "rate": 1e6 * requests / duration, "p50": p50, "p99": p99, "p99.9": p999,
                "max": worst}

    def pace(self, system, load, rate, seconds, connections=64):
        """{p50, p99, p99.9} in microseconds, at so many requests a second."""
        request = self.folder / "request"
        request.write_text(load.call.text(), encoding="ascii", newline="")
        words = [PACE, system.port, f"{rate:.1f}", seconds, connections]
        said = run(["sh", "-c", '"$@" <"$0"', request, *words], 2 * seconds + 30)
        count, p50, p99, p999 = map(float, said.split())
        return {"requests": int(count), "p50": p50, "p99": p99, "p99.9": p999}

    def script_alone(self, pipelined, seconds):
        """reset.lua of a user's own device, as the module calls it: by redis-benchmark, over 64 connections."""
        redis = self.redis
        sha1 = redis.call("SCRIPT", "LOAD", script_text()).decode()
        words = ["EVALSHA", sha1, 3, record_key("self"), record_key("self") + ":events", session_key(loads.SELF), 20,
                 0, "am", "127.0.0.1", "0" * 32, "afs", "/bench", "self", "oath", "", 0]
        count = 20000
        began = time.monotonic()
        self._benchmark(words, count, pipelined)  # to see how many fit into the time
        count = max(count, int(count * seconds / (time.monotonic() - began)))
        spent = cpu_seconds(redis.pid)
        rate = self._benchmark(words, count, pipelined)
        return {"rate": rate, "redis": 1e6 * (cpu_seconds(redis.pid) - spent) / count}

    def _benchmark(self, words, count, pipelined):
        said = run(["redis-benchmark", "-s", self.redis.socket, "-c", 64, "-n", count, "-P", pipelined, "-e", "--csv",
                    *words], 120)
        if "rror" in said:
            raise Failure(f"redis-benchmark: {said[-500:]}")
        return float(said.splitlines()[-1].split('","')[1].strip('"'))
