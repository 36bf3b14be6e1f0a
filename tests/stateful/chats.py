"""Chats and who is in them, in the model."""

from tests.stateful.audience import Chat, Span, Workspace
from tests.stateful.workspaces import RANKS, Make, Workspaces


class Chats(Workspaces):
    def make_chat(self, who: int, workspace: Workspace, type: str, name: str | None, others: set[int]) -> int | Make:
        """The id of the single that stands, or what makes the chat."""
        role = self.role(who, workspace)
        if role in (None, "guest"):
            return 403 if role else 404
        if (type == "single" and (len(others) != 1 or who in others)) or (type == "group" and not others - {who}):
            return 422
        people = others | {who}
        if not people <= set(workspace.roles):
            return 422
        apart = [other for other in others if self.are_apart(who, other)]
        if apart:
            return 403 if type == "single" else 422
        if type == "single" and (standing := self._single(workspace, people)):
            self._begin(standing, who, people - set(standing.roles), "member")
            return 200
        if type.endswith("channel") and self._is_taken(workspace, name):
            return 409

        def make(id: int) -> None:
            self.chats.append(chat := Chat(id, workspace, type, name))
            chat.roles = dict.fromkeys(sorted(people), "member")
            if type != "single":
                chat.roles[who] = "owner"
            chat.reads, chat.spans = dict.fromkeys(people, 0), {person: Span() for person in people}
            says = {"type": "chat.created", "chat_id": id, "actor_id": who, "chat": chat.shape()}
            for person in sorted(people):
                self.audience.tell(chat, "user", says, to=person)
            if type == "public_channel":
                self.audience.announce(chat, says)

        return make

    def _single(self, workspace: Workspace, people: set[int]) -> Chat | None:
        singles = (c for c in self.chats if c.workspace is workspace and c.type == "single")
        return next((chat for chat in singles if set(chat.reads) == people), None)

    def _is_taken(self, workspace: Workspace, name: str | None) -> bool:
        channels = (c for c in self.chats if c.workspace is workspace and c.type.endswith("channel"))
        return any(chat.name == name and not chat.is_deleted for chat in channels)

    def add_members(self, who: int, chat: Chat, others: set[int]) -> int:
        may = who in chat.roles and (chat.type in ("group", "public_channel") or self.rules(who, chat))
        if refusal := self.refusal(who, chat, may):
            return refusal
        if not others <= set(chat.workspace.roles):
            return 422
        new = others - set(chat.roles)
        if any(self.are_apart(who, other) for other in new):
            return 422
        self._begin(chat, who, new, "member")
        return 201

    def join(self, who: int, chat: Chat) -> int:
        if refusal := self.refusal(who, chat, chat.type == "public_channel"):
            return refusal
        if who not in chat.roles:
            self._begin(chat, who, {who}, "member" if chat.roles else "owner")
        return 200

    def leave(self, who: int, chat: Chat) -> int:
        if refusal := self.refusal(who, chat, who in chat.roles and chat.type != "single"):
            return refusal
        if chat.type.endswith("channel") and chat.roles[who] == "owner" and self._owners(chat.roles) == 1:
            return 409
        self._tell_parting(chat, who, who, self._part(chat, who))
        return 204

    def remove(self, who: int, chat: Chat, other: int) -> int:
        if who == other:
            return self.leave(who, chat)
        may = chat.type == "group" and chat.roles.get(who) == "owner"
        may = may or (self.rules(who, chat) and chat.roles.get(other) != "owner")
        if refusal := self.refusal(who, chat, may):
            return refusal
        if other not in chat.roles:
            return 404
        self._tell_parting(chat, who, other, self._part(chat, other))
        return 204

    def change_role(self, who: int, chat: Chat, other: int, role: str) -> int:
        mine = chat.roles.get(who)
        may = mine is not None and (mine == "owner" or (who == other and RANKS[role] <= RANKS[mine]))
        if refusal := self.refusal(who, chat, may and chat.type != "single"):
            return refusal
        if other not in chat.roles:
            return 404
        if role != chat.roles[other]:
            if chat.roles[other] == "owner" and self._owners(chat.roles) == 1:
                return 409
            chat.roles[other] = role
            self._tell_chat_member(chat, "updated", who, other, role)
        return 200
