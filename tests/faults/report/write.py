"""Puts a report together, and writes it as report.txt and report.html."""

from collections.abc import Sequence
from pathlib import Path

from tests.faults.checker.history import load
from tests.faults.checker.recovery import by_group, by_kind, recoveries
from tests.faults.checker.verdict import Verdict
from tests.faults.report import page
from tests.faults.report.facts import facts
from tests.faults.report.growth import growths
from tests.faults.report.recovery_chart import recovery_chart
from tests.faults.report.series import series
from tests.faults.report.text import report_text
from tests.faults.report.timeline import timeline

TITLE = "Fechatter under faults"
PROMISES = (
    "What was looked at, and how often it was otherwise than promised. Beside a zero stands the bound below which the "
    "true rate lies with 95 % confidence: three by the number of trials."
)
GROWTH = (
    "The robust slope of the second half of the run, within lives of five minutes or more and without the first one. "
    "A line starts anew where the process did. It keeps growing if three of four pairs of points rise, and by enough."
)
MIB, ONE = 1024.0, 1.0


def write_report(run_folder: Path, verdicts: Sequence[Verdict], target_folder: Path) -> str:
    """The report's text; it and the page are in the target folder then."""
    history = load(Path(run_folder))
    over_time, found = series(history), recoveries(history)
    told = facts(history, over_time, Path(run_folder))
    kinds, groups = by_kind(found), by_group(found)
    memory, descriptors = growths(history, "pss_kb"), growths(history, "fds")
    text = report_text(told, verdicts, kinds, groups, over_time, memory, descriptors)
    sections = (
        page.head(TITLE, told, verdicts),
        page.section("Promises", PROMISES, page.promises(verdicts), "card"),
        page.section("Over time", "", timeline(over_time, history.faults.injected()), "card timeline"),
        page.section("Recovery", page.recovered(found), page.limits(groups)),
        f'<div class="card recovery">{recovery_chart(found, kinds)}</div>',
        page.section("Faults", "", page.kinds_table(kinds), "card"),
        page.section("Memory", GROWTH, page.processes(memory, over_time.length, MIB, "MiB"), "processes"),
        page.section("Descriptors", "", page.processes(descriptors, over_time.length, ONE, "open"), "processes"),
    )
    target = Path(target_folder)
    target.mkdir(parents=True, exist_ok=True)
    (target / "report.txt").write_text(text)
    (target / "report.html").write_text(page.page(TITLE, sections))
    return text
