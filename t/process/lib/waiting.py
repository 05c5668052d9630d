"""Bounded waits. Every wait of the tests goes through here or through asyncio's own timeouts."""
import asyncio
import time

# Under a sanitizer everything is slower; the runner sets this once.
_slowness = 1.0


def slow_down(factor):
    global _slowness
    _slowness = factor


def scaled(seconds):
    """A limit for this run: longer where a sanitizer slows everything."""
    return seconds * _slowness


async def until(condition, seconds, what, every=0.01):
    """Waits for `condition()` to be true and returns its value; it may be a coroutine function."""
    end = time.monotonic() + scaled(seconds)
    while True:
        value = condition()
        if asyncio.iscoroutine(value):
            value = await value
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"waited {scaled(seconds):g} s in vain: {what}")
        await asyncio.sleep(every)


class Clock:
    """Seconds since it was made."""

    def __init__(self):
        self._start = time.monotonic()

    @property
    def seconds(self):
        return time.monotonic() - self._start
