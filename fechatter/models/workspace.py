"""Workspaces, who is in them, who was, and the invitations that let people in."""

from datetime import datetime

from sqlalchemy import ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column

from fechatter.models.table import Table


class Workspace(Table):
    """`ended` is the outbox id of its `workspace.deleted`; the row is purged when that event is."""

    __tablename__ = "workspaces"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)
    member_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    deleted_at: Mapped[datetime | None]
    ended: Mapped[int | None]


class WorkspaceMember(Table):
    """A present membership; `since` is the outbox id of the event that began it. Role: owner, admin, member, guest.

    `public_since`: of the event since which the person is no guest, None for one who is; `public_until`: of the last
    one that made a guest of it.
    """

    __tablename__ = "workspace_members"
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    role: Mapped[str]
    since: Mapped[int]
    public_since: Mapped[int | None]
    public_until: Mapped[int | None]
    joined_at: Mapped[datetime] = mapped_column(server_default=func.now())


class WorkspaceDeparture(Table):
    """The last membership that ended: `until` is the outbox id of its end. Kept as long as events are."""

    __tablename__ = "workspace_departures"
    workspace_id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(primary_key=True, index=True)
    until: Mapped[int]
    left_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Invite(Table):
    """Lets people into a workspace; only the hash of its token is kept. `email_key` restricts it to one account."""

    __tablename__ = "invites"
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    role: Mapped[str]
    email: Mapped[str | None]
    email_key: Mapped[str | None]
    max_uses: Mapped[int | None]
    uses: Mapped[int] = mapped_column(default=0)
    created_by: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
