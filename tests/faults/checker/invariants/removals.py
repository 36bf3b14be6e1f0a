"""7a: once a removal is answered, nothing that is sent later reaches the removed person, until it is let in again."""

from bisect import bisect_left

from tests.faults.checker.chain import CREATED, DELETED, KINDS, Chain
from tests.faults.checker.history import History
from tests.faults.checker.verdict import Tally


def removals(history: History) -> Tally:
    """Counted is what could have leaked: each message of a chat while a person that has streams was out of it."""
    tally = Tally("7a nothing from behind a removal")
    tally.checked = _chances(history)
    for chain in history.chains.values():
        _check(history, tally, chain)
    return tally


def _chances(history: History) -> int:
    began: dict[int, list[float]] = {}
    for message in history.messages.by_id.values():
        began.setdefault(message.chat, []).append(message.window.began)
    for times in began.values():
        times.sort()
    people = {chain.user for chain in history.chains.values()}
    return sum(
        bisect_left(times, absence.end) - bisect_left(times, absence.begin)
        for (user, chat), absences in history.memberships.absences.items()
        for absence in absences
        if absence.removed and user in people and (times := began.get(chat, []))
    )


def _check(history: History, tally: Tally, chain: Chain) -> None:
    memberships, window_of = history.memberships, history.messages.window
    for time, kind, _, _, chat, subject, _, content, _ in chain.rows():
        seat = (chain.user, chat)
        if not CREATED <= kind <= DELETED or len(memberships.absences.get(seat, ())) < 2:
            continue
        window = window_of(kind, subject, content)
        absence = memberships.absence(seat, window.began, window.latest) if window else None
        if window and absence and absence.removed:
            text = "chain {} (person {}) got {} of {} in chat {}, begun {}, though its removal was answered {}"
            began, removed = history.when(window.began), history.when(absence.begin)
            tally.broken(time, text, chain.number, chain.user, KINDS[kind], subject, chat, began, removed)
