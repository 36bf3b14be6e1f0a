"""3: in each chat seq is 1, 2, 3 … without a hole, created_at rises with it, and SQL counts as many."""

from itertools import pairwise

from tests.faults.checker.history import History
from tests.faults.checker.verdict import Tally


def density(history: History) -> Tally:
    tally, at = Tally("3 seq is dense and rises with time"), history.final.time
    for chat, rows in history.final.messages.items():
        tally.checked += len(rows)
        for place, row in enumerate(rows, 1):
            if row.seq != place:
                tally.broken(at, "chat {} has seq {} where {} should be (message {})", chat, row.seq, place, row.id)
                break
        for one, next_ in pairwise(rows):
            if not one.created_at < next_.created_at:
                text = "chat {}: seq {} is of {}, but the next, {}, of {}"
                tally.broken(at, text, chat, one.seq, one.created_at, next_.seq, next_.created_at)
        if (count := history.final.counts.get(chat)) != len(rows):
            tally.broken(at, "chat {} has {} messages by REST, by SQL {}", chat, len(rows), count)
    return tally
