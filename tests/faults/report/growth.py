"""Whether a process keeps growing: the slope of what it takes, in the second half of the run."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from tests.faults.checker.history import History
from tests.faults.checker.percentiles import slope

WARM = 60.0
"""Seconds after its start in which a process may grow."""

LONG_ENOUGH = 300.0
"""Seconds of one life that it takes to tell a slope."""

SHARE = 0.1
"""Growth in an hour, of what it takes, above which it counts."""

SURE = 25.0
"""Per cent of all pairs of points that may show no growth where it counts: else it is up and down."""

LEAST = {"pss_kb": 4096.0, "fds": 5.0}
"""Growth in an hour that never counts."""


@dataclass(frozen=True)
class Growth:
    """`points` are (time, value), `lives` those of each process id. `an_hour` is None where nobody can tell, and
    `is_steep` whether nearly all of them rise."""

    process: str
    what: str
    lives: Sequence[Sequence[tuple[float, float]]]
    typical: float
    an_hour: float | None
    is_steep: bool = False

    @property
    def keeps_growing(self) -> bool:
        least = max(LEAST[self.what], SHARE * self.typical)
        return self.an_hour is not None and self.is_steep and self.an_hour > least

    @property
    def verdict(self) -> str:
        if self.an_hour is None:
            return "too short to tell"
        return "keeps growing" if self.keeps_growing else "steady"


def growths(history: History, what: str) -> list[Growth]:
    """Of `pss_kb` or `fds`, for each process, in the order in which they were first seen."""
    names = dict.fromkeys(sample["process"] for sample in history.samples)
    return [_growth(history, name, what) for name in names]


def _growth(history: History, process: str, what: str) -> Growth:
    lives: dict[Any, list[tuple[float, float]]] = {}
    for sample in history.samples:
        # One that has just gone takes nothing.
        if sample["process"] == process and sample["pss_kb"]:
            lives.setdefault(sample["pid"], []).append((sample["t"] - history.start, float(sample[what])))
    values = [value for life in lives.values() for _, value in life]
    half = (history.end - history.start) / 2
    warm = [life for life in _warm(lives.values(), half) if life[-1][0] - life[0][0] >= LONG_ENOUGH]
    found, least = slope(warm), slope(warm, SURE)
    an_hour = None if found is None else found * 3600
    return Growth(process, what, list(lives.values()), median(values or [0]), an_hour, (least or 0) > 0)


def _warm(lives: Any, half: float) -> Iterator[list[tuple[float, float]]]:
    """The second half of the run, without the beginnings of lives."""
    for life in lives:
        begin = max(half, life[0][0] + WARM)
        if kept := [point for point in life if point[0] >= begin]:
            yield kept
