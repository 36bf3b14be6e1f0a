"""What a benchmark found is told right: medians, targets that can be missed, and no baseline left out in silence."""

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bench.chart import LETTER, WIDTH, Bars, Chart, Lines
from bench.report import Report, Table, Target
from bench.rounds import Spread, alternate, figure
from bench.setting import Setting
from tests.faults.report.svg import number

SVG = "{http://www.w3.org/2000/svg}"


def test_contenders_take_turns_each_round_from_the_other_end() -> None:
    turns: list[str] = []

    def contender(name: str, value: float) -> Callable[[], dict[str, float]]:
        def turn() -> dict[str, float]:
            turns.append(name)
            return {"rate": value + len(turns)}

        return turn

    found = alternate({"a": contender("a", 0), "b": contender("b", 100)}, 3)
    assert "".join(turns) == "abbaab"
    assert found["a"]["rate"].values == (1, 4, 5)
    assert found["b"]["rate"].median == 103


@pytest.mark.parametrize(
    ("values", "shown"),
    [((3.0,), "3.00"), ((1.0, 12.34, 5000.0), "12.3 (1.00 to 5,000)"), ((2.0, 4.0), "3.00 (2.00 to 4.00)")],
)
def test_a_spread_shows_its_median_and_range(values: tuple[float, ...], shown: str) -> None:
    assert str(Spread(values)) == shown


def test_a_figure_has_about_three_digits() -> None:
    assert [figure(value) for value in (0.123, 9.87, 56.78, 1234.5)] == ["0.12", "9.87", "56.8", "1,234"]


@pytest.mark.parametrize(
    ("target", "met", "last"),
    [
        (Target("speed", 2, 2.0), True, "met"),
        (Target("speed", 2, 1.9), False, "MISSED"),
        (Target("memory", 2, 1.9, at_least=False), True, "met"),
        (Target("memory", 2, 2.1, at_least=False), False, "MISSED"),
        (Target("speed", 2, None, why="no nginx"), True, "not measured: no nginx"),
    ],
)
def test_a_target_can_be_missed(target: Target, met: bool, last: str) -> None:
    assert target.met is met
    assert target.cells()[-1] == last
    assert Report("x", "X", [], [target]).met is met


def test_a_report_is_kept_with_all_its_samples(tmp_path: Path) -> None:
    rate = Spread((1.0, 2.0, 4.0))
    report = Report(
        "post",
        "Posting",
        [Table("Rates", ("who", "rate"), [("ours", rate), ("theirs", 7)])],
        [Target("as fast", 1, 2.0)],
        [Bars("Rates", "1/s", {"ours": rate}, ("ours",))],
        skipped=["nchan: there is no nginx"],
        circumstances={"machine": "a machine"},
    )
    report.keep(tmp_path)
    said = (tmp_path / "post.txt").read_text()
    assert all(
        words in said for words in ("2.00 (1.00 to 4.00)", "Left out: nchan: there is no nginx", "a machine", "met")
    )
    kept = json.loads((tmp_path / "post.json").read_text())
    assert kept["tables"][0]["rows"] == [["ours", [1.0, 2.0, 4.0]], ["theirs", 7]]
    assert kept["targets"][0]["met"] is True
    assert (tmp_path / "post-1.svg").exists()


@pytest.mark.parametrize(
    "chart",
    [
        Bars("A < B", "1/s", {"one": Spread((0.0,)), "two & a half": Spread((3.0, 9.0))}),
        Lines("Growth", "1/s", "messages", {"one": [(10, 1.0), (1e7, 2.0)], "two": [(10, 0.0)]}),
        Lines("Growth", "1/s", "seconds", {"one": [(0, 1.0), (5, 2.0)]}, logarithmic=False),
    ],
)
def test_a_chart_is_a_picture_that_stands_alone(chart: Chart) -> None:
    root = ElementTree.fromstring(chart.svg())
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert len(list(root)) > 5


def test_names_in_a_chart_of_lines_neither_touch_nor_leave_it() -> None:
    series = [(0.26 * n, 1.0) for n in range(40)]
    lines = {"a line of a long name, number": series, "two": series[:2]}
    chart = Lines("Heap", "MB", "minutes", lines, logarithmic=False)
    root = ElementTree.fromstring(chart.svg())
    texts = [(float(one.get("x", 0)), float(one.get("y", 0)), one.text or "") for one in root.iter(f"{SVG}text")]
    sizes = sorted(x for x, y, _ in texts if y == 308)
    assert len(sizes) > 2
    assert all(right - left > 40 for left, right in pairwise(sizes))
    assert all(x + LETTER * len(words) < WIDTH + 20 for x, y, words in texts if y > 330)


def test_large_numbers_are_short() -> None:
    assert [number(n) for n in (0.5, 9000, 65_000, 1_000_110, 10_010_110)] == ["0.5", "9000", "65k", "1M", "10M"]


def test_a_baseline_that_cannot_be_had_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    setting = Setting()
    setting.skip("nchan", "there is no apt-get")
    assert setting.skipped == ["nchan: there is no apt-get"]
    assert "left out: nchan" in capsys.readouterr().out
