"""Judges a run by all invariants."""

from collections.abc import Callable
from pathlib import Path

from tests.faults.checker.history import History, load
from tests.faults.checker.invariants.acknowledged import acknowledged
from tests.faults.checker.invariants.away import posts_with_redis_away, streams_with_workers_away
from tests.faults.checker.invariants.chain_changes import chain_changes
from tests.faults.checker.invariants.chain_cursors import chain_cursors
from tests.faults.checker.invariants.chain_ends import chain_ends
from tests.faults.checker.invariants.chain_order import chain_order
from tests.faults.checker.invariants.completeness import completeness
from tests.faults.checker.invariants.density import density
from tests.faults.checker.invariants.lists import lists
from tests.faults.checker.invariants.nothing_unsent import nothing_unsent
from tests.faults.checker.invariants.outside import outside
from tests.faults.checker.invariants.pages import pages
from tests.faults.checker.invariants.precedence import precedence
from tests.faults.checker.invariants.removals import removals
from tests.faults.checker.invariants.repeats import repeats
from tests.faults.checker.invariants.resets import resets
from tests.faults.checker.invariants.signouts import signouts
from tests.faults.checker.invariants.silence import silence
from tests.faults.checker.invariants.statuses import statuses
from tests.faults.checker.verdict import Tally, Verdict

INVARIANTS: tuple[Callable[[History], Tally], ...] = (
    acknowledged,
    nothing_unsent,
    density,
    chain_order,
    chain_ends,
    chain_changes,
    chain_cursors,
    precedence,
    outside,
    removals,
    signouts,
    resets,
    repeats,
    statuses,
    silence,
    completeness,
    pages,
    lists,
    posts_with_redis_away,
    streams_with_workers_away,
)


def judge(run_folder: Path) -> list[Verdict]:
    """One verdict for each invariant. Raises ValueError for a history that cannot be read."""
    history = load(Path(run_folder))
    return [invariant(history).verdict(history) for invariant in INVARIANTS]
