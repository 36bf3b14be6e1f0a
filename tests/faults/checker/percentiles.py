"""Percentiles, and a slope that a few wild values do not turn."""

from collections.abc import Iterable, Sequence
from math import ceil


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` per cent of all do not exceed; 0 for none."""
    ordered = sorted(values)
    return ordered[max(0, ceil(len(ordered) * share / 100) - 1)] if ordered else 0.0


def slope(lives: Iterable[Sequence[tuple[float, float]]], share: float = 50) -> float | None:
    """Theil and Sen: the median of the slopes of all pairs of points, each in time order and both of one life.

    With another `share` that percentile of them. None where there is no pair.
    """
    slopes = [
        (later[1] - earlier[1]) / (later[0] - earlier[0])
        for life in lives
        for n, earlier in enumerate(life)
        for later in life[n + 1 :]
        if later[0] > earlier[0]
    ]
    return percentile(slopes, share) if slopes else None
