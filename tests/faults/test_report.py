"""The report says what was found, as text and as a page that needs nothing else."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.checker import Verdict, judge
from tests.faults.checker.history import load
from tests.faults.report import write_report
from tests.faults.report.growth import growths
from tests.faults.report.series import series
from tests.faults.report.svg import linear, logarithmic, round_ticks
from tests.faults.report.text import bound, table
from tests.faults.tampered import Tampered


def report(run: Tampered, folder: Path) -> tuple[str, str]:
    """The text and the page."""
    run.write(folder)
    text = write_report(folder, judge(folder), folder / "report")
    assert (folder / "report" / "report.txt").read_text() == text
    return text, (folder / "report" / "report.html").read_text()


def test_it_names_every_promise_and_kind_of_fault_and_what_the_run_was(tmp_path: Path) -> None:
    run = Tampered()
    text, page = report(run, tmp_path)
    names = [verdict.name for verdict in judge(tmp_path)] + [fault["kind"] for fault in run.faults]
    for said in (text, page):
        assert [name for name in names if name not in said] == []
        for fact in ("Machine", "Versions", "Seed", "Duration", "Messages", "Deliveries", "PostgreSQL", "Python"):
            assert fact in said
    assert "20 promises kept" in page


def test_the_page_needs_nothing_from_outside(tmp_path: Path) -> None:
    _, page = report(Tampered(), tmp_path)
    assert re.findall(r"(?:src|href|url|@import|<script|<link)\b[^\n]{0,40}", page) == []
    assert "prefers-color-scheme: dark" in page
    assert page.count("<svg") == page.count("</svg>") >= 4


def test_what_is_broken_stands_there_with_its_counterexample(tmp_path: Path) -> None:
    run = Tampered()
    run.drop(next(run.plain()))
    text, page = report(run, tmp_path)
    assert "BROKEN" in text
    assert "a gap. Faults:" in text
    assert "1 of 20 promises not kept" in page
    assert "a gap. Faults:" in page


def test_what_people_wrote_does_no_harm_to_the_page(tmp_path: Path) -> None:
    run = Tampered()
    line = next(run.plain())
    line[-1] = "<script>alert(1)</script>"
    _, page = report(run, tmp_path)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_the_bound_is_read_as_one_in_so_many() -> None:
    verdict = Verdict("x", True, 3000, 0, None)
    assert bound(verdict) == "< 1 in 1,000"
    assert bound(replace(verdict, checked=6)) == "< 0.50"
    assert bound(replace(verdict, checked=1)) == "< 1.00"
    assert bound(replace(verdict, failures=1)) == ""


def grown(run: Tampered, an_hour: float, lives: int, folder: Path) -> str:
    """The verdict on a process of 100 MiB that grows by so much in an hour, in so many lives."""
    run.samples = []
    for n in range(720):
        life = n * lives // 720
        since = n - life * 720 // lives
        size = 100_000 + since * 5 / 3600 * an_hour * 1024 + (n % 7) * 300
        t = 1000 + n * 5
        run.samples.append({"t": t, "process": "web1", "pid": 40 + life, "pss_kb": int(size), "fds": 30 + n % 3})
    run.calls[-1]["ended"] = 1000 + 3600
    history = load(run.write(folder))
    memory, descriptors = growths(history, "pss_kb"), growths(history, "fds")
    assert [one.verdict for one in descriptors] == [memory[0].verdict if lives == 72 else "steady"]
    return memory[0].verdict


@pytest.mark.parametrize(
    ("an_hour", "lives", "verdict"),
    [(0, 1, "steady"), (5, 1, "steady"), (30, 1, "keeps growing"), (30, 6, "keeps growing"), (0, 6, "steady"),
     (30, 72, "too short to tell")],
)  # fmt: skip
def test_a_process_keeps_growing_if_each_of_its_lives_does(
    an_hour: float, lives: int, verdict: str, tmp_path: Path
) -> None:
    assert grown(Tampered(), an_hour, lives, tmp_path) == verdict


def test_deliveries_and_their_delay_are_told_over_time(tmp_path: Path) -> None:
    run = Tampered()
    made = series(load(run.write(tmp_path)))
    assert made.deliveries <= len(run.events())
    assert sum(rate * made.step for _, rate in made.delivered) == pytest.approx(made.deliveries)
    assert made.overall[50] < 0.01 < 1 < max(delay for _, delay in made.delays[99])


def test_ticks_are_round_and_reach_the_highest() -> None:
    assert round_ticks(73, 4) == [0, 20, 40, 60, 80]
    assert round_ticks(0.9, 3)[-1] >= 0.9
    assert linear(0, 10, 100, 200)(5) == 150
    assert logarithmic(0.001, 10, 0, 4)(0.1) == pytest.approx(2)
    assert logarithmic(0.001, 10, 0, 4)(0) == 0


def test_a_table_is_as_wide_as_what_stands_in_it() -> None:
    assert table(("a", "b"), [("xx", "1")], "<>").splitlines() == ["a   b", "--  -", "xx  1"]
