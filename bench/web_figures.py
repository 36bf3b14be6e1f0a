"""What the samples of the web client say: growth over time, and frames that should have been."""

from collections.abc import Sequence

from bench.rounds import Sample
from bench.window import quantile

FRAME = 1000 / 60
"""Milliseconds."""

Series = Sequence[tuple[float, float]]


def slope(series: Series) -> float:
    """By least squares: what is added with each unit of the first."""
    x, y = (sum(point[side] for point in series) / len(series) for side in (0, 1))
    return sum((a - x) * (b - y) for a, b in series) / sum((a - x) ** 2 for a, _ in series)


def frames(lengths: Sequence[float]) -> Sample:
    """Of the milliseconds from each frame to the next; `dropped` is the percentage of those that should have been."""
    dropped = sum(max(0, round(length / FRAME) - 1) for length in lengths)
    return {
        "frames": len(lengths),
        "dropped": 100 * dropped / (len(lengths) + dropped),
        "p99": quantile(list(lengths), 0.99),
        "longest": max(lengths),
    }


def shares(name: str, values: Sequence[float]) -> dict[str, float]:
    return {f"{name} p50": quantile(list(values), 0.5), f"{name} p99": quantile(list(values), 0.99)}
