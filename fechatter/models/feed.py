"""The way of an event: `outbox` (with the write), `events` (in order, by workspace), `feeds` (how far)."""

from datetime import datetime

from sqlalchemy import Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from fechatter.models.table import Table


class Outbox(Table):
    """An event that its write has committed and the relay has not yet placed.

    `audience` says who gets it: `chat` (members of chat_id), `user` (to_user alone), `workspace` (its members)
    or `public` (the workspace, guests aside, and members of chat_id); `to_user` gets it in any case.
    `body` is the event's JSON as clients see it; the relay never looks into it. Ids come from one sequence: they are
    unique over all workspaces, but nothing looks for one without its workspace.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("outbox_message", "message_id", postgresql_where=text("message_id IS NOT NULL")),)
    workspace_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    audience: Mapped[str]
    chat_id: Mapped[int | None]
    to_user: Mapped[int | None]
    message_id: Mapped[int | None]
    type: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class Feed(Table):
    """One per workspace: positions `tail + 1` to `head` are in `events`, without holes."""

    __tablename__ = "feeds"
    workspace_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    epoch: Mapped[int] = mapped_column(server_default=text("extract(epoch from clock_timestamp())::bigint"))
    head: Mapped[int] = mapped_column(default=0)
    tail: Mapped[int] = mapped_column(default=0)


class Event(Table):
    """An outbox row at its place in the workspace's feed."""

    __tablename__ = "events"
    __table_args__ = (
        Index("events_chat", "workspace_id", "chat_id", "position"),
        Index("events_user", "to_user", "workspace_id", "position", postgresql_where=text("to_user IS NOT NULL")),
        Index(
            "events_wide",
            "workspace_id",
            "position",
            postgresql_where=text("audience IN ('workspace', 'public') OR type = 'chat.deleted'"),
        ),
        Index("events_message", "message_id", postgresql_where=text("message_id IS NOT NULL")),
    )
    workspace_id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    outbox_id: Mapped[int]
    audience: Mapped[str]
    chat_id: Mapped[int | None]
    to_user: Mapped[int | None]
    message_id: Mapped[int | None]
    type: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime]


class UserChange(Table):
    """A fact that a person's open streams must learn: `workspace_joined` or `session_ended`.

    `xid` is the writing transaction, so that a reader can ask for all that its last look may have missed.
    """

    __tablename__ = "user_changes"
    __table_args__ = (Index("user_changes_xid", text("xid")),)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int]
    kind: Mapped[str]
    session_id: Mapped[int | None]
    reason: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
