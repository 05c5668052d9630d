"""The targets, each with what was found and whether that is met."""
import dataclasses

from .figures import Spread, ratio_of
from .loads import REFUSALS


@dataclasses.dataclass(frozen=True)
class Verdict:
    what: str
    target: str
    found: str
    met: bool
    also: str = ""


def _at_least(what, bound, spread, also=""):
    return Verdict(what, f"at least {bound:g}", spread.show(), spread.median >= bound, also)


def _at_most(what, bound, spread, also=""):
    return Verdict(what, f"at most {bound:g}", spread.show(), spread.median <= bound, also)


def _beside(table, other, figure, load="self"):
    return table.ratio((load, "module"), (load, other), figure)


def _admin(table, other, figure):
    return f"an administrator's: {_beside(table, other, figure, 'admin').show()}"


def _also(table, other, figure):
    if other != "tuned":
        return _admin(table, other, figure)
    return f"{_admin(table, other, figure)}; Redis's protocol by hand: {_beside(table, 'by-hand', figure).show()}"


def _against_lua(table):
    for name, what, rate, cpu in (("usual", "Lua as most would write it", 3.5, 0.25),
                                  ("tuned", "Lua as well as it can be", 2, 0.4)):
        yield _at_least(f"throughput, times that of {what}", rate, _beside(table, name, "rate"),
                        _also(table, name, "rate"))
        yield _at_most(f"nginx CPU per reset, times that of {what}", cpu, _beside(table, name, "nginx"),
                       _also(table, name, "nginx"))


def _against_backend(table):
    yield _at_least("throughput, times that of the backend", 5, _beside(table, "node", "rate"),
                    _admin(table, "node", "rate"))
    # Redis does the same in both; without it is what the choice between the two changes.
    ours = table.of("self", "module", "nginx").median
    theirs = table.of("self", "node", "nginx").median + table.of("self", "node", "backend").median
    yield _at_most("CPU of all server processes per reset, times that of the backend", 0.125,
                   _beside(table, "node", "server"), f"without Redis: {ours / theirs:.2f}")


def _against_limit(run):
    table = run.table
    yield _at_most("nginx CPU per reset, times that of `return 200`", 1.4, _beside(table, "limit", "nginx"))
    yield _at_least("throughput, times that of `return 200`", 0.65, _beside(table, "limit", "rate"))
    yield _at_most(f"p99 at {run.paced_rate:.0f} a second, times that of `return 200`", 3,
                   ratio_of(run.paced["module"], run.paced["limit"], "p99"))


def _round_trips(run, commands):
    count = commands["self", "module"]
    yield Verdict("commands to Redis per AM reset", "1", f"{count:g}", count == 1)
    what = "system calls on the Redis socket per reset"
    if run.syscall_tool:
        calls = Spread([run.syscalls["self", "module"]["redis"]])
        yield _at_most(what, 1.1, calls, f"counted by {run.syscall_tool}")
    else:
        yield Verdict(what, "at most 1.1", "not counted", False, "neither perf nor strace may")


def _scale(run, users, few):
    ratio = ratio_of(run.users["many"], run.users["few"], "server")
    rate, nginx = (ratio_of(run.users["many"], run.users["few"], figure) for figure in ("rate", "nginx"))
    yield _at_most(f"server CPU per reset with {users:,} users, times that with {few:,}", 1.1, ratio,
                   f"nginx alone: {nginx.show()}; throughput: {rate.show()}")
    soak = run.soak
    grown = soak["after"] - soak["before"]
    yield Verdict("memory of the worker after ten million resets", "where it was",
                  f"{grown:+d} KiB of {soak['before']} after {soak['resets'] / 1e6:.1f} million", grown < 264,
                  "met below 264, two of malloc's steps" if soak["resets"] >= 10_000_000
                  else "fewer resets than the target names")


def _refusals(table):
    for refused, served in REFUSALS:
        yield _at_most(f"server CPU of a refused request ({refused}), times that of a served one", 1,
                       table.ratio((refused, "module"), (served, "module"), "server"))


def judge(run, commands, users, few):
    """Every Verdict, in the order of the targets; all at 64 connections."""
    return [*_against_lua(run.table), *_against_backend(run.table), *_against_limit(run), *_round_trips(run, commands),
            *_scale(run, users, few), *_refusals(run.table)]
