"""What people tried to write, edit and delete, and when each of these may have been carried out."""

from collections.abc import Iterable
from math import inf
from typing import NamedTuple

from tests.faults.checker.calls import Call
from tests.faults.checker.chain import CREATED, DELETED
from tests.faults.checker.faults import Faults
from tests.faults.checker.final import Final, Stored


class Window(NamedTuple):
    """It was carried out at some time from `began` to `latest`, and before `acked` if that is finite."""

    began: float
    acked: float
    latest: float

    def joined(self, other: "Window") -> "Window":
        return Window(min(self.began, other.began), min(self.acked, other.acked), max(self.latest, other.latest))


class Sending:
    """All calls that sent one message: its twins, each with its tries. `latest` ends with the first acknowledgement."""

    __slots__ = ("calls", "ids", "window")

    def __init__(self, call: Call, faults: Faults) -> None:
        self.calls = [call]
        self.window = window_of(call, faults)
        self.ids = {call.message.id} if call.message else set[int]()

    def add(self, call: Call, faults: Faults) -> None:
        self.calls.append(call)
        self.window = self.window.joined(window_of(call, faults))
        if call.message:
            self.ids.add(call.message.id)

    @property
    def latest(self) -> float:
        return min(self.window.acked, self.window.latest)

    @property
    def sendings(self) -> int:
        """How many times it was sent in all."""
        return sum(max(1, len(call.tries)) for call in self.calls)


class Message(NamedTuple):
    """`content` is what was sent, whatever became of it; `window` that of its sending."""

    id: int
    chat: int
    seq: int
    sender: int
    content: int
    window: Window


class Edits(NamedTuple):
    """All edits of one message to one text: `least` and `most` of them have been carried out."""

    message_id: int
    chat: int
    content: int
    window: Window
    least: int
    most: int


class Deletion(NamedTuple):
    message_id: int
    chat: int
    window: Window


def window_of(call: Call, faults: Faults) -> Window:
    return Window(call.began, call.ended if call.is_done else inf, call.latest(faults))


class Messages:
    """`by_id` has what was answered or stands in history; `edits` by message and text; `deletions` by message."""

    def __init__(self, calls: Iterable[Call], final: Final, faults: Faults) -> None:
        self.sendings: dict[tuple[int, int, str | int], Sending] = {}
        self.edits: dict[int, dict[int, Edits]] = {}
        self.deletions: dict[int, Deletion] = {}
        self._by_text: dict[tuple[int, int, int], Sending] = {}
        for call in calls:
            if call.op == "send":
                self._sent(call, faults)
            elif call.op == "edit" and call.may_have_acted:
                self._edited(call, faults)
            elif call.op == "delete" and call.may_have_acted:
                self._deleted(call, faults)
        self.by_id: dict[int, Message] = {}
        self._join(final)

    def sending_of(self, row: Stored) -> Sending | None:
        """Which send made this message; a `client_id` that got lost on the way does not hide it."""
        if row.client_id is not None:
            return self.sendings.get((row.sender, row.chat, row.client_id))
        return self._by_text.get((row.sender, row.chat, row.content))

    def window(self, kind: int, subject: int, content: int) -> Window | None:
        """When that was done of which a message's event tells; None if that cannot be told."""
        if kind == CREATED:
            message = self.by_id.get(subject)
            return message.window if message else None
        if kind == DELETED:
            deletion = self.deletions.get(subject)
            return deletion.window if deletion else None
        edits = self.edits.get(subject, {}).get(content)
        return edits.window if edits else None

    def _sent(self, call: Call, faults: Faults) -> None:
        key = (call.by, call.chat, call.content if call.client_id is None else call.client_id)
        if sending := self.sendings.get(key):
            sending.add(call, faults)
        else:
            self.sendings[key] = self._by_text[call.by, call.chat, call.content] = Sending(call, faults)

    def _edited(self, call: Call, faults: Faults) -> None:
        mine, window, id_ = self.edits.setdefault(call.more["message_id"], {}), window_of(call, faults), call.content
        if call.may_have_acted > 1:
            # Each of several tries is an event of its own, and may come behind the one that was answered.
            window = window._replace(acked=inf)
        new = Edits(call.more["message_id"], call.chat, id_, window, int(call.is_done), call.may_have_acted)
        if old := mine.get(id_):
            both = old.window.joined(window)._replace(acked=inf)
            new = new._replace(window=both, least=old.least + new.least, most=old.most + new.most)
        mine[id_] = new

    def _deleted(self, call: Call, faults: Faults) -> None:
        id_, window = call.more["message_id"], window_of(call, faults)
        old = self.deletions.get(id_)
        self.deletions[id_] = Deletion(id_, call.chat, old.window.joined(window) if old else window)

    def _join(self, final: Final) -> None:
        """History goes before answers: where they differ is an acknowledgement's concern."""
        for row in final:
            if made := self.sending_of(row):
                self._know(row.id, row.chat, row.seq, row.sender, made)
        for sending in self.sendings.values():
            for call in sending.calls:
                if call.message:
                    self._know(call.message.id, call.chat, call.message.seq, call.by, sending)

    def _know(self, id_: int, chat: int, seq: int, sender: int, sending: Sending) -> None:
        acked = sending.window.acked if id_ in sending.ids else inf
        window = Window(sending.window.began, acked, sending.latest)
        self.by_id.setdefault(id_, Message(id_, chat, seq, sender, sending.calls[0].content, window))
