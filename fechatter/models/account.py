"""People, their sessions and the one-use tickets that open a stream."""

from datetime import datetime

from sqlalchemy import ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column

from fechatter.models.table import Table


class User(Table):
    """`email_key` is the e-mail folded for comparison; `list_version` tags cached chat lists."""

    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    avatar_url: Mapped[str | None]
    is_admin: Mapped[bool] = mapped_column(default=False)
    list_version: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Session(Table):
    """A sign-in. Its refresh tokens are derived from `nonce` and numbered; only `generation` is unspent."""

    __tablename__ = "sessions"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    nonce: Mapped[bytes]
    generation: Mapped[int] = mapped_column(default=1)
    rotated_at: Mapped[datetime | None]
    device: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]


class Ticket(Table):
    """Opens one stream once, within 30 s; only the hash is kept."""

    __tablename__ = "tickets"
    hash: Mapped[bytes] = mapped_column(primary_key=True)
    session_id: Mapped[int]
    user_id: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(index=True)
