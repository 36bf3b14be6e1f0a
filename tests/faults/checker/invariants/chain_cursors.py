"""4d: a chain's places only rise, each lasting event at one of its own, and a stream begins where it was asked to."""

from tests.faults.checker.chain import CREATED, ID, KINDS, LIST, OPEN, PASSING, READY, RESET, Chain
from tests.faults.checker.history import History
from tests.faults.checker.places import NO_ID, Flat
from tests.faults.checker.verdict import Tally


def chain_cursors(history: History) -> Tally:
    tally = Tally("4d cursors only rise, and no event comes twice")
    for chain in history.chains.values():
        _Walk(history, tally, chain).go()
    return tally


class _Walk:
    """`last` is the id that a careful client resumes from; `flat` its places."""

    def __init__(self, history: History, tally: Tally, chain: Chain) -> None:
        self.history, self.tally, self.chain = history, tally, chain
        self.places, self.workspaces = history.places, history.workspaces
        self.flat: Flat = ()
        self.last = self.given = NO_ID

    def go(self) -> None:
        for time, kind, _, id_, chat, _, _, _, extra in self.chain.rows():
            if kind >= CREATED:
                self._event(time, kind, id_, chat)
            elif kind == ID:
                self.tally.checked += 1
                self._move(time, kind, id_)
            elif kind == READY:
                self._ready(time, id_)
            elif kind == RESET:
                self._begin(id_)
            elif kind == OPEN:
                self._opened(time, id_)
            elif kind == LIST and self.last == NO_ID:
                self._begin(self.chain.extras[extra].cursor)

    def _begin(self, id_: int) -> None:
        self.last, self.flat = id_, self.places.flat(id_)

    def _opened(self, time: float, id_: int) -> None:
        self.given = id_
        if id_ != self.last:
            self._broken(time, "resumed from {}, but its last whole event was at {} (a bug of the rig)", id_, self.last)

    def _ready(self, time: float, id_: int) -> None:
        """Without an id a reset follows."""
        self.tally.checked += 1
        if id_ == NO_ID:
            return
        if NO_ID != self.given != id_:
            self._broken(time, "was told to be at {}, having asked for {}", id_, self.given)
        self._move(time, READY, id_)

    def _event(self, time: float, kind: int, id_: int, chat: int) -> None:
        if id_ == NO_ID:
            if KINDS[kind] not in PASSING:
                self._broken(time, "got a {} without an id (after {})", KINDS[kind], self.last)
            return
        self.tally.checked += 1
        flat = self.places.flat(id_)
        if not _has_risen(self.flat, flat, self.workspaces.get(chat)):
            self._broken(time, "got a {} at {}, where it was already ({})", KINDS[kind], id_, self.last)
        self._move(time, kind, id_)

    def _move(self, time: float, kind: int, id_: int) -> None:
        flat = self.places.flat(id_)
        if _falls(self.flat, flat):
            self._broken(time, "went back from {} to {} (by a {})", self.last, id_, KINDS[kind])
        self.last, self.flat = id_, flat

    def _broken(self, time: float, text: str, *values: object) -> None:
        shown = [self.places.text(value) if isinstance(value, int) else value for value in values]
        self.tally.broken(time, "chain {} (person {}) " + text, self.chain.number, self.chain.user, *shown)


def _falls(before: Flat, now: Flat) -> bool:
    """Whether any workspace's place goes back, or is of another epoch."""
    if len(before) == len(now) == 3 and before[0] == now[0]:
        return before[1] != now[1] or now[2] < before[2]
    stood, stands = _by_workspace(before), _by_workspace(now)
    return any(w in stands and (epoch != stands[w][0] or place > stands[w][1]) for w, (epoch, place) in stood.items())


def _has_risen(before: Flat, now: Flat, workspace: int | None) -> bool:
    """Whether the place of the event's own workspace is another one; of any, if that is not known."""
    if len(before) == len(now) == 3 or workspace is None:
        return before != now
    return _by_workspace(before).get(workspace) != _by_workspace(now).get(workspace)


def _by_workspace(flat: Flat) -> dict[int, tuple[int, int]]:
    return {flat[n]: (flat[n + 1], flat[n + 2]) for n in range(0, len(flat), 3)}
