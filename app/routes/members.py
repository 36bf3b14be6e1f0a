"""Members of workspaces and of chats."""

from typing import Any

from sqlalchemy.orm import Session

from app.answers import answers
from app.auth import current_caller, signed_in
from app.blueprint import Blueprint
from app.limited import fetching, limited
from app.pagination import Paging, page, read_key
from app.schemas.fields import listed
from app.schemas.members import (
    AddedMembersSchema,
    ChatMemberSchema,
    ChatRoleChange,
    NewMembers,
    WorkspaceMemberSchema,
    WorkspaceRoleChange,
)
from app.transaction import reading, transactional
from fechatter.actions import chat_members as chat_actions
from fechatter.actions import workspace_members as workspace_actions
from fechatter.queries import members as queries
from fechatter.shapes import Shape

blueprint = Blueprint("members", __name__, url_prefix="/api", description="Members of workspaces and chats")


def _page(rows: list[Shape], limit: int) -> Shape:
    return page(rows, limit, key=lambda member: (member["user_id"],), shape=lambda member: member)


@blueprint.route("/workspaces/<id:workspace_id>/members")
@signed_in(scope="read")
@fetching
@blueprint.arguments(Paging, location="query")
@answers(200, listed(WorkspaceMemberSchema))
@reading
def list_workspace_members(session: Session, query: dict[str, Any], workspace_id: int) -> Shape:
    """The members of a workspace"""
    (after,) = read_key(query.get("cursor"), int) or (0,)
    rows = queries.workspace_members(session, current_caller().user_id, workspace_id, after, query["limit"] + 1)
    return _page(rows, query["limit"])


@blueprint.route("/workspaces/<id:workspace_id>/members/<id:user_id>", methods=["PATCH"])
@signed_in(scope="manage")
@limited("changing")
@blueprint.arguments(WorkspaceRoleChange)
@answers(200, WorkspaceMemberSchema, refuses=(403, 409))
@transactional
def change_workspace_member(session: Session, body: dict[str, str], workspace_id: int, user_id: int) -> Shape:
    """Change a role in a workspace

    Others' below one's own, also to owner by an owner; one's own to a lower one, unless nobody else is owner.
    """
    workspace_actions.change_workspace_role(session, current_caller().user_id, workspace_id, user_id, body["role"])
    return queries.workspace_member(session, workspace_id, user_id)


@blueprint.route("/workspaces/<id:workspace_id>/members/<id:user_id>", methods=["DELETE"])
@signed_in(scope="manage")
@limited("changing")
@answers(204, refuses=(403, 409))
@transactional
def remove_workspace_member(session: Session, workspace_id: int, user_id: int) -> None:
    """Remove somebody from a workspace, or leave it

    All memberships of its chats end with it.
    """
    workspace_actions.remove_from_workspace(session, current_caller().user_id, workspace_id, user_id)


@blueprint.route("/chats/<id:chat_id>/members")
@signed_in(scope="read")
@fetching
@blueprint.arguments(Paging, location="query")
@answers(200, listed(ChatMemberSchema))
@reading
def list_chat_members(session: Session, query: dict[str, Any], chat_id: int) -> Shape:
    """The members of a chat"""
    (after,) = read_key(query.get("cursor"), int) or (0,)
    rows = queries.chat_members(session, current_caller().user_id, chat_id, after, query["limit"] + 1)
    return _page(rows, query["limit"])


@blueprint.route("/chats/<id:chat_id>/members", methods=["POST"])
@signed_in(scope="manage")
@limited("making")
@blueprint.arguments(NewMembers)
@answers(201, AddedMembersSchema, refuses=(403, 409))
@transactional
def add_chat_members(session: Session, body: dict[str, list[int]], chat_id: int) -> Shape:
    """Add people of the workspace to a chat

    They start with all read and may read all history.
    """
    chat_actions.add_members(session, current_caller().user_id, chat_id, body["user_ids"])
    return {"items": queries.chat_members_among(session, chat_id, body["user_ids"])}


@blueprint.route("/chats/<id:chat_id>/members/<id:user_id>", methods=["PATCH"])
@signed_in(scope="manage")
@limited("changing")
@blueprint.arguments(ChatRoleChange)
@answers(200, ChatMemberSchema, refuses=(403, 409))
@transactional
def change_chat_member(session: Session, body: dict[str, str], chat_id: int, user_id: int) -> Shape:
    """Change a role in a chat

    For its owners; everybody may lower their own, except the last owner.
    """
    chat_actions.change_member_role(session, current_caller().user_id, chat_id, user_id, body["role"])
    return queries.chat_members_among(session, chat_id, [user_id])[0]


@blueprint.route("/chats/<id:chat_id>/members/<id:user_id>", methods=["DELETE"])
@signed_in(scope="manage")
@limited("changing")
@answers(204, refuses=(403, 409))
@transactional
def remove_chat_member(session: Session, chat_id: int, user_id: int) -> None:
    """Remove somebody from a chat, or leave it"""
    chat_actions.remove_member(session, current_caller().user_id, chat_id, user_id)
