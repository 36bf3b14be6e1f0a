"""What fan-out shall reach, as ratios of what was measured in the same run."""

from collections.abc import Mapping

from bench.fanout_others import FlaskSse, Nchan
from bench.fanout_ours import Ours
from bench.report import Target
from bench.rounds import Spread
from bench.send_loop import SendLoop

Found = Mapping[str, Mapping[str, Mapping[str, Spread]]]

RATES = (
    ("{one} streams, one in flight, times nchan", "one", "cpu 1", Nchan.name, 1.5),
    ("{one} streams, one in flight, times flask-sse", "one", "cpu 1", FlaskSse.name, 20),
    ("{one} streams, one in flight, times the bare C loop", "one", "cpu 1", SendLoop.name, 0.9),
    ("{one} streams, 32 in flight, times nchan", "one", "cpu 32", Nchan.name, 15),
    ("{many} streams in many chats, times nchan", "many", "cpu 64", Nchan.name, 1.7),
)


def targets(found: Found, streams: Mapping[str, int]) -> list[Target]:
    """`found` is by scene, contender and figure, `streams` by scene. What could not be measured is named."""
    sizes = {scene: f"{count:,}" for scene, count in streams.items()}
    memory = _figure(found, "large", "memory", Ours.name)
    of_memory, of_delay = (_ratio(found, *what, Nchan.name) for what in (("large", "memory"), ("one", "p99")))
    return [
        *(
            _target(what.format(**sizes), wanted, _ratio(found, scene, figure, other))
            for what, scene, figure, other, wanted in RATES
        ),
        _target(f"bytes of memory by stream of {sizes['large']}", 1024, memory, at_least=False),
        _target(f"memory by stream of {sizes['large']}, times nchan", 0.1, of_memory, at_least=False),
        _target(f"p99 to the last of {sizes['one']} streams, times nchan", 1, of_delay, at_least=False),
    ]


def _target(what: str, wanted: float, got: float | None, at_least: bool = True) -> Target:
    return Target(what, wanted, got, at_least, "" if got is not None else "left out, as is said below")


def _ratio(found: Found, scene: str, figure: str, other: str) -> float | None:
    ours, theirs = _figure(found, scene, figure, Ours.name), _figure(found, scene, figure, other)
    return None if ours is None or not theirs else ours / theirs


def _figure(found: Found, scene: str, figure: str, contender: str) -> float | None:
    spread = found.get(scene, {}).get(contender, {}).get(figure)
    return spread.median if spread else None
