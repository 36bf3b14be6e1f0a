"""What happened when: sends, deliveries and their delay, in slices of the run's time."""

from dataclasses import dataclass, field

from tests.faults.checker.history import History
from tests.faults.checker.percentiles import percentile
from tests.faults.checker.recovery import deliveries

SLICES = 240
SHARES = (50, 90, 99)
Point = tuple[float, float]


@dataclass
class Series:
    """Times are seconds since the run's start, at the middle of each slice of `step` seconds."""

    start: float
    length: float
    step: float
    sends: list[Point] = field(default_factory=list)
    delivered: list[Point] = field(default_factory=list)
    delays: dict[int, list[Point]] = field(default_factory=dict)
    deliveries: int = 0
    overall: dict[int, float] = field(default_factory=dict)


def series(history: History) -> Series:
    """`delays` (by percentile) are of steady chains, from the answer to the delivery; a delivery before it counts 0."""
    length = max(1.0, history.end - history.start)
    made = Series(history.start, length, max(1.0, length / SLICES))
    slices = int(length / made.step) + 1
    sent, came = [0] * slices, [0] * slices
    delays: list[list[float]] = [[] for _ in range(slices)]
    for call in history.of("send"):
        if call.is_done:
            sent[_slice(made, call.ended, slices)] += 1
    for chain in history.chains.values():
        steady = chain.style == "steady"
        for time, could in deliveries(history, chain):
            at = _slice(made, time, slices)
            came[at] += 1
            if steady:
                delays[at].append(max(0.0, time - could))
    made.deliveries = sum(came)
    made.sends, made.delivered = _rates(made, sent), _rates(made, came)
    _percentiles(made, delays)
    return made


def _slice(made: Series, time: float, slices: int) -> int:
    return min(slices - 1, max(0, int((time - made.start) / made.step)))


def _rates(made: Series, counts: list[int]) -> list[Point]:
    return [(_middle(made, n), count / made.step) for n, count in enumerate(counts)]


def _middle(made: Series, n: int) -> float:
    return min(made.length, (n + 0.5) * made.step)


def _percentiles(made: Series, delays: list[list[float]]) -> None:
    everything = [delay for some in delays for delay in some]
    for share in SHARES:
        made.overall[share] = percentile(everything, share)
        filled = [(n, some) for n, some in enumerate(delays) if some]
        made.delays[share] = [(_middle(made, n), percentile(some, share)) for n, some in filled]
