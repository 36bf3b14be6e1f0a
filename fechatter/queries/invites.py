"""The invitations of a workspace that still let somebody in."""

import hashlib
from datetime import UTC, datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from fechatter import access
from fechatter.errors import Forbidden, NotFound
from fechatter.models import Invite, User, Workspace, WorkspaceMember
from fechatter.permissions import can_invite, can_withdraw_invites
from fechatter.shapes import Shape, rfc3339


def list_invites(session: Session, user_id: int, workspace_id: int) -> list[Shape]:
    """Newest first. Raises NotFound, Forbidden."""
    if not can_withdraw_invites(access.workspace_for(session, user_id, workspace_id).member.role):
        raise Forbidden
    return [invite_shape(invite) for invite in live_invites(session, workspace_id)]


def live_invites(session: Session, workspace_id: int) -> list[Invite]:
    maker = and_(WorkspaceMember.workspace_id == Invite.workspace_id, WorkspaceMember.user_id == Invite.created_by)
    rows = (
        select(Invite, WorkspaceMember.role)
        .join(WorkspaceMember, maker)
        .where(Invite.workspace_id == workspace_id, Invite.withdrawn_at.is_(None), Invite.expires_at > func.now())
        .where(or_(Invite.max_uses.is_(None), Invite.uses < Invite.max_uses))
        .order_by(Invite.id.desc())
    )
    return [invite for invite, role in session.execute(rows) if can_invite(role, invite.role)]


def hash_token(token: str) -> bytes:
    """Tokens are random and long, so that a plain hash keeps them secret."""
    return hashlib.sha256(token.encode()).digest()


def opened_invite(session: Session, token: str) -> Shape:
    """What whoever holds the token may know before they say who they are: not for which address it is. Raises
    NotFound for an invitation that lets nobody in."""
    found = session.execute(
        select(Invite, Workspace.name, User.name)
        .join(Workspace, Workspace.id == Invite.workspace_id)
        .join(User, User.id == Invite.created_by)
        .where(Invite.token_hash == hash_token(token), Workspace.deleted_at.is_(None))
        .where(or_(Invite.max_uses.is_(None), Invite.uses < Invite.max_uses))
    ).one_or_none()
    if found is None or not is_standing(session, found[0]):
        raise NotFound
    invite, workspace, inviter = found
    return {
        "workspace_name": workspace,
        "inviter_name": inviter,
        "role": invite.role,
        "expires_at": rfc3339(invite.expires_at),
    }


def is_standing(session: Session, invite: Invite) -> bool:
    """Neither withdrawn nor expired, and who made it could still make it: else an admin who was removed could come
    back by a link of its own."""
    maker = session.get(WorkspaceMember, (invite.workspace_id, invite.created_by), populate_existing=True)
    open_still = invite.withdrawn_at is None and invite.expires_at > datetime.now(UTC)
    return open_still and maker is not None and can_invite(maker.role, invite.role)


def invite_shape(invite: Invite) -> Shape:
    return {
        "id": invite.id,
        "workspace_id": invite.workspace_id,
        "role": invite.role,
        "email": invite.email,
        "max_uses": invite.max_uses,
        "uses": invite.uses,
        "created_by": invite.created_by,
        "created_at": rfc3339(invite.created_at),
        "expires_at": rfc3339(invite.expires_at),
    }
