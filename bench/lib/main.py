"""The whole of bench/run, once everything is installed and built."""
import argparse
import contextlib
import dataclasses
import json
import os
import pathlib
import shutil
import signal
import sys
import tempfile
import time

from . import chart, machine, report, verdicts
from .check import Check
from .measure import Bench
from .processes import REPO, Failure
from .progress import Progress
from .redis import Redis
from .rounds import FEW_USERS, FULL, QUICK, Run, check_users_fit
from .store import Users
from .systems import all_systems, write_lua

OUTPUT = REPO / "build" / "bench"


def _options():
    parser = argparse.ArgumentParser(prog="bench/run", description=__doc__)
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--quick", action="store_true", help="64 connections, fewer rounds and users: two minutes")
    mode.add_argument("--check", action="store_true", help="measure nothing: only that all systems do the same")
    parser.add_argument("--results", action="store_true",
                        help="write to bench/RESULTS.md, results.json and results.svg, and not to build/bench")
    options = parser.parse_args()
    if options.results and options.quick | options.check:
        parser.error("--results is for a full run")
    return options


@contextlib.contextmanager
def _scratch():
    """A directory that goes with the run. nginx's workers are www-data where we are root: they, and nobody else, may
    pass through it, and Redis's socket is of their group. In /tmp: a unix socket's path has room for 107 bytes."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mfa-reset-bench.", dir="/tmp"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, group="www-data")
            folder.chmod(0o2710)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _started(systems, folder, redis):
    write_lua(folder)
    try:
        for system in systems:
            system.start(folder, redis.socket)
        yield
    finally:
        for system in reversed(systems):
            system.stop()


def _check(systems, redis, say):
    """Fails where systems do not do the same. Returns what each sends to Redis per request."""
    check = Check(systems, redis, say)
    check.compare()
    check.check_loads()
    commands = check.commands()
    _must_pass(check, systems, say)
    return commands


def _check_again(systems, redis, say):
    """The same of what was measured, after that."""
    check = Check(systems, redis, say)
    check.check_loads()
    _must_pass(check, systems, say)


def _must_pass(check, systems, say):
    for system in systems:
        system.check()
    say(f"{check.passed} passed, {check.failed} failed")
    if check.failed:
        raise Failure("the systems do not do the same: there is nothing to compare")


def _rounded(value):
    """No more digits than were measured."""
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    return [_rounded(each) for each in value] if isinstance(value, list | tuple) else value


def _write(results, texts, drawing, where):
    """The JSON and the chart; and the page, where it is one that has a place for each text."""
    where.mkdir(parents=True, exist_ok=True)
    (where / "results.json").write_text(json.dumps(_rounded(results), indent=1) + "\n", encoding="utf-8")
    (where / "results.svg").write_text(drawing, encoding="utf-8")
    if where != OUTPUT:
        report.rewrite(where / "RESULTS.md", texts)


def _machine_text(about, busy, elapsed):
    when = time.strftime("%Y-%m-%d", time.gmtime())
    lines = [f"- {name}: {text}" for name, text in about.items() if name != "busy cores"]
    lines.append(f"- others on the machine when the run began: {busy:.2f} cores busy")
    return "\n".join([f"Measured on {when}, in {elapsed / 60:.1f} minutes, on", "", *lines])


def _report(run, bench, systems, commands, plan, options, about):
    found = verdicts.judge(run, commands, bench.users.count, bench.few.count)
    tables = report.sections(run, systems, commands, bench.users, found, plan.connections)
    for table in tables:
        print(f"\n{table.plain()}", flush=True)
    unmet = sum(not verdict.met for verdict in found)
    print(f"\n{len(found) - unmet} of {len(found)} targets are met.")
    results = {
        "machine": about, "plan": dataclasses.asdict(plan), "rounds": run.table.as_json(), "script": run.script,
        "paced": {"rate": run.paced_rate, **run.paced}, "users": run.users, "memory": run.memory, "soak": run.soak,
        "system calls": [{"load": load, "system": name, **calls} for (load, name), calls in run.syscalls.items()],
        "commands": [{"load": load, "system": name, "count": count} for (load, name), count in commands.items()],
        "bytes per user": bench.users.bytes_each,
        "verdicts": [dataclasses.asdict(verdict) for verdict in found]}
    where = REPO / "bench" if options.results else OUTPUT
    texts = {table.name: table.markdown() for table in tables}
    texts["machine"] = _machine_text(about, about["busy cores"], run.elapsed)
    _write(results, texts, chart.draw(run, systems, plan.connections), where)
    print(f"Written: {where.relative_to(REPO)}/results.json, results.svg{', RESULTS.md' if options.results else ''}")


def _load_users(redis, plan, progress):
    users = Users(redis, plan.users).load(lambda part: progress.tell(f"making {plan.users:,} users: {part:.0%}"))
    few = Users(redis, FEW_USERS, database=1).load()
    progress.did(40 * plan.users / 2 ** 20)
    progress.say(f"{plan.users:,} users, each with two devices and 20 events, in {users.seconds:.1f} s: "
                 f"{users.bytes_each:,.0f} bytes each")
    return users, few


def _measure(options, folder, redis, systems, commands):
    about = machine.describe()
    about["busy cores"] = round(machine.busy_cores(1, time.sleep), 2)
    if about["busy cores"] > 0.2:
        print(f"Others keep {about['busy cores']} cores busy: what is measured now is about them, too.")
    plan = check_users_fit(QUICK if options.quick else FULL, machine.available_kib())
    progress = Progress(plan.seconds())
    bench = Bench(folder, redis, *_load_users(redis, plan, progress))
    run = Run(plan, bench, systems, progress)
    run.go()
    _check_again(systems, redis, progress.say)
    run.elapsed = progress.elapsed
    progress.say(f"measured in {progress.elapsed / 60:.1f} minutes")
    _report(run, bench, systems, commands, plan, options, about)


def _whole(options):
    systems = all_systems()
    with _scratch() as folder, Redis(folder) as redis:
        Users(redis, 4).load()  # whom the calls are about; the others come when they are needed
        with _started(systems, folder, redis):
            print("Comparing what the systems answer and do", flush=True)
            commands = _check(systems, redis, lambda text: print(text, flush=True))
            if not options.check:
                _measure(options, folder, redis, systems, commands)


def _ended(number, _):
    """As an exception, so that everything is cleaned up."""
    sys.exit(128 + number)


def main():
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _ended)
    try:
        _whole(_options())
    except Failure as failure:
        sys.exit(f"bench/run: {failure}")
