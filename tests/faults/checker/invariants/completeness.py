"""12: after the last fault every stream is complete in time: the drain ends, and no chain is late."""

from tests.faults.checker.history import History
from tests.faults.checker.verdict import Tally


def completeness(history: History) -> Tally:
    """Counted are the chains that lived then."""
    tally, drained = Tally("12 everything is complete after the last fault"), history.drained
    if drained is None:
        tally.broken(history.end, "the workload never drained")
        return tally
    tally.checked = sum(1 for chain in history.chains.values() if chain.last >= drained.began)
    for late in drained.more.get("late") or ():
        seconds = drained.ended - drained.began
        text = "chain {} had not seen the last message of each chat, {:.1f} s after the end of all faults"
        tally.broken(drained.ended, text, late, seconds)
    return tally
