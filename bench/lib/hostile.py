"""Measures the rows of hostile_rows.py: python3 -m lib.hostile PORT WORKER ROUNDS REQUESTS [WORD…]"""
import pathlib
import statistics
import sys

from . import hostile_rows
from .http import Connection

MOST = 2.0  # times


class Worker:
    def __init__(self, port, pid):
        self._port, self._clock = port, pathlib.Path(f"/proc/{pid}/schedstat")

    def cost(self, request, count):
        """Microseconds of CPU per request, over one connection, of `count` after one that warms up; and the status."""
        with Connection(self._port) as connection:
            answer = connection.ask(request)
            if "connection:close" in (header.replace(" ", "").lower() for header in answer.headers):
                raise ValueError(f"nginx closes the connection with {answer.status} after {request[:200] + request[-200:]!r}")
            before = self._time()
            for _ in range(count):
                if connection.ask(request).status != answer.status:
                    raise ValueError(f"the same request has another answer: {request[:100]!r}")
            return (self._time() - before) / count / 1000, answer.status

    def _time(self):
        return int(self._clock.read_text(encoding="ascii").split()[0])


class Costs:
    """Of one request, to one of the servers."""

    def __init__(self, request):
        self.request, self.of_rounds, self.status = request, [], None

    def measure(self, worker, count):
        cost, self.status = worker.cost(self.request, count)
        self.of_rounds.append(cost)

    @property
    def median(self):
        return statistics.median(self.of_rounds)

    @property
    def upper_quartile(self):
        return sorted(self.of_rounds)[len(self.of_rounds) * 3 // 4]


class Comparison:
    def __init__(self, kind, row, plain):
        self.name, self.judged, self.plain = f"{kind}: {row.name}", row.judged, plain
        self.made, self.bare = Costs(row.to("edge")), Costs(row.to("bare"))

    def times(self, per_byte):
        """How many times of what it may take it takes."""
        largest = max(self.plain.median, self.bare.median, per_byte * len(self.made.request))
        return self.made.median / largest

    def is_over(self, per_byte):
        return self.judged and self.times(per_byte) > MOST

    def line(self, per_byte):
        mark = "  over" if self.is_over(per_byte) else "" if self.judged else "  not judged"
        return (f"{self.name:<58} {len(self.made.request):>6} {self.made.status:>4} {self.made.median:>8.1f} "
                f"{self.plain.median:>8.1f} {self.bare.median:>8.1f} {self.times(per_byte):>6.2f}{mark}")


def chosen(words):
    """What is measured: a plain body, the comparisons, and all costs in the order in which they are measured."""
    body = Costs(hostile_rows.kinds()[0].plain(hostile_rows.BODY).to("edge"))
    costs, comparisons = {body.request: body}, []
    for kind in hostile_rows.kinds():
        for row in kind.rows:
            if words and not any(word in f"{kind.name}: {row.name}" for word in words):
                continue
            request = kind.plain(len(row.to("edge"))).to("edge")
            plain = costs.setdefault(request, Costs(request))
            each = Comparison(kind.name, row, plain)
            costs[id(each.made)], costs[id(each.bare)] = each.made, each.bare
            comparisons.append(each)
    return body, comparisons, list(costs.values())


def main(port, pid, rounds, requests, *words):
    worker = Worker(int(port), int(pid))
    body, comparisons, costs = chosen(words)
    for number in range(1, int(rounds) + 1):
        print(f"\rround {number} of {rounds}", end="", file=sys.stderr, flush=True)
        for each in costs:
            each.measure(worker, int(requests))
    print("\r", end="", file=sys.stderr)
    per_byte = body.upper_quartile / len(body.request)
    print(f"{'microseconds of CPU per request':<58} {'bytes':>6} {'':>4} {'hostile':>8} {'plain':>8} {'bare':>8} {'times':>6}")
    for each in comparisons:
        print(each.line(per_byte))
    over = sum(each.is_over(per_byte) for each in comparisons)
    print(f"\n{len(comparisons)} rows, {over} over {MOST:g} times; a plain body takes {per_byte * 1024:.2f} us per KiB")
    return over > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
