"""Drawing with SVG as text: axes, lines, bands, dots. Colours are classes, which the page's style sheet defines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

Point = tuple[float, float]
Scale = Callable[[float], float]


def linear(low: float, high: float, at_low: float, at_high: float) -> Scale:
    span = (high - low) or 1.0
    return lambda value: at_low + (value - low) / span * (at_high - at_low)


def logarithmic(low: float, high: float, at_low: float, at_high: float) -> Scale:
    """What is below `low` is drawn there."""
    inner = linear(log10(low), log10(high), at_low, at_high)
    return lambda value: inner(log10(max(value, low)))


def round_ticks(high: float, about: int = 4) -> list[float]:
    """From 0 to above `high`, in steps of 1, 2 or 5 times a power of ten."""
    raw = max(high, 1e-9) / about
    power = 10.0 ** floor(log10(raw))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw)
    return [n * step for n in range(ceil(high / step - 1e-9) + 1)]


def number(value: float) -> str:
    """As short as it may be: thousands as k, millions as M, of which three digits are shown."""
    if value >= 1_000_000:
        return f"{value / 1_000_000:.3g}M"
    if value >= 10_000:
        return f"{value / 1000:.3g}k"
    return f"{value:.6g}"


def text(x: float, y: float, words: str, kind: str = "label", anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def path(points: Sequence[Point], kind: str) -> str:
    """A line through all of them."""
    steps = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{steps}" class="{kind}"/>' if points else ""


def area(points: Sequence[Point], floor_y: float, kind: str) -> str:
    if not points:
        return ""
    whole = [(points[0][0], floor_y), *points, (points[-1][0], floor_y)]
    return f'<polygon points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in whole)}" class="{kind}"/>'


def bar(x: float, y: float, width: float, height: float, kind: str, title: str = "") -> str:
    told = f"<title>{escape(title)}</title>" if title else ""
    place = f'x="{x:.1f}" y="{y:.1f}" width="{max(width, 1.5):.1f}" height="{height:.1f}"'
    return f'<rect {place} class="{kind}">{told}</rect>'


def dot(x: float, y: float, radius: float, kind: str, title: str = "") -> str:
    told = f"<title>{escape(title)}</title>" if title else ""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" class="{kind}">{told}</circle>'


def drawing(width: float, height: float, parts: Sequence[str], title: str) -> str:
    return (
        f'<svg viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(title)}">\n'
        + "\n".join(parts)
        + "\n</svg>"
    )


@dataclass(frozen=True)
class Panel:
    """A plot within a drawing: its frame, and how values become places in it."""

    left: float
    top: float
    width: float
    height: float
    x: Scale
    y: Scale

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    def at(self, points: Sequence[Point]) -> list[Point]:
        return [(self.x(x), self.y(y)) for x, y in points]

    def rules(self, ticks: Sequence[float], shown: Callable[[float], str]) -> list[str]:
        """A line for each value, named to the left."""
        parts = []
        for tick in ticks:
            y = self.y(tick)
            parts.append(line(self.left, y, self.right, y, "axis" if y >= self.bottom - 0.5 else "rule"))
            parts.append(text(self.left - 8, y + 4, shown(tick), "tick", "end"))
        return parts
