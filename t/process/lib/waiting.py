"""Bounded waits, and limits of time. Every wait of the tests goes through here or through asyncio's own timeouts.

A limit of time never stands for an order of events: a test holds a state until it has seen what it waits for.
"""
import asyncio
import os
import time

# Under a sanitizer everything is slower; the runner sets this once.
_slowness = 1.0
_PATIENCE = 20  # seconds beyond what a wait takes when all is well
_BUSIEST = 5  # no machine is taken to be slower than that by its load


def slow_down(factor):
    global _slowness
    _slowness = factor


def _load():
    """How many tasks want each processor: now, or in the last minute if that is more."""
    with open("/proc/loadavg", encoding="ascii") as file:
        words = file.read().split()
    return max(float(words[0]), float(words[3].partition("/")[0])) / os.cpu_count()


def scaled(seconds):
    """A limit for what must be quick: longer if a sanitizer slows everything, or others keep the machine busy."""
    return seconds * _slowness * min(max(_load(), 1), _BUSIEST)


async def until(condition, seconds, what, every=0.01, promised=False):
    """Waits for `condition()` to be true and returns its value; it may be a coroutine function. Unless `promised`, the
    limit says only when a test has failed: it is generous."""
    limit = scaled(seconds) + (0 if promised else _PATIENCE)
    end = time.monotonic() + limit
    while True:
        value = condition()
        if asyncio.iscoroutine(value):
            value = await value
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"waited {limit:g} s in vain: {what}")
        await asyncio.sleep(every)


class Clock:
    """Seconds since it was made."""

    def __init__(self):
        self._start = time.monotonic()

    @property
    def seconds(self):
        return time.monotonic() - self._start
