"""2: nothing stands in history and nothing comes on a stream that nobody has sent, or tried to."""

from tests.faults.checker.calls import NO_TEXT
from tests.faults.checker.chain import ADDED, CREATED, DELETED, KINDS, REMOVED, UPDATED, Chain, Row
from tests.faults.checker.final import Stored
from tests.faults.checker.history import History
from tests.faults.checker.verdict import Tally


def nothing_unsent(history: History) -> Tally:
    tally = Tally("2 nothing appears that nobody sent")
    for row in history.final:
        tally.checked += 1
        if problem := _stored(history, row):
            text = "message {} (chat {}, seq {}) in history: " + problem
            tally.broken(history.final.time, text, row.id, row.chat, row.seq)
    for chain in history.chains.values():
        _check_chain(history, tally, chain)
    return tally


def _stored(history: History, row: Stored) -> str:
    """Empty if all is well. What becomes of an acknowledged text is looked at where acknowledgements are."""
    sending = history.messages.sending_of(row)
    if sending is None:
        return "nobody sent it"
    if row.id in sending.ids or row.content in {call.content for call in sending.calls}:
        return ""
    if row.content == NO_TEXT:
        return "" if row.id in history.messages.deletions else "nobody deleted it"
    return "" if row.content in history.messages.edits.get(row.id, {}) else "nobody sent this text"


def _check_chain(history: History, tally: Tally, chain: Chain) -> None:
    by_id = history.messages.by_id
    for row in chain.rows():
        time, kind, _, _, chat, subject, seq, content, extra = row
        if kind < CREATED:
            continue
        if kind == CREATED and (message := by_id.get(subject)):
            # Nearly all are like this, and there are millions.
            tally.checked += 1
            if message.content != content or message.seq != seq or message.chat != chat or message.window.began > time:
                _judge(history, tally, chain, Row(*row))
        elif extra >= 0:
            tally.broken(time, "chain {} got an unreadable {}", chain.number, KINDS[kind])
        elif kind in PROBLEMS:
            tally.checked += 1
            _judge(history, tally, chain, Row(*row))


def _judge(history: History, tally: Tally, chain: Chain, row: Row) -> None:
    if problem := PROBLEMS[row.kind](history, row):
        text = "chain {} got {} of {} in chat {} (seq {}, {}): " + problem
        shown = history.texts.shown(row.content)
        tally.broken(row.time, text, chain.number, KINDS[row.kind], row.subject, row.chat, row.seq, shown)


def _created(history: History, row: Row) -> str:
    message = history.messages.by_id.get(row.subject)
    if message is None or message.window.began > row.time:
        return "nobody sent this message"
    if (message.chat, message.seq) != (row.chat, row.seq):
        return f"it is seq {message.seq} of chat {message.chat}"
    return "" if row.content == message.content else _text(history, row, "nobody sent this text")


def _updated(history: History, row: Row) -> str:
    edits = history.messages.edits.get(row.subject, {}).get(row.content)
    if edits and edits.window.began <= row.time and edits.chat == row.chat:
        return ""
    return _text(history, row, "nobody edited it to that")


def _deleted(history: History, row: Row) -> str:
    return _text(history, row, "a deleted message has a text")


def _text(history: History, row: Row, otherwise: str) -> str:
    """Without text only if somebody has begun to delete it."""
    if row.content != NO_TEXT:
        return otherwise
    deletion = history.messages.deletions.get(row.subject)
    return "" if deletion and deletion.window.began <= row.time else "nobody deleted it"


def _added(history: History, row: Row) -> str:
    begun = history.memberships.begun.get((row.subject, row.chat), ())
    return "" if any(one.began <= row.time for one in begun) else "nobody let this person in"


def _removed(history: History, row: Row) -> str:
    ended = history.memberships.ended.get((row.subject, row.chat), ())
    return "" if any(one.began <= row.time for one in ended) else "nobody removed this person"


PROBLEMS = {CREATED: _created, UPDATED: _updated, DELETED: _deleted, ADDED: _added, REMOVED: _removed}
