"""5: what was acknowledged before something else of the same workspace was begun comes before it on every chain."""

from math import inf

from tests.faults.checker.chain import CREATED, DELETED, KINDS
from tests.faults.checker.history import History
from tests.faults.checker.verdict import Tally

Latest = tuple[float, int, int]
"""Of all that a chain has seen of a workspace, what was begun last: when, the kind of event, the message."""

NOTHING: Latest = (-inf, 0, 0)


def precedence(history: History) -> Tally:
    """Chats whose workspace cannot be told are ordered each by itself."""
    tally = Tally("5 what was answered first comes first")
    window_of, workspaces = history.messages.window, history.workspaces
    for chain in history.chains.values():
        latest: dict[int, Latest] = {}
        for time, kind, _, _, chat, subject, _, content, _ in chain.rows():
            if not CREATED <= kind <= DELETED:
                continue
            window = window_of(kind, subject, content)
            if window is None:
                continue
            tally.checked += 1
            place = workspaces.get(chat, -chat)
            before = latest.get(place, NOTHING)
            if window.acked < before[0]:
                text = "chain {} got {} of {} (answered {}) behind {} of {}, which was begun {}"
                acked, began = history.when(window.acked), history.when(before[0])
                tally.broken(time, text, chain.number, KINDS[kind], subject, acked, KINDS[before[1]], before[2], began)
            if window.began > before[0]:
                latest[place] = (window.began, kind, subject)
    return tally
