"""The run over time, one chart under the other on the same axis: sends, deliveries, their delay, and the faults."""

from collections.abc import Sequence
from math import inf

from tests.faults.checker.faults import Fault
from tests.faults.report import svg
from tests.faults.report.series import SHARES, Series

WIDTH, LEFT, RIGHT = 1000.0, 64.0, 24.0
HEIGHT, BETWEEN, TOP = 110.0, 44.0, 26.0
LANE = 15.0
LANES = ("process", "redis", "postgres", "link", "other")
FASTEST, SLOWEST = 0.001, 100.0
"""Seconds, of the delays that are drawn."""


def timeline(series: Series, faults: Sequence[Fault]) -> str:
    across = svg.linear(0, series.length, LEFT, WIDTH - RIGHT)
    parts: list[str] = []
    for n, draw in enumerate((_sends, _delivered, _delays)):
        parts += draw(series, across, TOP + n * (HEIGHT + BETWEEN))
    top = TOP + 3 * (HEIGHT + BETWEEN)
    parts += _lanes(series, faults, across, top)
    bottom = top + len(LANES) * LANE
    parts += _clock(series, across, bottom)
    return svg.drawing(WIDTH, bottom + 30, parts, "Sends, deliveries, delays and faults over time")


def _panel(top: float, across: svg.Scale, y: svg.Scale) -> svg.Panel:
    return svg.Panel(LEFT, top, WIDTH - LEFT - RIGHT, HEIGHT, across, y)


def _rate(points: Sequence[svg.Point], across: svg.Scale, top: float, title: str, kind: str) -> list[str]:
    ticks = svg.round_ticks(max((y for _, y in points), default=1.0), 3)
    panel = _panel(top, across, svg.linear(0, ticks[-1], top + HEIGHT, top))
    placed = panel.at(points)
    return [
        svg.text(LEFT, top - 9, title, "title"),
        *panel.rules(ticks, svg.number),
        svg.area(placed, panel.bottom, f"area {kind}"),
        svg.path(placed, f"line {kind}"),
    ]


def _sends(series: Series, across: svg.Scale, top: float) -> list[str]:
    return _rate(series.sends, across, top, "Sends answered, a second", "one")


def _delivered(series: Series, across: svg.Scale, top: float) -> list[str]:
    return _rate(series.delivered, across, top, "Messages delivered, a second", "two")


def _delays(series: Series, across: svg.Scale, top: float) -> list[str]:
    """On a scale of powers of ten; gaps where nothing came."""
    powers = [0.001, 0.01, 0.1, 1.0, 10.0, 100.0]
    highest = max((y for points in series.delays.values() for _, y in points), default=1.0)
    ticks = [tick for tick in powers if tick / 10 < max(highest, 1.0)]
    panel = _panel(top, across, svg.logarithmic(ticks[0], ticks[-1], top + HEIGHT, top))
    parts = [svg.text(LEFT, top - 9, "From the answer to the delivery, on steady streams", "title")]
    parts += panel.rules(ticks, lambda tick: f"{tick * 1000:g} ms" if tick < 1 else f"{tick:g} s")
    for n, share in enumerate(SHARES):
        kind = f"line share{n}"
        parts += [svg.path(run, kind) for run in _runs(panel.at(series.delays[share]), series, across)]
        at = WIDTH - RIGHT - 62 * (len(SHARES) - n)
        parts += [svg.line(at, top - 13, at + 18, top - 13, kind), svg.text(at + 24, top - 9, f"p{share}", "tick")]
    return parts


def _runs(points: Sequence[svg.Point], series: Series, across: svg.Scale) -> list[list[svg.Point]]:
    """Broken where slices without any delivery lie between."""
    step = across(series.step * 1.5) - across(0)
    runs: list[list[svg.Point]] = []
    last = -inf
    for point in points:
        if point[0] - last > step:
            runs.append([])
        runs[-1].append(point)
        last = point[0]
    return runs


def _lanes(series: Series, faults: Sequence[Fault], across: svg.Scale, top: float) -> list[str]:
    parts = [svg.text(LEFT, top - 9, f"Faults ({len(faults)})", "title")]
    for n, group in enumerate(LANES):
        y = top + n * LANE
        parts += [svg.text(LEFT - 8, y + 11, group, "tick", "end")]
        parts += [svg.line(LEFT, y + LANE, WIDTH - RIGHT, y + LANE, "rule")]
        for fault in faults:
            if _lane(fault) == group:
                parts.append(_mark(series, fault, across, y))
    return parts


def _lane(fault: Fault) -> str:
    return fault.group if fault.group in LANES else "other"


def _mark(series: Series, fault: Fault, across: svg.Scale, y: float) -> str:
    began, healed = fault.began - series.start, min(fault.healed - series.start, series.length)
    title = f"#{fault.n} {fault.kind} {fault.target}, {began:.1f} s to {healed:.1f} s"
    return svg.bar(across(began), y + 2.5, across(healed) - across(began), LANE - 5, f"fault {_lane(fault)}", title)


def _clock(series: Series, across: svg.Scale, y: float) -> list[str]:
    minutes = series.length > 240
    unit = 60.0 if minutes else 1.0
    ticks = [tick for tick in svg.round_ticks(series.length / unit, 8) if tick * unit <= series.length]
    name = "min" if minutes else "s"
    return [svg.text(across(tick * unit), y + 18, f"{tick:g} {name}", "tick", "middle") for tick in ticks]
