"""Who was surely in a chat, or surely out of it, and from when to when, as far as the answers tell."""

from bisect import bisect_right
from collections.abc import Iterable
from math import inf
from typing import NamedTuple

from tests.faults.checker.calls import Call
from tests.faults.checker.faults import Faults
from tests.faults.checker.messages import Window, window_of

BEGINNING = frozenset({"add", "join", "member"})
ENDING = frozenset({"remove", "leave"})
Seat = tuple[int, int]
"""A person and a chat."""


class Absence(NamedTuple):
    """Surely out from `begin` to `end`. `removed`: by a removal, answered at `begin`; else not yet ever let in."""

    begin: float
    end: float
    removed: bool


ALWAYS = (Absence(-inf, inf, False),)


class Memberships:
    """`absences` by person and chat, in order, for everyone who was ever let in."""

    def __init__(self, calls: Iterable[Call], faults: Faults) -> None:
        self.begun: dict[Seat, list[Window]] = {}
        self.ended: dict[Seat, list[Window]] = {}
        for call in calls:
            kept = self.begun if call.op in BEGINNING else self.ended if call.op in ENDING else None
            if kept is not None and (call.may_have_acted or call.op == "member"):
                kept.setdefault((call.whom, call.chat), []).append(_window(call, faults))
        self.absences = {seat: _absences(windows, self.ended.get(seat, [])) for seat, windows in self.begun.items()}

    def absence(self, seat: Seat, begin: float, end: float) -> Absence | None:
        """The one that holds all the time from `begin` to `end`, if there is one."""
        absences = self.absences.get(seat, ALWAYS)
        index = bisect_right(absences, begin, key=lambda absence: absence.begin) - 1
        found = absences[index] if index >= 0 else None
        return found if found and end < found.end else None

    def is_surely_in(self, seat: Seat, begin: float, end: float) -> bool:
        """All the time from `begin` to `end`: let in before, and no removal since that may have been carried out."""
        let_in = [window.began for window in self.begun.get(seat, ()) if window.acked <= begin]
        last = max(let_in, default=inf)
        removals = self.ended.get(seat, ())
        return last <= begin and not any(one.latest >= last and one.began <= end for one in removals)


def _window(call: Call, faults: Faults) -> Window:
    """A line without a status tells who was in from the start."""
    if call.op == "member":
        return Window(call.began, call.ended, call.ended)
    return window_of(call, faults)


def _absences(begun: list[Window], ended: list[Window]) -> tuple[Absence, ...]:
    """Each removal that was answered begins one, if no addition can have come behind it, until the next is begun."""
    begun = sorted(begun)
    found = [Absence(-inf, begun[0].began, False)]
    for removal in sorted(ended, key=lambda window: window.acked):
        if removal.acked == inf:
            continue
        before = [one for one in begun if one.began <= removal.acked]
        if any(one.latest >= removal.began for one in before):
            continue
        after = (one.began for one in begun[len(before) :])
        absence = Absence(removal.acked, next(after, inf), True)
        if absence.end != found[-1].end:
            found.append(absence)
    return tuple(found)
