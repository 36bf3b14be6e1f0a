"""1: what was answered with 201 is in history once, at its seq, to the byte, and as it was edited or deleted since."""

from collections.abc import Iterator

from tests.faults.checker.calls import NO_TEXT, Call
from tests.faults.checker.final import Stored
from tests.faults.checker.history import History
from tests.faults.checker.messages import Deletion
from tests.faults.checker.verdict import Tally

SEND = "message {} of chat {} (client_id {!r}, answered {} with seq {}) "


def acknowledged(history: History) -> Tally:
    tally = Tally("1 acknowledged messages are in history")
    for call in history.of("send"):
        if call.is_done:
            tally.checked += 1
            for text, values in _faults_of(history, call):
                tally.broken(call.ended, text, *values)
    for call in history.of("edit", "delete"):
        if call.is_done:
            tally.checked += 1
            _check_change(history, tally, call)
    return tally


def _faults_of(history: History, call: Call) -> Iterator[tuple[str, tuple[object, ...]]]:
    told = call.message
    if told is None:
        yield (
            "a send of client_id {!r} into chat {} was answered {} without a message",
            (
                call.client_id,
                call.chat,
                call.status,
            ),
        )
        return
    named = (told.id, call.chat, call.client_id, call.status, told.seq)
    rows = history.final.by_id.get(told.id, [])
    if len(rows) != 1:
        yield SEND + "is in history {} times", (*named, len(rows))
        return
    row = rows[0]
    wants = (call.chat, told.seq, told.created_at, call.by, call.client_id)
    has = (row.chat, row.seq, row.created_at, row.sender, row.client_id)
    if wants != has:
        yield SEND + "has in history chat, seq, created_at, sender, client_id {} and not {}", (*named, has, wants)
    if not _may_say(history, call, told.content):
        yield SEND + "was answered with other text: {}", (*named, history.texts.shown(told.content))
    if not _may_stand(history, row, call.content):
        yield SEND + "has other text in history: {}", (*named, history.texts.shown(row.content))


def _may_say(history: History, call: Call, content: int) -> bool:
    """A 201 says what was sent; a repeat may meet the message as it has become."""
    if content == call.content or call.message is None:
        return content == call.content
    if call.status == 201:
        return False
    id_ = call.message.id
    return content in history.messages.edits.get(id_, {}) or (content == NO_TEXT and id_ in history.messages.deletions)


def _may_stand(history: History, row: Stored, sent: int) -> bool:
    edits, deletion = history.messages.edits.get(row.id, {}), history.messages.deletions.get(row.id)
    if row.content == NO_TEXT or row.deleted_at:
        return row.content == NO_TEXT and bool(row.deleted_at) and deletion is not None
    if row.content == sent:
        return row.edited_at is None or sent in edits
    return row.content in edits and row.edited_at is not None


def _check_change(history: History, tally: Tally, call: Call) -> None:
    """That it has not been undone. Text that nobody sent is the send's to find."""
    id_ = call.more["message_id"]
    deletion: Deletion | None = history.messages.deletions.get(id_)
    rows = history.final.by_id.get(id_, [])
    if not rows:
        tally.broken(call.ended, "message {}, whose {} was answered {}, is not in history", id_, call.op, call.status)
        return
    if call.op == "delete":
        if not rows[0].deleted_at or rows[0].content != NO_TEXT:
            tally.broken(call.ended, "the deletion of message {} was answered, but in history it has its text", id_)
    elif not (rows[0].content == call.content or (deletion and rows[0].deleted_at)):
        edits = history.messages.edits[id_].get(rows[0].content)
        if edits is None or edits.window.latest < call.began:
            at, shown = call.ended, history.texts.shown(rows[0].content)
            tally.broken(at, "the edit of message {} was answered, but history has the text before: {}", id_, shown)
