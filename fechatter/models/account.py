"""People, their sessions and all that lets them in: tickets, second factors, what was sent by mail."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from fechatter.models.table import Table


class User(Table):
    """`email_key` is the e-mail folded for comparison; `list_version` tags cached chat lists.

    `must_verify`: who made it under a policy that wants the address proved signs in only with `email_verified_at` set.
    `totp_secret` is encrypted, and asked for once `totp_enabled_at` is set; `totp_last_step` is the step that was used
    last. Of a suspended account no session lives.
    """

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
    email_verified_at: Mapped[datetime | None]
    must_verify: Mapped[bool] = mapped_column(default=False)
    totp_secret: Mapped[bytes | None]
    totp_enabled_at: Mapped[datetime | None]
    totp_last_step: Mapped[int] = mapped_column(default=0)
    suspended_at: Mapped[datetime | None]
    notifications_paused_until: Mapped[datetime | None]


class Session(Table):
    """A sign-in. Its refresh tokens are derived from `nonce` and numbered; only `generation` is unspent.

    Or a personal access token, which has a `name`, `scopes`, the hash of the token, and no refresh token.
    """

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
    name: Mapped[str | None]
    token_hash: Mapped[bytes | None] = mapped_column(unique=True)
    scopes: Mapped[list[str] | None] = mapped_column(ARRAY(Text))


class Ticket(Table):
    """Opens one stream once, within 30 s; only the hash is kept."""

    __tablename__ = "tickets"
    hash: Mapped[bytes] = mapped_column(primary_key=True)
    session_id: Mapped[int]
    user_id: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class RecoveryCode(Table):
    """Stands in for a second factor once; only the hash is kept."""

    __tablename__ = "recovery_codes"
    hash: Mapped[bytes] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    used_at: Mapped[datetime | None]


class MailedToken(Table):
    """Was sent to an address, whose key was `email_key`: proves once that its mail is read. Purpose: reset, verify."""

    __tablename__ = "mailed_tokens"
    hash: Mapped[bytes] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str]
    email_key: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(index=True)
