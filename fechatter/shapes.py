"""What clients see of a thing, as plain dictionaries: one form each, shared by REST answers and events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fechatter.models import Chat, ChatMember, Message, User, Workspace, WorkspaceMember

Shape = dict[str, Any]


def rfc3339(moment: datetime) -> str:
    """UTC with microseconds and `Z`, to the letter like the SQL function of this name."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[: -len("+00:00")] + "Z"


def maybe_rfc3339(moment: datetime | None) -> str | None:
    return None if moment is None else rfc3339(moment)


def user_shape(user: User) -> Shape:
    return {
        "id": user.id,
        "email": user.email,
        "name": user.name,
        "avatar_url": user.avatar_url,
        "created_at": rfc3339(user.created_at),
    }


def own_user_shape(user: User) -> Shape:
    return user_shape(user) | {"email_verified": user.email_verified_at is not None}


def workspace_shape(workspace: Workspace) -> Shape:
    """The same for everyone: what events carry."""
    return {
        "id": workspace.id,
        "name": workspace.name,
        "slug": workspace.slug,
        "member_count": workspace.member_count,
        "created_at": rfc3339(workspace.created_at),
    }


def own_workspace_shape(workspace: Workspace, member: WorkspaceMember) -> Shape:
    return workspace_shape(workspace) | {"role": member.role}


def chat_shape(chat: Chat, member_ids: Sequence[int] | None) -> Shape:
    """The same for everyone: what events carry. `member_ids` is for single and group, None else."""
    return {
        "id": chat.id,
        "workspace_id": chat.workspace_id,
        "type": chat.type,
        "name": chat.name,
        "topic": chat.topic,
        "read_only": chat.read_only,
        "slow_mode": chat.slow_mode,
        "member_count": chat.member_count,
        "member_ids": None if member_ids is None else sorted(member_ids),
        "last_seq": chat.last_seq,
        "created_at": rfc3339(chat.created_at),
    }


def own_chat_shape(
    chat: Chat, member: ChatMember | None, member_ids: Sequence[int] | None, last_message: Shape | None
) -> Shape:
    """With what is the caller's own; of a public channel that it is not in, `role` is null and nothing is unread."""
    read = member.last_read_seq if member else chat.last_seq
    return chat_shape(chat, member_ids) | {
        "role": member.role if member else None,
        "last_read_seq": read,
        "unread_count": chat.last_seq - read,
        "last_message": last_message,
    }


def message_shape(message: Message) -> Shape:
    return {
        "id": message.id,
        "chat_id": message.chat_id,
        "seq": message.seq,
        "sender_id": message.sender_id,
        "content": message.content,
        "client_id": message.client_id,
        "reply_to": message.reply_to,
        "created_at": rfc3339(message.created_at),
        "edited_at": maybe_rfc3339(message.edited_at),
        "deleted_at": maybe_rfc3339(message.deleted_at),
    }
