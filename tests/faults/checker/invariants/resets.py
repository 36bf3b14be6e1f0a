"""8: `reset` comes if and only if the cursor that was given lies below the tail of what is kept."""

from tests.faults.checker.chain import OPEN, READY, RESET, Chain
from tests.faults.checker.faults import Fault
from tests.faults.checker.history import History
from tests.faults.checker.places import NO_ID
from tests.faults.checker.verdict import Tally


def resets(history: History) -> Tally:
    """Counted are the streams that were resumed, whichever way."""
    tally, trims = Tally("8 reset only below the tail"), history.faults.trims()
    for chain in history.chains.values():
        _check(history, tally, chain, trims)
    return tally


def _check(history: History, tally: Tally, chain: Chain, trims: list[Fault]) -> None:
    given, opened = NO_ID, 0.0
    for time, kind, _, id_, *_ in chain.rows():
        if kind == OPEN:
            given, opened = id_, time
        elif kind == READY and given != NO_ID and id_ != NO_ID:
            tally.checked += 1
            # In force before the stream was asked for: it must have been told.
            if trim := _below(history, given, [trim for trim in trims if trim.healed <= opened]):
                text = "chain {} (person {}) was not reset, though {} lies below the tail {} of trim #{}"
                tally.broken(time, text, chain.number, chain.user, history.places.text(given), trim.tail, trim.n)
        elif kind == RESET:
            tally.checked += 1
            if not _is_right(history, given, [trim for trim in trims if trim.began <= time], time):
                text = "chain {} (person {}) was reset, though {} lies below no tail"
                tally.broken(time, text, chain.number, chain.user, history.places.text(given))


def _is_right(history: History, given: int, trims: list[Fault], time: float) -> bool:
    if given in history.places.foreign:
        return True
    return given != NO_ID and bool(_below(history, given, trims) or _below_a_broken_trim(history, given, time))


def _below(history: History, given: int, trims: list[Fault]) -> Fault | None:
    """The trim whose tail is above a place of this cursor."""
    stood = {step.workspace: step.position for step in history.places.steps(given)}
    return next((trim for trim in trims if stood.get(trim.workspace_id, trim.tail) < trim.tail), None)


def _below_a_broken_trim(history: History, given: int, time: float) -> bool:
    """One that has failed may have moved a tail all the same: up to where it stands in the end."""
    broken = any(trim.began <= time for trim in history.faults.broken_trims())
    return broken and any(
        step.position < history.final.tails.get(step.workspace, 0) for step in history.places.steps(given)
    )
