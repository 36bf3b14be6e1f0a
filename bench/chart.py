"""Charts as SVG that stand alone: bars with their range, and lines over a size."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import log10
from typing import Protocol

from bench.rounds import Spread, figure
from tests.faults.report.svg import Panel, bar, drawing, line, linear, number, path, round_ticks, text

WIDTH = 760.0
NAMES = 230.0
LETTER = 6.8
"""About as wide as one is, on the average."""

MOST_SIZES = 8
STYLE = """<style>
svg{font:13px system-ui,sans-serif;background:#fff}
text{fill:#1f2328}.title{font-weight:600;font-size:15px}.tick{fill:#656d76;font-size:11px}
.bar{fill:#8c959f}.own{fill:#1a7f64}.range{stroke:#1f2328;stroke-width:1.5}
.rule{stroke:#eaeef2}.axis{stroke:#8c959f}
polyline{fill:none;stroke-width:2}.l0{stroke:#1a7f64}.l1{stroke:#0969da}.l2{stroke:#bc4c00}.l3{stroke:#8250df}
.l4{stroke:#57606a}
</style>"""


class Chart(Protocol):
    def svg(self) -> str: ...


@dataclass(frozen=True)
class Bars:
    """`own` names the bars that are ours."""

    title: str
    unit: str
    bars: Mapping[str, Spread]
    own: Sequence[str] = ()

    def svg(self) -> str:
        high = max(max(spread.values) for spread in self.bars.values())
        ticks = round_ticks(high)
        scale = linear(0, ticks[-1], NAMES, WIDTH - 110)
        bottom = 44 + 30 * len(self.bars)
        parts = [STYLE, text(12, 24, f"{self.title} ({self.unit})", "title")]
        for tick in ticks:
            parts += [line(scale(tick), 38, scale(tick), bottom, "rule")]
            parts += [text(scale(tick), bottom + 16, number(tick), "tick", "middle")]
        for place, (name, spread) in enumerate(self.bars.items()):
            y = 44 + 30 * place
            parts.append(text(NAMES - 8, y + 15, name, "label", "end"))
            kind = "own" if name in self.own else "bar"
            parts.append(bar(NAMES, y, scale(spread.median) - NAMES, 20, kind, f"{name}: {spread}"))
            if len(spread.values) > 1:
                parts.append(line(scale(min(spread.values)), y + 10, scale(max(spread.values)), y + 10, "range"))
            parts.append(text(scale(max(spread.values)) + 8, y + 15, figure(spread.median)))
        return _alone(WIDTH, bottom + 28, parts, self.title)


@dataclass(frozen=True)
class Lines:
    """Each line's points are (size, value); sizes stand on a logarithmic axis if `logarithmic`."""

    title: str
    unit: str
    sizes: str
    lines: Mapping[str, Sequence[tuple[float, float]]]
    logarithmic: bool = True

    def svg(self) -> str:
        points = [point for several in self.lines.values() for point in several]
        ticks = round_ticks(max(y for _, y in points))
        at = log10 if self.logarithmic else float
        low, high = min(at(x) for x, _ in points), max(at(x) for x, _ in points)
        across = linear(low, high, 70, WIDTH - 30)
        up = linear(0, ticks[-1], 290, 50)
        panel = Panel(70, 50, WIDTH - 100, 240, lambda x: across(at(x)), up)
        parts = [STYLE, text(12, 24, f"{self.title} ({self.unit})", "title"), *panel.rules(ticks, number)]
        for size in self._sizes_shown({x for x, _ in points}):
            parts.append(text(panel.x(size), 308, number(size), "tick", "middle"))
        parts.append(text(WIDTH / 2, 326, self.sizes, "tick", "middle"))
        beside = max(1, min(4, int(660 / (50 + LETTER * max(map(len, self.lines))))))
        for place, (name, several) in enumerate(self.lines.items()):
            kind, x, y = f"l{place % 5}", 80 + 660 / beside * (place % beside), 346 + 18 * (place // beside)
            parts += [path(panel.at(several), kind), line(x, y, x + 20, y, f"axis {kind}"), text(x + 26, y + 4, name)]
        return _alone(WIDTH, 365 + 18 * ((len(self.lines) - 1) // beside), parts, self.title)

    def _sizes_shown(self, sizes: Collection[float]) -> list[float]:
        """Those that were measured, or round ones if they are many: names of sizes must not touch."""
        if len(sizes) <= MOST_SIZES:
            return sorted(sizes)
        return [tick for tick in round_ticks(max(sizes), MOST_SIZES) if min(sizes) <= tick <= max(sizes)]


def _alone(width: float, height: float, parts: Sequence[str], title: str) -> str:
    return drawing(width, height, parts, title).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1) + "\n"
