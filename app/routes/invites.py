"""Invitations: the one way into a workspace."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.answers import answers
from app.auth import current_caller, signed_in
from app.blueprint import Blueprint
from app.limited import fetching, limited
from app.schemas.fields import listed
from app.schemas.invites import CreatedInviteSchema, InviteSchema, NewInvite, OpenedInviteSchema
from app.schemas.workspaces import WorkspaceSchema
from app.services import services
from app.transaction import reading, transactional
from fechatter.actions import invites as actions
from fechatter.actions.invites import Offer
from fechatter.queries.invites import invite_shape, list_invites, opened_invite
from fechatter.shapes import Shape, own_workspace_shape

blueprint = Blueprint("invites", __name__, url_prefix="/api", description="Invitations")


@blueprint.route("/workspaces/<id:workspace_id>/invites")
@signed_in(scope="read")
@fetching
@answers(200, listed(InviteSchema), refuses=(403,))
@reading
def index_invites(session: Session, workspace_id: int) -> Shape:
    """The open invitations of a workspace, newest first

    For its owners and admins; there are at most a hundred. Their tokens are not shown again.
    """
    return {"items": list_invites(session, current_caller().user_id, workspace_id), "next_cursor": None}


@blueprint.route("/workspaces/<id:workspace_id>/invites", methods=["POST"])
@signed_in(scope="manage")
@limited("invitations")
@blueprint.arguments(NewInvite)
@answers(201, CreatedInviteSchema, refuses=(403, 409))
@transactional
def create_invite(session: Session, body: dict[str, Any], workspace_id: int) -> Shape:
    """Invite people into a workspace

    Admins invite as member or guest, owners as anything.
    """
    email = body.get("email")
    offer = Offer(
        role=body["role"],
        lifetime=timedelta(seconds=body["expires_in"]),
        email=email,
        max_uses=body.get("max_uses", 1 if email else None),
    )
    invite, token = actions.create_invite(session, current_caller().user_id, workspace_id, offer)
    return invite_shape(invite) | {"token": token, "url": f"{services().config.public_url}/invite/{token}"}


@blueprint.route("/workspaces/<id:workspace_id>/invites/<id:invite_id>", methods=["DELETE"])
@signed_in(scope="manage")
@limited("changing")
@answers(204, refuses=(403,))
@transactional
def withdraw_invite(session: Session, workspace_id: int, invite_id: int) -> None:
    """Withdraw an invitation"""
    actions.withdraw_invite(session, current_caller().user_id, workspace_id, invite_id)


@blueprint.route("/invites/<token>")
@limited("opening invitations")
@answers(200, OpenedInviteSchema)
@reading
def open_invite(session: Session, token: str) -> Shape:
    """What an invitation is for

    For whoever holds it, without a token of access. One that is unknown, used up, expired or withdrawn is a 404.
    """
    return opened_invite(session, token)


@blueprint.route("/invites/<token>/accept", methods=["POST"])
@signed_in(scope="manage")
@limited("accepting")
@answers(200, WorkspaceSchema, refuses=(409,))
@transactional
def accept_invite(session: Session, token: str) -> Shape:
    """Enter the workspace that one is invited to

    An invitation that is unknown, used up, expired, withdrawn or for another account is a 404.
    """
    place = actions.accept_invite(session, current_caller().user_id, token)
    return own_workspace_shape(place.workspace, place.member)
