"""Workspaces and their public channels."""

from typing import Any

from sqlalchemy.orm import Session

from app.answers import answers
from app.auth import current_caller, signed_in
from app.blueprint import Blueprint
from app.limited import fetching, limited
from app.pagination import Paging, page, read_key
from app.schemas.chats import ChannelSchema
from app.schemas.fields import listed
from app.schemas.workspaces import NewWorkspace, WorkspaceChanges, WorkspaceSchema
from app.transaction import reading, transactional
from fechatter.access import workspace_for
from fechatter.actions import workspaces as actions
from fechatter.queries.channels import public_channels
from fechatter.queries.workspaces import list_workspaces
from fechatter.shapes import Shape, own_workspace_shape

blueprint = Blueprint("workspaces", __name__, url_prefix="/api/workspaces", description="Workspaces")


@blueprint.route("")
@signed_in(scope="read")
@fetching
@answers(200, listed(WorkspaceSchema))
@reading
def index_workspaces(session: Session) -> Shape:
    """One's own workspaces, in the order of joining"""
    return {"items": list_workspaces(session, current_caller().user_id), "next_cursor": None}


@blueprint.route("", methods=["POST"])
@signed_in(scope="manage")
@limited("making")
@blueprint.arguments(NewWorkspace)
@answers(201, WorkspaceSchema, refuses=(409,))
@transactional
def create_workspace(session: Session, body: dict[str, str]) -> Shape:
    """Make a workspace and own it"""
    me = current_caller().user_id
    workspace = actions.create_workspace(session, me, body["name"])
    return own_workspace_shape(workspace, workspace_for(session, me, workspace.id).member)


@blueprint.route("/<id:workspace_id>")
@signed_in(scope="read")
@fetching
@answers(200, WorkspaceSchema)
@reading
def show_workspace(session: Session, workspace_id: int) -> Shape:
    """One workspace"""
    place = workspace_for(session, current_caller().user_id, workspace_id)
    return own_workspace_shape(place.workspace, place.member)


@blueprint.route("/<id:workspace_id>", methods=["PATCH"])
@signed_in(scope="manage")
@limited("changing")
@blueprint.arguments(WorkspaceChanges)
@answers(200, WorkspaceSchema, refuses=(403,))
@transactional
def change_workspace(session: Session, body: dict[str, str], workspace_id: int) -> Shape:
    """Rename a workspace

    For its owners and admins. The slug stays.
    """
    place = actions.rename_workspace(session, current_caller().user_id, workspace_id, body.get("name"))
    return own_workspace_shape(place.workspace, place.member)


@blueprint.route("/<id:workspace_id>", methods=["DELETE"])
@signed_in(scope="manage")
@limited("changing")
@answers(204, refuses=(403,))
@transactional
def delete_workspace(session: Session, workspace_id: int) -> None:
    """Delete a workspace with all its chats

    For its owners.
    """
    actions.delete_workspace(session, current_caller().user_id, workspace_id)


@blueprint.route("/<id:workspace_id>/channels")
@signed_in(scope="read")
@fetching
@blueprint.arguments(Paging, location="query")
@answers(200, listed(ChannelSchema))
@reading
def list_channels(session: Session, query: dict[str, Any], workspace_id: int) -> Shape:
    """The public channels of a workspace, by name

    Guests see those that they are in.
    """
    (after,) = read_key(query.get("cursor"), str) or (None,)
    rows = public_channels(session, current_caller().user_id, workspace_id, after, query["limit"] + 1)
    return page(rows, query["limit"], key=lambda channel: (channel["name"],), shape=lambda channel: channel)
