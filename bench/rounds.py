"""Contenders take turns, so that whatever the machine does in the meantime hits all of them alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

Sample = Mapping[str, float]
"""One turn's figures by their names."""

Key = TypeVar("Key")


@dataclass(frozen=True)
class Spread:
    """All figures of one kind; shown as the median, with lowest and highest."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return median(self.values)

    def __str__(self) -> str:
        if len(self.values) == 1:
            return figure(self.values[0])
        return f"{figure(self.median)} ({figure(min(self.values))} to {figure(max(self.values))})"


def alternate(contenders: Mapping[Key, Callable[[], Sample]], rounds: int) -> dict[Key, dict[str, Spread]]:
    """Every contender's turn, then all again, each round from the other end; its figures by their names."""
    samples: dict[Key, list[Sample]] = {name: [] for name in contenders}
    for number in range(rounds):
        order = list(contenders) if number % 2 == 0 else list(reversed(list(contenders)))
        for name in order:
            samples[name].append(contenders[name]())
    return {name: gathered(several) for name, several in samples.items()}


def gathered(samples: list[Sample]) -> dict[str, Spread]:
    return {key: Spread(tuple(sample[key] for sample in samples)) for key in samples[0]}


def figure(value: float) -> str:
    """Three digits or so, thousands with commas."""
    size = abs(value)
    if size >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if size >= 10 else f"{value:.2f}"
