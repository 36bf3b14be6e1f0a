"""Messages: sending them, some twice at once, and editing and deleting one's own."""

from collections import deque
from typing import NamedTuple

from gevent.pool import Pool

from tests.faults.workload.chats import REFUSED, Chat, message_of
from tests.faults.workload.people import Person
from tests.faults.workload.run import Run
from tests.faults.workload.texts import text
from tests.faults.workload.web import Request

HOT, TWINS, EDITS, DELETES = 0.12, 0.03, 0.05, 0.02
"""Shares of the sends."""

MOST_AT_ONCE = 200
"""Operations under way. While web is away nothing more is begun, as people would not."""


class Own(NamedTuple):
    """A message that its sender may still edit or delete; no other operation on it is under way."""

    chat: Chat
    sender: Person
    id: int


class Sending:
    """The first chat is the hot one."""

    def __init__(self, run: Run, chats: list[Chat]) -> None:
        self.run, self.chats, self.rng = run, chats, run.rng("sending")
        self.pool = Pool(MOST_AT_ONCE)
        self.own: deque[Own] = deque(maxlen=300)

    def next(self) -> None:
        """Begins one send, and now and then a change of an earlier one."""
        chat = self.chats[0] if self.rng.random() < HOT else self.rng.choice(self.chats[1:])
        self.begin(chat, self.rng.choice(chat.members), 2 if self.rng.random() < TWINS else 1)
        kind = self.rng.random()
        if kind < EDITS + DELETES and self.own:
            own = self.own[self.rng.randrange(len(self.own))]
            self.own.remove(own)
            if kind < EDITS:
                self.run.spawn(self.pool, self.edit, own, self._text("e", next(self.run.numbers)))
            else:
                self.run.spawn(self.pool, self.delete, own)

    def begin(self, chat: Chat, sender: Person, times: int = 1, refusals: frozenset[int] = frozenset()) -> None:
        number = next(self.run.numbers)
        content = self._text("m", number)
        for _ in range(times):
            self.run.spawn(self.pool, self.send, chat, sender, content, f"{self.run.layout.seed}-{number}", refusals)

    def _text(self, kind: str, number: int) -> str:
        return text(self.run.rng(f"text {number}"), f"{kind}-{number}")

    def send_refused(self, chat: Chat, sender: Person) -> None:
        """By one who may be out of the chat by now."""
        self.begin(chat, sender, refusals=REFUSED)

    def send(
        self, chat: Chat, sender: Person, content: str, client_id: str, refusals: frozenset[int] = frozenset()
    ) -> dict[str, object] | None:
        """The message as it was answered, if it was."""
        request = Request("POST", f"/api/chats/{chat.id}/messages", {"content": content, "client_id": client_id})
        operation = sender.carry_out(
            self.run, "send", request, {200, 201, *chat.refusals, *refusals},
            chat=chat.id, client_id=client_id, content=content,
        )  # fmt: skip
        message = message_of(operation.fields)
        operation.log(message=message)
        if message and operation.status == 201:
            self.own.append(Own(chat, sender, message["id"]))
        return message

    def edit(self, own: Own, content: str) -> None:
        """Not to be changed again if it is unclear whether this edit is yet to come: it would undo the later one."""
        request = Request("PATCH", f"/api/messages/{own.id}", {"content": content})
        operation = own.sender.carry_out(
            self.run, "edit", request, {200, *own.chat.refusals},
            chat=own.chat.id, message_id=own.id, content=content,
        )  # fmt: skip
        operation.log()
        if operation.is_clear:
            self.own.append(own)

    def delete(self, own: Own) -> None:
        request = Request("DELETE", f"/api/messages/{own.id}")
        operation = own.sender.carry_out(
            self.run, "delete", request, {204, *own.chat.refusals}, chat=own.chat.id, message_id=own.id
        )
        operation.log()
