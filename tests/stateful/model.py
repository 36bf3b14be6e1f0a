"""The product in small: what each call must answer, and tell whom. Written from the contract, not from the code.

Each method takes who asks and returns the status; what succeeds has happened by then. New things get their ids later.
"""

from typing import Any

from tests.stateful.audience import Chat, Message
from tests.stateful.chats import Chats
from tests.stateful.workspaces import Make


class Model(Chats):
    """Workspaces, chats, and what is said in them."""

    def post(self, who: int, chat: Chat, text: str, reply_to: Message | None) -> int | Make:
        if refusal := self.refusal(who, chat, who in chat.roles) or self._closed(who, chat):
            return refusal
        if reply_to and reply_to.chat is not chat:
            return 422

        def make(id: int) -> None:
            message = Message(id, chat, len(chat.said) + 1, who, text)
            chat.said.append(message)
            self.messages.append(message)
            chat.reads[who] = message.seq
            self._tell_message("created", who, message)

        return make

    def _closed(self, who: int, chat: Chat) -> int | None:
        """Where somebody who may read writes nothing."""
        if chat.type == "single":
            return 403 if self.are_apart(*chat.reads) else None
        may = self.rules(who, chat)
        may = may or (chat.type == "public_channel" and chat.workspace.roles.get(who) in ("owner", "admin"))
        return 403 if chat.read_only and not may else None

    def _tell_message(self, what: str, actor: int, message: Message) -> None:
        facts = {"id": message.id, "seq": message.seq, "sender_id": message.sender}
        says = {"type": f"message.{what}", "chat_id": message.chat.id, "actor_id": actor, "message": facts}
        self.audience.tell(message.chat, "chat", says, message=message, text=message.content)

    def edit(self, who: int, message: Message, text: str) -> int:
        may = who in message.chat.roles and who == message.sender
        if refusal := self.refusal(who, message.chat, may) or self._closed(who, message.chat):
            return refusal
        if message.is_deleted:
            return 409
        message.content = text
        self._tell_message("updated", who, message)
        return 200

    def delete_message(self, who: int, message: Message) -> int:
        chat = message.chat
        may = who in chat.roles and who == message.sender
        may = may or self.rules(who, chat) or (chat.type == "group" and chat.roles.get(who) == "owner")
        may = may or (chat.type == "public_channel" and chat.workspace.roles.get(who) in ("owner", "admin"))
        if refusal := self.refusal(who, chat, may):
            return refusal
        if not message.is_deleted:
            message.content = None
            self._tell_message("deleted", who, message)
        return 204

    def read(self, who: int, chat: Chat, seq: int) -> int:
        if refusal := self.refusal(who, chat, who in chat.roles):
            return refusal
        seq = min(seq, len(chat.said))
        if seq > chat.reads[who]:
            chat.reads[who] = seq
            says = {"type": "read.updated", "chat_id": chat.id, "actor_id": who, "last_read_seq": seq}
            self.audience.tell(chat, "user", says, to=who)
        return 200

    def rename(self, who: int, chat: Chat, name: str) -> int:
        may = self.rules(who, chat) or (chat.type == "group" and who in chat.roles)
        if refusal := self.refusal(who, chat, may):
            return refusal
        if name != chat.name:
            if chat.type.endswith("channel") and self._is_taken(chat.workspace, name):
                return 409
            chat.name = name
            says = {"type": "chat.updated", "chat_id": chat.id, "actor_id": who, "chat": chat.shape()}
            self.audience.tell(chat, self._hearers(chat), says)
        return 200

    def set_read_only(self, who: int, chat: Chat, read_only: bool) -> int:
        may = self.rules(who, chat) or (chat.type == "group" and who in chat.roles)
        if refusal := self.refusal(who, chat, may):
            return refusal
        if chat.type == "group":
            return 422
        if read_only != chat.read_only:
            chat.read_only = read_only
            says = {"type": "chat.updated", "chat_id": chat.id, "actor_id": who, "chat": chat.shape()}
            self.audience.tell(chat, self._hearers(chat), says)
        return 200

    def delete_chat(self, who: int, chat: Chat) -> int:
        may = chat.roles.get(who) == "owner" and chat.type != "single"
        may = may or (chat.type == "public_channel" and chat.workspace.roles.get(who) == "owner")
        if refusal := self.refusal(who, chat, may):
            return refusal
        says = {"type": "chat.deleted", "chat_id": chat.id, "actor_id": who, "chat": chat.shape()}
        self.audience.tell(chat, self._hearers(chat), says, ends=list(chat.spans))
        chat.is_deleted = True
        for span in chat.spans.values():
            span.is_open = False
        chat.spans.clear()
        return 204

    @staticmethod
    def _hearers(chat: Chat) -> str:
        return "public" if chat.type == "public_channel" else "chat"

    # --- what is shown ---

    def listed(self, who: int) -> dict[int, dict[str, Any]]:
        """One's own chats, by id."""
        return {
            chat.id: {
                **chat.shape(),
                "role": chat.roles[who],
                "last_read_seq": chat.reads[who],
                "unread_count": len(chat.said) - chat.reads[who],
                "last_message": chat.said[-1].content if chat.said else None,
            }
            for chat in self.chats
            if who in chat.roles and self.sees(who, chat)
        }

    def away(self, who: int) -> None:
        self.audience.ears[who].go_away(w.id for w in self.workspaces if who in w.own)

    def back(self, who: int) -> None:
        self.audience.ears[who].come_back({w.id: w.own[who] for w in self.workspaces if who in w.own})
