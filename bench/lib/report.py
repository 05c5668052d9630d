"""The tables: for the screen in columns, for RESULTS.md in Markdown."""
import re

from .loads import LOADS, SELF_LOAD
from .processes import Failure

_FIGURES = (("rate", "requests/s", "{:,.0f}"), ("p50", "p50 µs", "{:,.0f}"), ("p99", "p99 µs", "{:,.0f}"),
            ("p99.9", "p99.9 µs", "{:,.0f}"), ("nginx", "nginx µs", "{:.1f}"), ("redis", "Redis µs", "{:.1f}"),
            ("backend", "backend µs", "{:.1f}"))


class Section:
    """A table: a title, names of columns, and rows of texts."""

    def __init__(self, name, title, head, rows):
        self.name, self.title, self.head, self.rows = name, title, head, rows

    def plain(self):
        widths = [max(map(len, column)) for column in zip(self.head, *self.rows)]
        lines = [self.title]
        for row in (self.head, *self.rows):
            cells = [text.ljust(width) if number < 2 else text.rjust(width)
                     for number, (text, width) in enumerate(zip(row, widths))]
            lines.append("  " + "  ".join(cells).rstrip())
        return "\n".join(lines)

    def markdown(self):
        lines = ["| " + " | ".join(row) + " |" for row in (self.head, *self.rows)]
        return "\n".join([lines[0], "|---" * len(self.head) + "|", *lines[1:]])


def _main_table(run, systems, commands):
    rows = []
    for load in LOADS:
        for name in load.systems:
            cells = [form.format(run.table.of(load.name, name, figure).median) for figure, _, form in _FIGURES]
            if not systems[name].backend:
                cells[-1] = "–"
            calls = run.syscalls.get((load.name, name))
            rows.append([load.title, systems[name].title, *cells, f"{commands[load.name, name]:g}",
                         f"{calls['all']:.1f}" if calls else "–",
                         f"{calls['redis']:.2f}" if calls and calls["redis"] is not None else "–"])
    head = ["load", "system", *(title for _, title, _ in _FIGURES), "commands", "system calls", "of them to Redis"]
    return Section("all", "At 64 connections; medians, times per request", head, rows)


def _by_connections(run, systems, connections, figure, title, name):
    rows = []
    for load in LOADS:
        for system in load.systems:
            if all(run.table.has(load.name, system, count) for count in connections):
                cells = [f"{run.table.of(load.name, system, figure, count).median:,.0f}" for count in connections]
                rows.append([load.title, systems[system].title, *cells])
    return Section(name, title, ["load", "system", *map(str, connections)], rows)


def _where_time_goes(run, systems):
    """CPU per reset of a user's own device, and how much of two cores that takes."""
    rows = []
    for name in SELF_LOAD.systems:
        spent = [run.table.of("self", name, part).median for part in ("nginx", "redis", "backend", "client")]
        rate = run.table.of("self", name, "rate").median
        rows.append([systems[name].title, *(f"{part:.1f}" for part in spent), f"{sum(spent):.1f}",
                     f"{sum(spent) * rate / 1e6:.2f}"])
    return Section("time", "CPU µs per reset of a user's own device, 64 connections",
                   ["system", "nginx", "Redis", "backend", "load generator", "together", "cores busy"], rows)


def _script(run):
    rows = []
    for name, title in (("plain", "plain"), ("pipelined", "16 in a pipeline")):
        found = run.script[name]
        rows.append([title, *(f"{sorted(each[figure] for each in found)[len(found) // 2]:{form}}"
                              for figure, form in (("rate", ",.0f"), ("redis", ".1f")))])
    return Section("script", "The script alone: redis-benchmark, 64 connections", ["", "calls/s", "Redis µs"], rows)


def _paced(run, systems):
    rows = []
    for name, found in run.paced.items():
        rows.append([systems[name].title, *(f"{sorted(each[figure] for each in found)[len(found) // 2]:,.0f}"
                                            for figure in ("p50", "p99", "p99.9"))])
    return Section("paced", f"At {run.paced_rate:,.0f} requests a second, half of the module's maximum: µs",
                   ["system", "p50", "p99", "p99.9"], rows)


def _memory(run, systems, users):
    rows = []
    for name, found in run.memory.items():
        for part in ("nginx", "backend"):
            if f"{part} after" in found:
                rows.append([f"{systems[name].title}: {'nginx worker' if part == 'nginx' else part}",
                             f"{found[f'{part} before']:,}", f"{found[f'{part} after']:,}"])
    rows.append([f"Redis, bytes for each of {users.count:,} users with two devices and 20 events", "–",
                 f"{users.bytes_each:,.0f}"])
    return Section("memory", "Resident memory, KiB: warmed up, and after all", ["process", "before", "after"], rows)


def _verdicts(verdicts):
    rows = [[each.what, each.target, each.found, "met" if each.met else "**not met**", each.also] for each in verdicts]
    return Section("verdicts", "To reach", ["at 64 connections", "target", "found", "", "also"], rows)


def sections(run, systems, commands, users, verdicts, connections):
    """All tables, in their order."""
    by_name = {system.name: system for system in systems}
    found = [_main_table(run, by_name, commands)]
    if len(connections) > 1:
        found.append(_by_connections(run, by_name, connections, "rate", "Requests a second, by connections", "rates"))
        found.append(_by_connections(run, by_name, connections, "p99", "p99 in µs, by connections", "latencies"))
    return [*found, _script(run), _paced(run, by_name), _where_time_goes(run, by_name), _memory(run, by_name, users),
            _verdicts(verdicts)]


def rewrite(path, texts):
    """Puts each text between `<!-- begin: NAME -->` and `<!-- end: NAME -->`; all else in the file stays."""
    page = path.read_text(encoding="utf-8")
    for name, text in texts.items():
        page, count = re.subn(rf"(<!-- begin: {name} -->\n).*?(<!-- end: {name} -->)",
                              lambda found, text=text: f"{found.group(1)}\n{text}\n\n{found.group(2)}", page,
                              flags=re.DOTALL)
        if count != 1:
            raise Failure(f"{path} has no place for '{name}'")
    path.write_text(page, encoding="utf-8")
