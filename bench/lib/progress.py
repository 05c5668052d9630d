"""Says what is being done, and how long it may still take."""
import sys
import time


class Progress:
    """`total` is what the whole run takes, in seconds, as planned."""

    def __init__(self, total):
        self._total, self._done = total, 0.0
        self._began = self._told = time.monotonic()
        self._live = sys.stdout.isatty()
        self._width = 0

    @property
    def elapsed(self):
        return time.monotonic() - self._began

    def plan(self, seconds):
        """More, or less, than was planned."""
        self._total += seconds

    def did(self, seconds):
        self._done = min(self._done + seconds, self._total)

    def tell(self, text, important=False):
        """On a terminal one line that is written over; elsewhere a line now and then, and the important ones."""
        left = max(0, self._total - self._done)
        line = f"{self._done / self._total:4.0%}  {left / 60:4.1f} min left  {text}"
        if self._live:
            print("\r" + line[:118].ljust(self._width), end="", flush=True)
            self._width = min(len(line), 118)
        elif important or time.monotonic() - self._told > 10:
            self._told = time.monotonic()
            print(line, flush=True)

    def say(self, text):
        """A line that stays."""
        if self._live and self._width:
            print("\r" + " " * self._width + "\r", end="")
            self._width = 0
        print(text, flush=True)
