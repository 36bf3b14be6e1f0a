"""Browsers that want to be told while nobody looks, what is to be sent to them, and how far that has been found out."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from fechatter.models.table import Table


class PushSubscription(Table):
    """Ends with its session. `endpoint` is a secret: whoever has it can send there. `rests_until`: nothing is tried
    before; `failures` since something was last taken, first at `taken_at`."""

    __tablename__ = "push_subscriptions"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    endpoint: Mapped[str] = mapped_column(unique=True)
    p256dh: Mapped[bytes]
    auth: Mapped[bytes]
    expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    failures: Mapped[int] = mapped_column(default=0)
    rests_until: Mapped[datetime | None]
    taken_at: Mapped[datetime | None]


class Push(Table):
    """One `message.created` for one subscription; it waits until `due_at`, or was sent. `created_at` is the event's."""

    __tablename__ = "pushes"
    __table_args__ = (
        UniqueConstraint("subscription_id", "message_id", name="pushes_once"),
        Index("pushes_due", "due_at", postgresql_where=text("sent_at IS NULL")),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("push_subscriptions.id", ondelete="CASCADE"))
    chat_id: Mapped[int]
    message_id: Mapped[int]
    seq: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(index=True)
    due_at: Mapped[datetime] = mapped_column(server_default=func.now())
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]


class PushCursor(Table):
    """How far a workspace's feed has been looked through for what is to be pushed."""

    __tablename__ = "push_cursors"
    workspace_id: Mapped[int] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    position: Mapped[int] = mapped_column(default=0)
