"""11: an open stream is never silent for over 20 s, but for what its own process or link was kept from saying."""

from collections.abc import Iterable

from tests.faults.checker.chain import END, OPEN, QUIET, Chain, Row
from tests.faults.checker.faults import Fault
from tests.faults.checker.history import History
from tests.faults.checker.verdict import Tally

LONGEST = 20.0
TIMEOUT = 25.0
"""Seconds without a byte after which a reader gives a stream up."""

STILLING = frozenset({"process", "link", "clock", "other"})
"""Groups of faults that may keep a process or a link from saying anything."""

WIDER = 1.0
"""Seconds around a fault."""

Span = tuple[float, float]


def silence(history: History) -> Tally:
    """Counted are the streams that were opened."""
    tally = Tally("11 no open stream is silent over 20 s")
    for chain in history.chains.values():
        _check(history, tally, chain)
    return tally


def _check(history: History, tally: Tally, chain: Chain) -> None:
    notify, told = "", 0.0
    for row in chain.of(OPEN, QUIET, END):
        extra = chain.noted(row)
        if row.kind == OPEN:
            tally.checked += 1
            notify = extra.notify if extra else ""
        elif row.kind == QUIET:
            told = row.time
            _judge(history, tally, chain, row, notify, extra or 0.0)
        elif extra == "timeout" and row.time - told > WIDER:
            _judge(history, tally, chain, row, notify, TIMEOUT)


def _judge(history: History, tally: Tally, chain: Chain, row: Row, notify: str, seconds: float) -> None:
    span = (row.time - seconds, row.time)
    longest = longest_unexcused(span, _excuses(history, notify, *span)) - history.own_lag(*span)
    if longest > LONGEST:
        text = "chain {} heard nothing from {} for {:.1f} s, {:.1f} s of them by no fault of its own, on connection {}"
        tally.broken(row.time, text, chain.number, notify, seconds, longest, row.n)


def _excuses(history: History, notify: str, begin: float, end: float) -> Iterable[Fault]:
    """Faults of the stream's own process, or of the link to its clients."""
    about = history.faults.within(begin - WIDER, end + WIDER)
    return (fault for fault in about if fault.group in STILLING and fault.hits(notify, f"client-{notify}"))


def longest_unexcused(span: Span, faults: Iterable[Fault]) -> float:
    """The longest stretch of the span that no fault covers, in seconds."""
    at, end = span
    longest = 0.0
    for fault in sorted(faults, key=lambda fault: fault.began):
        longest = max(longest, min(end, fault.began - WIDER) - at)
        at = max(at, fault.healed + WIDER)
    return max(longest, end - at)
