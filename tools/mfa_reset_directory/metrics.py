"""What the follower does, as a text file for node_exporter (its textfile collector)."""
import os


class Metrics:
    HELP = {
        "up": ("gauge", "1 while this follower holds the lease and works."),
        "lag_seconds": ("gauge", "Age of the oldest event that is not in the directory yet; 0 if there is none."),
        "directory_up": ("gauge", "Whether the directory answered when it was last asked."),
        "events_total": ("counter", "Events by action and outcome."),
        "dead_letters_total": ("counter", "Events put into the dead-letter stream."),
        "gaps_total": ("counter", "How often the stream had lost entries before they were read."),
    }

    def __init__(self, path):
        self._path = path
        self._values = {("up", ""): 0, ("lag_seconds", ""): 0, ("directory_up", ""): 1, ("dead_letters_total", ""): 0,
                        ("gaps_total", ""): 0}

    def set(self, name, value):
        self._values[name, ""] = value

    def get(self, name):
        return self._values[name, ""]

    def count(self, name, **labels):
        text = ",".join(f'{key}="{_escaped(value)}"' for key, value in labels.items())
        key = name, "{" + text + "}" if text else ""
        self._values[key] = self._values.get(key, 0) + 1

    def write(self):
        """Whole or not at all: the collector may read at any time."""
        if not self._path:
            return
        lines = []
        for name, (kind, text) in self.HELP.items():
            full = f"mfa_reset_directory_{name}"
            lines += [f"# HELP {full} {text}", f"# TYPE {full} {kind}"]
            lines += [f"{full}{labels} {value}" for (its, labels), value in sorted(self._values.items()) if its == name]
        with open(self._path + ".new", "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        os.replace(self._path + ".new", self._path)


def _escaped(text):
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
