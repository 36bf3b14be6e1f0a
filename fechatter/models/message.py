"""Messages: dense sequence numbers per chat; a deleted one stays as a tombstone without text."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from fechatter.models.table import Table


class Message(Table):
    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("chat_id", "seq", name="messages_seq"),
        Index(
            "messages_client_id",
            "chat_id",
            "sender_id",
            "client_id",
            unique=True,
            postgresql_where=text("client_id IS NOT NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"))
    seq: Mapped[int]
    sender_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    content: Mapped[str | None]
    client_id: Mapped[str | None]
    reply_to: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
