"""What an operator sees: progress on long work, what was skipped, and the sums. Never a value."""
import sys
import time


class Report:
    """Counts; writes a line for each skipped entry, and from time to time one about progress, to standard error."""

    INTERVAL = 5  # seconds between two lines about progress

    def __init__(self, what, quiet=False):
        self.what = what
        self.counts = {}
        self.some = False  # something was skipped, or differs
        self._quiet = quiet
        self._next = time.monotonic() + self.INTERVAL
        self._began = time.monotonic()

    def count(self, name, number=1):
        self.counts[name] = self.counts.get(name, 0) + number
        if not self._quiet and time.monotonic() >= self._next:
            self._next = time.monotonic() + self.INTERVAL
            self.say(f"{self.what}: {self.sums()}, {time.monotonic() - self._began:.0f} s")

    def skipped(self, dn, reason):
        self.some = True
        self.say(f"skipped {_printable(dn)}: {_printable(reason)}")
        self.count("skipped")

    def differs(self, text):
        """A difference is the command's result: it goes to standard output."""
        self.some = True
        print(_printable(text), flush=True)

    def sums(self):
        return ", ".join(f"{number} {name}" for name, number in self.counts.items()) or "nothing"

    def end(self):
        self.say(f"{self.what}: {self.sums()} in {time.monotonic() - self._began:.1f} s")

    @staticmethod
    def say(text):
        print(text, file=sys.stderr, flush=True)


def _printable(text):
    """Names come from outside: no control characters reach a terminal or a log."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
