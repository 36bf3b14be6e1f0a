"""The report as text: what is known of the run, a table of the promises, and one of the faults."""

from collections.abc import Iterable, Sequence

from tests.faults.checker.recovery import Summary
from tests.faults.checker.verdict import Verdict
from tests.faults.report.facts import Fact
from tests.faults.report.growth import Growth
from tests.faults.report.series import SHARES, Series

RIGHT = ">"
LEFT = "<"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], sides: str) -> str:
    """Columns as wide as they must be; `sides` has `<` or `>` for each."""
    lines = [tuple(heads), *(tuple(row) for row in rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(heads))]
    lines.insert(1, tuple("-" * width for width in widths))
    parts = (
        "  ".join(f"{cell:{side}{width}}" for cell, side, width in zip(line, sides, widths, strict=True))
        for line in lines
    )
    return "\n".join(part.rstrip() for part in parts)


def bound(verdict: Verdict) -> str:
    """The upper bound beside a zero, as a share or as one in so many; nothing beside failures."""
    if verdict.bound is None:
        return ""
    return f"< {verdict.bound:.2f}" if verdict.bound > 0.05 else f"< 1 in {round(1 / verdict.bound):,}"


def seconds(value: float) -> str:
    return f"{value:.2f}"


def report_text(
    facts: Sequence[Fact],
    verdicts: Sequence[Verdict],
    kinds: Sequence[Summary],
    groups: Sequence[Summary],
    series: Series,
    memory: Sequence[Growth],
    descriptors: Sequence[Growth],
) -> str:
    parts = [
        table(("", ""), facts, "<<").split("\n", 2)[2],
        _promises(verdicts),
        *_broken(verdicts),
        _faults(kinds),
        _groups(groups),
        "From an answer to its delivery, on steady streams: " + _delays(series),
        _growth(memory, descriptors),
    ]
    return "\n\n".join(parts) + "\n"


def _promises(verdicts: Sequence[Verdict]) -> str:
    rows = [
        (verdict.name, f"{verdict.checked:,}", f"{verdict.failures:,}", bound(verdict), state(verdict))
        for verdict in verdicts
    ]
    return table(("promise", "checked", "failures", "rate at 95 %", ""), rows, "<>>><")


def state(verdict: Verdict) -> str:
    if verdict.holds:
        return "holds" if verdict.checked else "not tried"
    return "BROKEN" if verdict.failures else "NOT SEEN"


def _broken(verdicts: Sequence[Verdict]) -> list[str]:
    return [f"{verdict.name}\n  {verdict.counterexample}" for verdict in verdicts if not verdict.holds]


def _faults(kinds: Sequence[Summary]) -> str:
    rows = [
        (kind.name, kind.group, str(kind.injected), str(kind.measured), *map(seconds, (kind.p50, kind.p99, kind.most)))
        if kind.measured
        else (kind.name, kind.group, str(kind.injected), "0", "", "", "")
        for kind in kinds
    ]
    heads = ("fault", "group", "times", "measured", "recovery p50", "p99", "max")
    return (
        table(heads, rows, "<<>>>>>")
        + "\nSeconds from the end of a fault to no lag; not measured while another fault went on."
    )


def _groups(groups: Sequence[Summary]) -> str:
    rows = [
        (
            group.name,
            str(group.injected),
            str(group.measured),
            seconds(group.p99),
            seconds(group.limit or 0),
            limit(group),
        )
        for group in groups
    ]
    return table(("group", "times", "measured", "p99", "limit", ""), rows, "<>>>><")


def limit(group: Summary) -> str:
    if not group.measured:
        return "not measured"
    return "within" if group.holds else "OVER"


def _delays(series: Series) -> str:
    return ", ".join(f"p{share} {series.overall[share] * 1000:,.0f} ms" for share in SHARES)


def _growth(memory: Sequence[Growth], descriptors: Sequence[Growth]) -> str:
    rows = [
        (m.process, f"{m.typical / 1024:.0f}", *_an_hour(m, 1024), f"{d.typical:.0f}", *_an_hour(d, 1))
        for m, d in zip(memory, descriptors, strict=True)
    ]
    heads = ("process", "MiB", "an hour", "", "descriptors", "an hour", "")
    return table(heads, rows, "<>><>><")


def _an_hour(growth: Growth, unit: float) -> tuple[str, str]:
    return ("" if growth.an_hour is None else f"{growth.an_hour / unit:+.1f}"), growth.verdict
