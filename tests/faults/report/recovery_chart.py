"""How long each kind of fault was felt: a dot for each time, with the median, the 99th percentile and the limit."""

from collections.abc import Sequence

from tests.faults.checker.faults import LIMITS
from tests.faults.checker.recovery import Recovery, Summary
from tests.faults.report import svg
from tests.faults.report.timeline import LANES

WIDTH, LEFT, RIGHT, ROW, TOP = 1000.0, 190.0, 110.0, 19.0, 34.0


def recovery_chart(recoveries: Sequence[Recovery], kinds: Sequence[Summary]) -> str:
    measured = [one for one in recoveries if not one.shared]
    ticks = svg.round_ticks(max([5.0, *(one.seconds for one in measured), *_limits(kinds)]), 8)
    across = svg.linear(0, ticks[-1], LEFT, WIDTH - RIGHT)
    bottom = TOP + len(kinds) * ROW
    parts = [svg.line(across(tick), TOP - 6, across(tick), bottom, "rule") for tick in ticks]
    parts += [svg.text(across(tick), TOP - 13, f"{tick:g} s", "tick", "middle") for tick in ticks]
    parts.append(svg.text(WIDTH, TOP - 13, "p50 / p99 s", "tick", "end"))
    for n, kind in enumerate(kinds):
        mine = [one for one in measured if one.fault.kind == kind.name]
        parts += _row(kind, mine, across, TOP + n * ROW)
    return svg.drawing(WIDTH, bottom + 8, parts, "Recovery after each kind of fault")


def _limits(kinds: Sequence[Summary]) -> list[float]:
    return [LIMITS[kind.group] for kind in kinds if kind.group in LIMITS]


def _row(kind: Summary, mine: Sequence[Recovery], across: svg.Scale, top: float) -> list[str]:
    middle = top + ROW / 2
    parts = [svg.text(LEFT - 12, middle + 4, f"{kind.name} ({kind.injected})", "label", "end")]
    parts.append(svg.line(LEFT, top + ROW, WIDTH - RIGHT, top + ROW, "faint"))
    if kind.limit is not None:
        parts.append(svg.line(across(kind.limit), top + 2, across(kind.limit), top + ROW - 2, "limit"))
    if not mine:
        return [*parts, svg.text(WIDTH, middle + 4, "never alone", "tick", "end")]
    colour = kind.group if kind.group in LANES else "other"
    parts.append(svg.bar(across(0), middle - 1.5, across(kind.p99) - across(0), 3, f"reach {colour}"))
    for one in mine:
        title = f"#{one.fault.n} {kind.name} {one.fault.target}: {one.seconds:.2f} s"
        parts.append(svg.dot(across(one.seconds), middle, 4, f"mark {colour}", title))
    parts.append(svg.line(across(kind.p50), middle - 7, across(kind.p50), middle + 7, "median"))
    parts.append(svg.text(WIDTH, middle + 4, f"{kind.p50:.2f} / {kind.p99:.2f}", "tick", "end"))
    return parts
