"""What fan-out shall reach, as ratios of what was measured in the same run."""

from collections.abc import Mapping

from bench.fanout_others import FlaskSse, Nchan
from bench.fanout_ours import Ours
from bench.report import Target
from bench.rounds import Spread
from bench.send_loop import SendLoop

Found = Mapping[str, Mapping[str, Mapping[str, Spread]]]

RATES = (
    ("1,000 streams, one in flight, times nchan", "one", "cpu 1", Nchan.name, 1.5),
    ("1,000 streams, one in flight, times flask-sse", "one", "cpu 1", FlaskSse.name, 20),
    ("1,000 streams, one in flight, times the bare C loop", "one", "cpu 1", SendLoop.name, 0.9),
    ("1,000 streams, 32 in flight, times nchan", "one", "cpu 32", Nchan.name, 15),
    ("100 chats x 10 streams, times nchan", "many", "cpu 64", Nchan.name, 1.7),
)


def targets(found: Found) -> list[Target]:
    """`found` is by scene, contender and figure. What could not be measured is named."""
    memory, many = _figure(found, "large", "memory", Ours.name), "by stream at 10,000 streams"
    return [
        *(_target(what, wanted, _ratio(found, scene, figure, other)) for what, scene, figure, other, wanted in RATES),
        _target(f"bytes of memory {many}", 1024, memory, at_least=False),
        _target(f"memory {many}, times nchan", 0.1, _ratio(found, "large", "memory", Nchan.name), at_least=False),
        _target(
            "p99 to the last of 1,000 streams, times nchan", 1, _ratio(found, "one", "p99", Nchan.name), at_least=False
        ),
    ]


def _target(what: str, wanted: float, got: float | None, at_least: bool = True) -> Target:
    return Target(what, wanted, got, at_least, "" if got is not None else "left out, as is said below")


def _ratio(found: Found, scene: str, figure: str, other: str) -> float | None:
    ours, theirs = _figure(found, scene, figure, Ours.name), _figure(found, scene, figure, other)
    return None if ours is None or not theirs else ours / theirs


def _figure(found: Found, scene: str, figure: str, contender: str) -> float | None:
    spread = found.get(scene, {}).get(contender, {}).get(figure)
    return spread.median if spread else None
