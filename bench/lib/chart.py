"""The chart, in SVG: what a reset costs and how many there are a second, and throughput by connections."""
from xml.sax.saxutils import escape

_WIDTH, _LEFT, _BAR, _GAP = 880, 230, 22, 8
_COLOURS = {"nginx": "#2a78b5", "redis": "#c8553d", "backend": "#6a994e", "rate": "#4b5563"}
_LINES = {"module": "#2a78b5", "usual": "#b08968", "tuned": "#7f5539", "by-hand": "#4a2c1a", "node": "#6a994e",
          "limit": "#9ca3af"}


def _text(x, y, text, size=13, anchor="start", colour="#1f2937"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{colour}">'
            f"{escape(text)}</text>")


def _rectangle(x, y, width, height, colour):
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height}" fill="{colour}"/>'


class _Chart:
    def __init__(self):
        self._parts, self.y = [], 30

    def add(self, *parts):
        self._parts += parts

    def heading(self, text):
        self.y += 16
        self.add(_text(20, self.y, text, 15))
        self.y += 14

    def bars(self, rows, form):
        """`rows`: (title, [(colour, value)…]), all on one scale, with the sum beside the bar."""
        scale = (_WIDTH - _LEFT - 90) / max(sum(value for _, value in parts) for _, parts in rows)
        for title, parts in rows:
            x = _LEFT
            self.add(_text(_LEFT - 10, self.y + _BAR - 6, title, anchor="end"))
            for colour, value in parts:
                self.add(_rectangle(x, self.y, value * scale, _BAR, colour))
                x += value * scale
            self.add(_text(x + 6, self.y + _BAR - 6, form.format(sum(value for _, value in parts)), 12))
            self.y += _BAR + _GAP

    def legend(self, entries):
        x = _LEFT
        for title, colour in entries:
            self.add(_rectangle(x, self.y, 12, 12, colour), _text(x + 18, self.y + 11, title, 12))
            x += 40 + 7 * len(title)
        self.y += 24

    def lines(self, titles, series):
        """`series`: (name, colour, values), one value for each of `titles`."""
        height, top = 180, max(max(values) for _, _, values in series)
        step = (_WIDTH - _LEFT - 190) / max(1, len(titles) - 1)
        base = self.y + height
        for part in (0, 0.25, 0.5, 0.75, 1):
            y = base - part * (height - 10)
            self.add(f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{_WIDTH - 190}" y2="{y:.1f}" stroke="#e5e7eb"/>',
                     _text(_LEFT - 10, y + 4, f"{part * top:,.0f}", 11, "end"))
        for number, title in enumerate(titles):
            self.add(_text(_LEFT + number * step, base + 18, title, 12, "middle"))
        ends = []
        for name, colour, values in series:
            points = [(_LEFT + number * step, base - value / top * (height - 10)) for number, value in enumerate(values)]
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
            self.add(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5"/>')
            ends.append((points[-1][1], name, colour))
        self._name_ends(ends)
        self.y = base + 34

    def _name_ends(self, ends):
        """Names beside the last points, apart from each other."""
        last = 0
        for y, name, colour in sorted(ends):
            last = max(y + 4, last + 14)
            self.add(_text(_WIDTH - 182, last, name, 12, colour=colour))

    def text(self):
        height = self.y + 10
        return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height:.0f}" '
                f'viewBox="0 0 {_WIDTH} {height:.0f}" font-family="sans-serif">\n'
                f'<rect width="100%" height="100%" fill="#ffffff"/>\n' + "\n".join(self._parts) + "\n</svg>\n")


def draw(run, systems, connections):
    """The SVG's text."""
    chart, table = _Chart(), run.table
    titles = {system.name: system.title for system in systems}
    for load, what in (("self", "a user's own device"), ("admin", "an administrator, any user")):
        names = [name for name in titles if table.has(load, name)]
        chart.heading(f"AM resets a second, 64 connections: {what}")
        chart.bars([(titles[name], [(_COLOURS["rate"], table.of(load, name, "rate").median)]) for name in names],
                   "{:,.0f}")
        chart.heading(f"CPU per reset in µs, 64 connections: {what}")
        chart.bars([(titles[name], [(_COLOURS[part], table.of(load, name, part).median)
                                    for part in ("nginx", "redis", "backend")]) for name in names], "{:.1f}")
        chart.legend([("nginx", _COLOURS["nginx"]), ("Redis", _COLOURS["redis"]), ("backend", _COLOURS["backend"])])
    if len(connections) > 1:
        chart.heading("Resets of a user's own device a second, by connections")
        chart.lines(list(map(str, connections)), [
            (titles[name], _LINES[name], [table.of("self", name, "rate", count).median for count in connections])
            for name in titles])
    return chart.text()
