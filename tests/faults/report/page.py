"""The report as one page that needs nothing else: style and charts are in it."""

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from tests.faults.checker.recovery import Recovery, Summary
from tests.faults.checker.verdict import Verdict
from tests.faults.report.facts import Fact
from tests.faults.report.growth import Growth
from tests.faults.report.growth_chart import growth_chart
from tests.faults.report.text import bound, limit, seconds, state

STYLE = Path(__file__).with_name("page.css")
CHIPS = {"holds": "good", "within": "good", "steady": "good", "not tried": "idle", "not measured": "idle"}


def page(title: str, sections: Iterable[str]) -> str:
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{STYLE.read_text()}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(sections)
        + "\n</main>\n</body>\n</html>\n"
    )


def head(title: str, facts: Sequence[Fact], verdicts: Sequence[Verdict]) -> str:
    kind = "good" if verdicts and all(verdict.holds for verdict in verdicts) else "bad"
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts)
    return (
        f'<h1>{escape(title)}</h1>\n<div class="outcome {kind}">{outcome(verdicts)}</div>\n'
        f'<div class="card"><dl>{rows}</dl></div>'
    )


def outcome(verdicts: Sequence[Verdict]) -> str:
    broken = sum(not verdict.holds for verdict in verdicts)
    idle = sum(verdict.holds and not verdict.checked for verdict in verdicts)
    if broken:
        return f"{broken} of {len(verdicts)} promises not kept"
    return f"{len(verdicts) - idle} promises kept" + (f", {idle} not tried" if idle else "")


def section(title: str, words: str, body: str, kind: str = "") -> str:
    told = f"<p>{escape(words)}</p>\n" if words else ""
    return f'<h2>{escape(title)}</h2>\n{told}<div class="{kind}">{body}</div>'


def chip(words: str) -> str:
    kind = CHIPS.get(words, "idle" if words == "too short to tell" else "bad")
    return f'<span class="chip {kind}">{escape(words)}</span>'


def promises(verdicts: Sequence[Verdict]) -> str:
    rows = []
    for verdict in verdicts:
        cells = (f"{verdict.checked:,}", f"{verdict.failures:,}", escape(bound(verdict)))
        numbers = "".join(f'<td class="right">{cell}</td>' for cell in cells)
        rows.append(f"<tr><td>{escape(verdict.name)}</td>{numbers}<td>{chip(state(verdict))}</td></tr>")
        if not verdict.holds:
            rows.append(f'<tr class="why"><td class="why" colspan="5">{escape(verdict.counterexample or "")}</td></tr>')
    heads = '<th>Promise</th><th class="right">Checked</th><th class="right">Failures</th>'
    return f'<table><tr>{heads}<th class="right">Rate, at 95 %</th><th></th></tr>{"".join(rows)}</table>'


def kinds_table(kinds: Sequence[Summary]) -> str:
    rows = []
    for kind in kinds:
        times = map(seconds, (kind.p50, kind.p99, kind.most)) if kind.measured else ("", "", "")
        cells = (str(kind.injected), str(kind.measured), *times)
        numbers = "".join(f'<td class="right">{cell}</td>' for cell in cells)
        rows.append(f"<tr><td>{escape(kind.name)}</td><td>{escape(kind.group)}</td>{numbers}</tr>")
    heads = "".join(f'<th class="right">{name}</th>' for name in ("Times", "Measured", "p50 s", "p99 s", "Max s"))
    return f"<table><tr><th>Fault</th><th>Group</th>{heads}</tr>{''.join(rows)}</table>"


def limits(groups: Sequence[Summary]) -> str:
    return f'<div class="limits">{"".join(map(_limit, groups))}</div>'


def _limit(group: Summary) -> str:
    found = f"{seconds(group.p99)} s" if group.measured else "–"
    return (
        f'<div class="card {group.name}">{escape(group.name)} {chip(limit(group))}<b>{found}</b>'
        f"<small>p99 of {group.measured} measured ({group.injected} injected), limit {group.limit:g} s</small></div>"
    )


def processes(growths: Sequence[Growth], length: float, unit: float, name: str) -> str:
    cards = []
    for growth in growths:
        rate = "" if growth.an_hour is None else f", {growth.an_hour / unit:+.1f} {name} an hour"
        cards.append(
            f'<div class="card"><h3>{escape(growth.process)}{chip(growth.verdict)}</h3>'
            f"{growth_chart(growth, length, unit)}"
            f"<small>{growth.typical / unit:.0f} {name} typically{rate}</small></div>"
        )
    return "".join(cards)


def recovered(recoveries: Sequence[Recovery]) -> str:
    shared = sum(one.shared for one in recoveries)
    return (
        "Seconds from the end of a fault until nothing lags for a whole second: every message reaches the steady "
        f"streams within a second of its answer, and sends are answered. {shared} of {len(recoveries)} faults are left "
        "out, since another one was active meanwhile."
    )
