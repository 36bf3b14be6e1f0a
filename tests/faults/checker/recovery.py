"""How long it takes from the end of each fault until nothing lags any more, as a steady client sees it."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import inf
from typing import NamedTuple

from tests.faults.checker.chain import CREATED, Chain
from tests.faults.checker.faults import LIMITS, Fault
from tests.faults.checker.history import History
from tests.faults.checker.percentiles import percentile

LATE = 1.0
"""Seconds from an answer to the delivery, or from one answered send to the next, above which that is a lag; and for
which no lag must begin before it is said to be over, since one that has just begun cannot be seen yet."""

Span = tuple[float, float]


class Recovery(NamedTuple):
    """`shared`: another fault was active meanwhile, so that nobody knows whose lag it was."""

    fault: Fault
    seconds: float
    shared: bool


class Summary(NamedTuple):
    """Of one kind or group of faults; times in seconds, of those alone that were not shared."""

    name: str
    group: str
    injected: int
    measured: int
    p50: float
    p99: float
    most: float

    @property
    def limit(self) -> float | None:
        return LIMITS.get(self.group)

    @property
    def holds(self) -> bool:
        return self.limit is None or self.p99 <= self.limit


def recoveries(history: History) -> list[Recovery]:
    """One for each fault that was injected, by the time at which it began."""
    lags = joined([*late_deliveries(history), *unanswered(history)])
    return [_recovery(history, fault, lags) for fault in history.faults.injected() if fault.healed < inf]


def _recovery(history: History, fault: Fault, lags: list[Span]) -> Recovery:
    index = bisect_right(lags, fault.healed, key=lambda lag: lag[0]) - 1
    over = max(fault.healed, lags[index][1] if index >= 0 else 0.0)
    meanwhile = history.faults.within(fault.healed, over)
    return Recovery(fault, over - fault.healed, any(other is not fault for other in meanwhile))


def late_deliveries(history: History) -> Iterator[Span]:
    """From the answer (less the second in which it could not be seen) to the delivery, on steady chains."""
    for chain in history.chains.values():
        if chain.style != "steady":
            continue
        for time, acked in deliveries(history, chain):
            if time - acked > LATE and time - acked - history.own_lag(acked, time) > LATE:
                yield acked - LATE, time


def deliveries(history: History, chain: Chain) -> Iterator[Span]:
    """When each message came, and when it could have come: once it was answered, and the chain had begun."""
    by_id, first = history.messages.by_id, chain.first if len(chain) else 0.0
    for time, kind, _, _, _, subject, *_ in chain.rows():
        if kind == CREATED and (message := by_id.get(subject)) and message.window.acked < inf:
            yield time, max(message.window.acked, first)


def unanswered(history: History) -> Iterator[Span]:
    """The times between two answered sends that lie more than a second apart, or further than chance puts them."""
    most = max(LATE, 8 / float(history.layout.get("rate") or 80))
    answered = sorted(call.ended for call in history.of("send") if call.is_done and call.is_by_web)
    until = history.drained.began if history.drained else inf
    for one, next_ in pairwise(answered):
        if next_ - one > most and one < until and next_ - one - history.own_lag(one, next_) > most:
            yield one, next_


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same times, in order, with those that meet made one."""
    found: list[Span] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return found


def by_kind(found: Iterable[Recovery]) -> list[Summary]:
    return _summaries([(one.fault.kind, one) for one in found])


def by_group(found: Iterable[Recovery]) -> list[Summary]:
    """Of those that have a limit."""
    return _summaries([(one.fault.group, one) for one in found if one.fault.group in LIMITS])


def _summaries(named: list[tuple[str, Recovery]]) -> list[Summary]:
    groups: dict[str, list[Recovery]] = {}
    for name, recovery in named:
        groups.setdefault(name, []).append(recovery)
    return sorted((_summary(name, groups[name]) for name in groups), key=_place)


def _place(summary: Summary) -> tuple[int, str, str]:
    """Those with a limit first, in the order of the limits' table."""
    limited = list(LIMITS)
    return limited.index(summary.group) if summary.group in limited else len(limited), summary.group, summary.name


def _summary(name: str, found: list[Recovery]) -> Summary:
    seconds = [one.seconds for one in found if not one.shared]
    return Summary(
        name,
        found[0].fault.group,
        injected=len(found),
        measured=len(seconds),
        p50=percentile(seconds, 50),
        p99=percentile(seconds, 99),
        most=max(seconds, default=0.0),
    )
