"""What keeps people apart, what they report, and the log of who did what."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from fechatter.models.table import Table


class WorkspaceSuspension(Table):
    """Somebody who may not be in the workspace for now. `role` and `chats` (id and role of each) are given back;
    `role` is None for who was not in it any more when this began, and gets nothing back."""

    __tablename__ = "workspace_suspensions"
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    role: Mapped[str | None]
    chats: Mapped[list[Any]] = mapped_column(JSONB)
    reason: Mapped[str] = mapped_column(default="")
    suspended_by: Mapped[int]
    suspended_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Block(Table):
    """`user_id` wants to hear nothing more of `blocked_id`."""

    __tablename__ = "blocks"
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    blocked_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Report(Table):
    """A message that somebody found amiss, with its text as it was then, or None once the message is deleted."""

    __tablename__ = "reports"
    __table_args__ = (
        UniqueConstraint("message_id", "reporter_id", name="reports_once"),
        Index("reports_workspace", "workspace_id", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    chat_id: Mapped[int]
    message_id: Mapped[int]
    author_id: Mapped[int]
    content: Mapped[str | None]
    reporter_id: Mapped[int]
    reason: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[int | None]


class AuditEntry(Table):
    """Who did what, when, from where. The table takes no change and no removal.

    `hidden`: in a chat that is not for the whole workspace to know of, and so not for its owners either.
    """

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("audit_log_workspace", "workspace_id", "hidden", "id"),
        Index("audit_log_actor", "actor_id", "id", postgresql_where=text("workspace_id IS NULL")),
        Index(
            "audit_log_subject",
            "target_id",
            "id",
            postgresql_where=text("workspace_id IS NULL AND actor_id IS NULL AND target_type = 'user'"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    workspace_id: Mapped[int | None]
    hidden: Mapped[bool] = mapped_column(default=False)
    actor_id: Mapped[int | None]
    action: Mapped[str]
    target_type: Mapped[str | None]
    target_id: Mapped[int | None]
    address: Mapped[str] = mapped_column(default="")
    request_id: Mapped[str] = mapped_column(default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
