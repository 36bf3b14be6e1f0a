"""Everything that can happen, named in the past tense; each event decides here who gets it and what it says."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar, Literal

from fechatter.models import Chat
from fechatter.shapes import Shape, rfc3339

Audience = Literal["chat", "user", "workspace", "public"]


@dataclass(frozen=True, kw_only=True)
class Event:
    """`to_user` is the one it concerns most, who gets it in any case; see `models.Outbox` for the audiences."""

    type: ClassVar[str]
    workspace_id: int
    actor_id: int
    chat_id: int | None = None
    to_user: int | None = None
    message_id: int | None = None

    @property
    def audience(self) -> Audience:
        return "chat"

    def says(self) -> Shape:
        """What its body has beyond what all events have."""
        return {}

    def body(self) -> Shape:
        head: dict[str, Any] = {"type": self.type, "workspace_id": self.workspace_id}
        if self.chat_id is not None:
            head["chat_id"] = self.chat_id
        return head | {"actor_id": self.actor_id, "at": rfc3339(datetime.now(UTC))} | self.says()


@dataclass(frozen=True, kw_only=True)
class MessageEvent(Event):
    message: Shape

    def says(self) -> Shape:
        return {"message": self.message}


class MessageUpdated(MessageEvent):
    type = "message.updated"


class MessageDeleted(MessageEvent):
    type = "message.deleted"


@dataclass(frozen=True, kw_only=True)
class ChatEvent(Event):
    """Of a public channel the whole workspace hears, guests aside."""

    chat: Shape

    @property
    def audience(self) -> Audience:
        return "public" if self.chat["type"] == "public_channel" else "chat"

    def says(self) -> Shape:
        return {"chat": self.chat}


class ChatCreated(ChatEvent):
    """To one person (`to_user`) it begins a membership; without one it announces a public channel."""

    type = "chat.created"

    @property
    def audience(self) -> Audience:
        return "public" if self.to_user is None else "user"


class ChatUpdated(ChatEvent):
    type = "chat.updated"


class ChatDeleted(ChatEvent):
    type = "chat.deleted"


@dataclass(frozen=True, kw_only=True)
class MemberEvent(Event):
    user_id: int
    role: str | None
    member_count: int

    def says(self) -> Shape:
        return {"user_id": self.user_id, "role": self.role, "member_count": self.member_count}


class MemberAdded(MemberEvent):
    type = "member.added"


class MemberUpdated(MemberEvent):
    type = "member.updated"


class MemberRemoved(MemberEvent):
    """Record it with `to_user` = `user_id`: the end of one's own membership is always told."""

    type = "member.removed"


@dataclass(frozen=True, kw_only=True)
class ReadUpdated(Event):
    """To the reader's own streams only."""

    type = "read.updated"
    last_read_seq: int

    @property
    def audience(self) -> Audience:
        return "user"

    def says(self) -> Shape:
        return {"last_read_seq": self.last_read_seq}


@dataclass(frozen=True, kw_only=True)
class WorkspaceEvent(Event):
    workspace: Shape

    @property
    def audience(self) -> Audience:
        return "workspace"

    def says(self) -> Shape:
        return {"workspace": self.workspace}


class WorkspaceUpdated(WorkspaceEvent):
    type = "workspace.updated"


class WorkspaceDeleted(WorkspaceEvent):
    type = "workspace.deleted"


@dataclass(frozen=True, kw_only=True)
class WorkspaceMemberEvent(Event):
    """Record it with `to_user` = `user_id`: it begins, changes or ends that person's own membership."""

    user_id: int
    role: str | None

    @property
    def audience(self) -> Audience:
        return "workspace"

    def says(self) -> Shape:
        return {"user_id": self.user_id, "role": self.role}


class WorkspaceMemberAdded(WorkspaceMemberEvent):
    type = "workspace.member_added"


class WorkspaceMemberUpdated(WorkspaceMemberEvent):
    type = "workspace.member_updated"


class WorkspaceMemberRemoved(WorkspaceMemberEvent):
    type = "workspace.member_removed"


def chat_facts(chat: Chat) -> dict[str, int]:
    """Where an event of this chat belongs, for its constructor."""
    return {"workspace_id": chat.workspace_id, "chat_id": chat.id}
