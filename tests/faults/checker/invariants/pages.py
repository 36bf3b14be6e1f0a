"""13a: whatever page of history was read during the run agrees with the history at its end, and has no holes."""

from itertools import pairwise

from tests.faults.checker.calls import Call
from tests.faults.checker.history import History
from tests.faults.checker.verdict import Tally


def pages(history: History) -> Tally:
    """Counted are the messages on all pages."""
    tally = Tally("13a pages of history agree with its end")
    seqs = {row.id: (row.chat, row.seq) for row in history.final}
    for call in history.of("history"):
        if call.is_done:
            _check(tally, seqs, call)
    return tally


def _check(tally: Tally, seqs: dict[int, tuple[int, int]], call: Call) -> None:
    page = call.more.get("messages") or []
    tally.checked += len(page)
    for id_, seq in page:
        if seqs.get(id_) != (call.chat, seq):
            tally.broken(call.ended, "a page of chat {} had message {} at seq {}, at the end {}", call.chat, id_, seq,
                         seqs.get(id_))  # fmt: skip
    for (_, one), (_, next_) in pairwise(page):
        if next_ != one + 1:
            tally.broken(call.ended, "a page of chat {} had seq {} behind {}", call.chat, next_, one)
