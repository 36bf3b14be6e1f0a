"""Chats of the four kinds, who is in them, and who was."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from fechatter.models.table import Table

CHANNELS = ("private_channel", "public_channel")


class Chat(Table):
    """`last_seq` is the sequence number of its newest message; its row lock is the chat's lock.

    `pair_low` and `pair_high` are the two of a single chat, unique by construction; `name_key` the folded name.
    `ended` is the outbox id of its `chat.deleted`. `read_only`: its owners and admins alone post. `slow_mode`: seconds
    between two messages of a member. `closed`: a single, and one of the two has blocked the other.
    """

    __tablename__ = "chats"
    __table_args__ = (
        Index(
            "chats_pair", "workspace_id", "pair_low", "pair_high", unique=True, postgresql_where=text("type = 'single'")
        ),
        Index(
            "chats_name",
            "workspace_id",
            "name_key",
            unique=True,
            postgresql_where=text("name_key IS NOT NULL AND deleted_at IS NULL"),
        ),
        Index("chats_workspace", "workspace_id", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    type: Mapped[str]
    name: Mapped[str | None]
    name_key: Mapped[str | None]
    topic: Mapped[str] = mapped_column(default="")
    pair_low: Mapped[int | None]
    pair_high: Mapped[int | None]
    last_seq: Mapped[int] = mapped_column(default=0)
    active_at: Mapped[datetime] = mapped_column(server_default=func.now())
    member_count: Mapped[int] = mapped_column(default=0)
    created_by: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    deleted_at: Mapped[datetime | None]
    ended: Mapped[int | None]
    read_only: Mapped[bool] = mapped_column(default=False)
    slow_mode: Mapped[int] = mapped_column(default=0)
    closed: Mapped[bool] = mapped_column(default=False)


class ChatMember(Table):
    """A present membership; `since` is the outbox id of the event that began it. Role: owner, admin, member.

    `notify`: what its person is told when away: all, nothing, or (None) all unless the chat is a channel.
    """

    __tablename__ = "chat_members"
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    role: Mapped[str]
    since: Mapped[int]
    last_read_seq: Mapped[int]
    joined_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_posted_at: Mapped[datetime | None]
    notify: Mapped[str | None]


class ChatDeparture(Table):
    """The last membership that ended: `until` is the outbox id of its end. Kept as long as events are."""

    __tablename__ = "chat_departures"
    chat_id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(primary_key=True, index=True)
    until: Mapped[int]
    left_at: Mapped[datetime] = mapped_column(server_default=func.now())
