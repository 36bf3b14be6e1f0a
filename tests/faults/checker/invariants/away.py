"""14: with Redis away a post is answered within a second, and with all workers away too streams have it within 2 s."""

from bisect import bisect_right
from math import inf

from tests.faults.checker.chain import CREATED, END, OPEN, Chain
from tests.faults.checker.faults import Fault
from tests.faults.checker.history import History
from tests.faults.checker.percentiles import percentile
from tests.faults.checker.verdict import Tally

POSTS_WITHIN, EVENTS_WITHIN = 1.0, 2.0
CLEAR = 5.0
"""Seconds before in which no other fault may have been active."""

ENOUGH = 3.0
"""Seconds."""

WITH_WORKERS = "redis_and_workers"


def posts_with_redis_away(history: History) -> Tally:
    """At the 99th percentile. Whatever was not answered, or by a 5xx, took for ever."""
    windows = _Windows(history, [fault for fault in history.faults if fault.group == "redis"])
    took: list[tuple[float, float]] = []
    for call in history.of("send"):
        if call.is_by_web and windows.hold(call.began, call.ended):
            answered = call.status is not None and call.status < 500
            seconds = call.ended - call.began - history.own_lag(call.began, call.ended)
            took.append((call.ended, seconds if answered else inf))
    tally = Tally("14a posts within 1 s with Redis away (p99)", windows.any_is_clear)
    return _judge(tally, took, POSTS_WITHIN, "a post took {:.3f} s")


def streams_with_workers_away(history: History) -> Tally:
    """At the 99th percentile, on steady chains whose connection lasted from before the message until it came."""
    windows = _Windows(history, [fault for fault in history.faults if fault.kind == WITH_WORKERS])
    took: list[tuple[float, float]] = []
    for chain in history.chains.values():
        if chain.style == "steady" and windows.began:
            took += _delays(history, chain, windows)
    tally = Tally("14b events within 2 s with Redis and workers away (p99)", windows.any_is_clear)
    return _judge(tally, took, EVENTS_WITHIN, "an event took {:.3f} s")


class _Windows:
    """The times of some faults that never overlap each other, each as far as nothing else was broken."""

    def __init__(self, history: History, faults: list[Fault]) -> None:
        self.faults = history.faults
        self.all = faults
        self.began = [fault.began for fault in faults]

    @property
    def any_is_clear(self) -> bool:
        """Whether there was enough time with nothing else broken to see anything."""
        return any(fault.healed - fault.began > ENOUGH and self.hold(fault.began, fault.healed) for fault in self.all)

    def hold(self, begin: float, end: float) -> bool:
        index = bisect_right(self.began, begin) - 1
        if index < 0 or end > self.all[index].healed:
            return False
        return all(fault is self.all[index] for fault in self.faults.within(begin - CLEAR, end))


def _delays(history: History, chain: Chain, windows: _Windows) -> list[tuple[float, float]]:
    opened, took = inf, []
    for time, kind, _, _, _, subject, *_ in chain.rows():
        if kind == OPEN:
            opened = time
        elif kind == END:
            opened = inf
        elif kind == CREATED and (message := history.messages.by_id.get(subject)):
            acked = message.window.acked
            if opened < acked and windows.hold(acked, min(time, acked + EVENTS_WITHIN)):
                took.append((time, time - acked - history.own_lag(acked, time)))
    return took


def _judge(tally: Tally, took: list[tuple[float, float]], limit: float, text: str) -> Tally:
    """What is over the limit counts only where it is more than one in a hundred."""
    tally.checked = len(took)
    at_99 = percentile([seconds for _, seconds in took], 99)
    if at_99 > limit:
        for at, seconds in took:
            if seconds > limit:
                tally.broken(at, text + " (p99 of {} is {:.3f} s)", seconds, len(took), at_99)
    return tally
