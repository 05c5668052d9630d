"""Medians, and ratios with their spread: of measurements of one round, since rounds differ from each other."""
import statistics


class Spread:
    """Of some values: the median, and the smallest and the largest."""

    def __init__(self, values):
        self.values = sorted(values)
        self.median = statistics.median(self.values)
        self.least, self.most = self.values[0], self.values[-1]

    def show(self, form="{:#.3g}"):
        if self.least == self.most:
            return form.format(self.median)
        return f"{form.format(self.median)} ({form.format(self.least)} to {form.format(self.most)})"


class Table:
    """What was measured in the rounds: for each load, system and number of connections, one dictionary a round."""

    def __init__(self):
        self._rows = {}

    def add(self, load, system, connections, figures):
        self._rows.setdefault((load, system, connections), []).append(figures)

    def has(self, load, system, connections=64):
        return (load, system, connections) in self._rows

    def of(self, load, system, figure, connections=64):
        """The Spread over the rounds."""
        return Spread(round_[figure] for round_ in self._rows[load, system, connections])

    def ratio(self, above, below, figure, connections=64):
        """Of two (load, system), round by round."""
        rounds = zip(self._rows[*above, connections], self._rows[*below, connections], strict=True)
        return Spread(one[figure] / other[figure] for one, other in rounds)

    def requests(self, loads, system):
        """How many were answered in all rounds."""
        return sum(round_["requests"] for (load, name, _), rows in self._rows.items()
                   if load in loads and name == system for round_ in rows)

    def as_json(self):
        return [{"load": load, "system": system, "connections": connections, "rounds": rounds}
                for (load, system, connections), rounds in self._rows.items()]


def ratio_of(above, below, figure):
    """Of two lists of dictionaries, round by round."""
    return Spread(one[figure] / other[figure] for one, other in zip(above, below, strict=True))
