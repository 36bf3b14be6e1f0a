"""Who is in which workspace, in the model; and how memberships of chats end, since those of a workspace end them."""

from collections.abc import Callable, Collection
from typing import Any

from tests.stateful.audience import Audience, Chat, Message, Span, Workspace

RANKS = {"guest": 0, "member": 1, "admin": 2, "owner": 3}
Make = Callable[[int], None]
"""Takes the id of what was made."""


class Workspaces:
    def __init__(self, people: Collection[int]) -> None:
        self.people, self.audience = sorted(people), Audience(people)
        self.workspaces, self.chats, self.messages = list[Workspace](), list[Chat](), list[Message]()
        self.blocks = set[tuple[int, int]]()
        """Who has blocked whom."""

    # --- what may be seen ---

    def role(self, who: int, workspace: Workspace) -> str | None:
        return None if workspace.is_deleted else workspace.roles.get(who)

    def sees(self, who: int, chat: Chat) -> bool:
        if chat.is_deleted or chat.workspace.is_deleted:
            return False
        return who in chat.roles or (chat.type == "public_channel" and who in chat.workspace.public)

    def refusal(self, who: int, chat: Chat, may: bool) -> int | None:
        if not self.sees(who, chat):
            return 404
        return None if may else 403

    def rules(self, who: int, chat: Chat) -> bool:
        """Owner or admin of a channel."""
        return chat.type.endswith("channel") and chat.roles.get(who) in ("owner", "admin")

    # --- blocks ---

    def are_apart(self, one: int, other: int) -> bool:
        return bool({(one, other), (other, one)} & self.blocks)

    def block(self, who: int, other: int) -> int:
        if who == other:
            return 422
        if not any(self.role(who, place) and self.role(other, place) for place in self.workspaces):
            return 404
        status = 200 if (who, other) in self.blocks else 201
        self.blocks.add((who, other))
        return status

    def unblock(self, who: int, other: int) -> int:
        if (who, other) not in self.blocks:
            return 404
        self.blocks.remove((who, other))
        return 204

    # --- workspaces ---

    def make_workspace(self, who: int, name: str) -> Make:
        def make(id: int) -> None:
            self.workspaces.append(workspace := Workspace(id, name))
            self.enter(who, workspace, "owner")

        return make

    def enter(self, who: int, workspace: Workspace, role: str) -> int:
        """By an owner's invitation."""
        if who in workspace.suspended:
            return 404
        if self.role(who, workspace) is None:
            self._let_in(who, workspace, who, role)
        return 200

    def _let_in(self, actor: int, workspace: Workspace, who: int, role: str) -> None:
        span = workspace.own[who] = Span()
        workspace.roles[who] = role
        if role != "guest":
            workspace.public[who] = Span()
        self._tell_member(workspace, "added", actor, who, role, begins=span)

    def _tell_member(
        self, workspace: Workspace, what: str, actor: int, user: int, role: str | None, **more: Any
    ) -> None:
        says = {"type": f"workspace.member_{what}", "actor_id": actor, "user_id": user, "role": role}
        self.audience.tell(workspace, "workspace", says, to=user, **more)

    def change_workspace_role(self, who: int, workspace: Workspace, other: int, role: str) -> int:
        mine, theirs = self.role(who, workspace), self.role(other, workspace)
        if mine is None:
            return 404
        if theirs is None:
            return 404 if RANKS[mine] >= RANKS["admin"] else 403
        if who == other:
            may = RANKS[role] <= RANKS[mine]
        else:
            may = mine == "owner" and (theirs != "owner" or role == "owner")
            may = may or (mine == "admin" and max(RANKS[theirs], RANKS[role]) < RANKS["admin"])
        if not may:
            return 403
        if role != theirs:
            if theirs == "owner" and self._owners(workspace.roles) == 1:
                return 409
            workspace.roles[other] = role
            self._tell_member(workspace, "updated", who, other, role)
            if role == "guest":
                workspace.public.pop(other).is_open = False
            elif theirs == "guest":
                workspace.public[other] = Span()
        return 200

    def remove_from_workspace(self, who: int, workspace: Workspace, other: int) -> int:
        mine, theirs = self.role(who, workspace), self.role(other, workspace)
        if mine is None:
            return 404
        if theirs is None:
            return 404 if RANKS[mine] >= RANKS["admin"] else 403
        if who != other and not (RANKS[mine] >= RANKS["admin"] and RANKS[theirs] < RANKS[mine]):
            return 403
        if theirs == "owner" and self._owners(workspace.roles) == 1:
            return 409
        self._put_out(who, workspace, other)
        return 204

    def _put_out(self, actor: int, workspace: Workspace, other: int) -> dict[int, str]:
        """The roles that this one had in chats."""
        left = [c for c in self.chats if c.workspace is workspace and not c.is_deleted and other in c.roles]
        roles = {chat.id: chat.roles[other] for chat in left}
        heirs = {chat.id: self._part(chat, other) for chat in left}
        for chat in left:
            self._tell_parting(chat, actor, other, heirs[chat.id])
        del workspace.roles[other]
        workspace.left.add(other)
        self._tell_member(workspace, "removed", actor, other, None, ends=[other])
        for spans in (workspace.own, workspace.public):
            if other in spans:
                spans.pop(other).is_open = False
        return roles

    def suspend(self, who: int, workspace: Workspace, other: int) -> int:
        mine, theirs = self.role(who, workspace), self.role(other, workspace)
        if mine not in ("owner", "admin"):
            return 403 if mine else 404
        if other in workspace.suspended:
            return 200
        if theirs is None and other not in workspace.left:
            return 404
        if theirs and RANKS[theirs] >= RANKS[mine]:
            return 403
        workspace.suspended[other] = theirs, self._put_out(who, workspace, other) if theirs else {}
        return 201

    def unsuspend(self, who: int, workspace: Workspace, other: int) -> int:
        mine = self.role(who, workspace)
        if mine not in ("owner", "admin"):
            return 403 if mine else 404
        if other not in workspace.suspended:
            return 404
        role, chats = workspace.suspended[other]
        if role and RANKS[role] >= RANKS[mine]:
            return 403
        del workspace.suspended[other]
        if role:
            self._let_in(who, workspace, other, role)
            for chat in (c for c in self.chats if c.id in chats and c.type != "single" and not c.is_deleted):
                self._begin(chat, who, {other}, chats[chat.id] if chat.roles else "owner")
        return 204

    def _begin(self, chat: Chat, actor: int, people: set[int], role: str) -> None:
        for person in sorted(people):
            chat.roles[person], chat.reads[person] = role, len(chat.said)
        shape, facts = chat.shape(), {"chat_id": chat.id, "actor_id": actor}
        for person in sorted(people):
            chat.spans[person] = Span()
            self.audience.tell(chat, "user", facts | {"type": "chat.created", "chat": shape}, to=person)
            self._tell_chat_member(chat, "added", actor, person, role)

    @staticmethod
    def _owners(roles: dict[int, str]) -> int:
        return sum(role == "owner" for role in roles.values())

    def rename_workspace(self, who: int, workspace: Workspace, name: str) -> int:
        role = self.role(who, workspace)
        if role not in ("owner", "admin"):
            return 403 if role else 404
        if name != workspace.name:
            workspace.name = name
            says = {"type": "workspace.updated", "actor_id": who, "workspace": workspace.shape()}
            self.audience.tell(workspace, "workspace", says)
        return 200

    def delete_workspace(self, who: int, workspace: Workspace) -> int:
        role = self.role(who, workspace)
        if role != "owner":
            return 403 if role else 404
        says = {"type": "workspace.deleted", "actor_id": who, "workspace": workspace.shape()}
        self.audience.tell(workspace, "workspace", says, ends=list(workspace.roles))
        workspace.is_deleted = True
        chats = [chat.spans for chat in self.chats if chat.workspace is workspace]
        for span in (span for spans in (workspace.own, workspace.public, *chats) for span in spans.values()):
            span.is_open = False
        for spans in (workspace.own, workspace.public, *chats):
            spans.clear()
        return 204

    def _part(self, chat: Chat, person: int) -> int | None:
        """Who inherits the chat, if anyone has to."""
        role, heir = chat.roles.pop(person), None
        if role == "owner" and chat.roles and not self._owners(chat.roles):
            heir = next((p for p, r in chat.roles.items() if r == "admin"), next(iter(chat.roles)))
            chat.roles[heir] = "owner"
        return heir

    def _tell_parting(self, chat: Chat, actor: int, person: int, heir: int | None) -> None:
        self._tell_chat_member(chat, "removed", actor, person, None, to=person, ends=[person])
        chat.spans.pop(person).is_open = False
        if heir is not None:
            self._tell_chat_member(chat, "updated", actor, heir, "owner")
        chat.is_deleted = not chat.roles and chat.type in ("group", "private_channel")

    def _tell_chat_member(self, chat: Chat, what: str, actor: int, user: int, role: str | None, **more: Any) -> None:
        says = {"type": f"member.{what}", "chat_id": chat.id, "actor_id": actor, "user_id": user, "role": role}
        self.audience.tell(chat, "chat", says | {"member_count": len(chat.roles)}, **more)
