"""Inviting people into a workspace, withdrawing that, and accepting it."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session

from fechatter import access
from fechatter.actions.workspace_members import enter_workspace
from fechatter.audit import record_act
from fechatter.emails import email_key
from fechatter.errors import Conflict, Forbidden, NotFound
from fechatter.models import Invite, User, Workspace, WorkspaceMember, WorkspaceSuspension
from fechatter.permissions import can_invite, can_withdraw_invites
from fechatter.queries.invites import hash_token, is_standing, live_invites

MOST_INVITES = 100
"""Live ones of one workspace."""

TOKEN_BYTES = 32


class Offer(NamedTuple):
    """Whom an invitation lets in: `email` one account only; `max_uses` None: any number of people."""

    role: str
    lifetime: timedelta
    email: str | None = None
    max_uses: int | None = None


def create_invite(session: Session, user_id: int, workspace_id: int, offer: Offer) -> tuple[Invite, str]:
    """The invitation and its token, which is shown this once. Raises NotFound, Forbidden, Conflict."""
    place = access.workspace_for(session, user_id, workspace_id, lock=True)
    if not can_invite(place.member.role, offer.role):
        raise Forbidden
    if len(live_invites(session, workspace_id)) >= MOST_INVITES:
        raise Conflict("too_many_invites", f"A workspace can have {MOST_INVITES} open invitations at most.")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    invite = Invite(
        workspace_id=workspace_id,
        token_hash=hash_token(token),
        role=offer.role,
        email=offer.email,
        email_key=email_key(offer.email) if offer.email else None,
        max_uses=offer.max_uses,
        created_by=user_id,
        expires_at=datetime.now(UTC) + offer.lifetime,
    )
    session.add(invite)
    session.flush()
    _record(session, "invite.created", user_id, invite, role=offer.role, max_uses=offer.max_uses)
    return invite, token


def invite_by_operator(session: Session, workspace: str, offer: Offer) -> tuple[Invite, str]:
    """For a workspace by its slug or id, in the name of its longest-standing owner. Raises as `create_invite`."""
    by_id = Workspace.id == int(workspace) if workspace.isascii() and workspace.isdigit() else false()
    owner = (
        select(WorkspaceMember.workspace_id, WorkspaceMember.user_id)
        .join(Workspace, Workspace.id == WorkspaceMember.workspace_id)
        .where(or_(Workspace.slug == workspace, by_id), WorkspaceMember.role == "owner")
        .order_by(Workspace.slug != workspace, WorkspaceMember.since)
        .limit(1)
    )
    found = session.execute(owner).one_or_none()
    if found is None:
        raise NotFound
    return create_invite(session, found.user_id, found.workspace_id, offer)


def withdraw_invite(session: Session, user_id: int, workspace_id: int, invite_id: int) -> None:
    """Raises NotFound (also for one that is over), Forbidden."""
    invite = _lock_invite(session, Invite.id == invite_id, Invite.workspace_id == workspace_id)
    place = access.workspace_for(session, user_id, workspace_id, lock=True)
    if not can_withdraw_invites(place.member.role):
        raise Forbidden
    if invite is None or invite not in live_invites(session, workspace_id):
        raise NotFound
    invite.withdrawn_at = func.now()
    session.flush()
    _record(session, "invite.withdrawn", user_id, invite)


def accept_invite(session: Session, user_id: int, token: str) -> access.Place:
    """Enters the workspace; who is in it already stays as it is and uses nothing up.

    Raises NotFound for an invitation that is unknown, over or somebody else's, and for who is suspended there; Conflict
    (too_many_workspaces).
    """
    key = session.scalar(select(User.email_key).where(User.id == user_id))
    invite, workspace = _hold_invite(session, token, key, user_id)
    member = session.get(WorkspaceMember, (workspace.id, user_id), populate_existing=True)
    if member is None:
        # Only now: who sends it again, because the answer was lost, is a member and must not find it used up.
        _use_up(invite)
        member = enter_workspace(session, workspace, user_id, invite.role)
        _record(session, "invite.accepted", user_id, invite)
    return access.Place(workspace, member)


def use_invite(session: Session, token: str, key: str) -> tuple[Invite, Workspace]:
    """For somebody with the address of this key who has no account yet and enters with it, in this transaction, what
    is locked here. Raises NotFound as `accept_invite` does, whether there is such an account or not."""
    invite, workspace = _hold_invite(session, token, key)
    _use_up(invite)
    return invite, workspace


def _hold_invite(session: Session, token: str, key: str | None, user_id: int = 0) -> tuple[Invite, Workspace]:
    """The invitation and its workspace, both locked; without `user_id` for somebody who has no account yet."""
    invite = _lock_invite(session, Invite.token_hash == hash_token(token))
    if invite is None or invite.email_key not in (None, key):
        raise NotFound
    workspace = _lock_workspace(session, invite.workspace_id)
    # Both are asked in any case: what is kept from who is suspended takes the road of an invitation that is over.
    suspended = session.get(WorkspaceSuspension, (workspace.id, user_id), populate_existing=True)
    if not is_standing(session, invite) or suspended:
        raise NotFound
    return invite, workspace


def _use_up(invite: Invite) -> None:
    if invite.max_uses is not None and invite.uses >= invite.max_uses:
        raise NotFound
    invite.uses += 1


def _record(session: Session, action: str, actor_id: int, invite: Invite, **details: Any) -> None:
    """Not for which address it is: that is somebody's guess."""
    record_act(session, action, actor_id, workspace_id=invite.workspace_id, target=("invite", invite.id), **details)


def _lock_invite(session: Session, *which: ColumnElement[bool]) -> Invite | None:
    query = select(Invite).where(*which).with_for_update(key_share=True)
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def _lock_workspace(session: Session, workspace_id: int) -> Workspace:
    query = select(Workspace).where(Workspace.id == workspace_id, Workspace.deleted_at.is_(None))
    workspace = session.scalars(
        query.with_for_update(key_share=True).execution_options(populate_existing=True)
    ).one_or_none()
    if workspace is None:
        raise NotFound
    return workspace
