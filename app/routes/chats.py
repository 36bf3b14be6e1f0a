"""Chats: listing, making, showing, renaming, deleting, joining and leaving them."""

from typing import Any

from flask import Response, request
from sqlalchemy.orm import Session

from app.answers import answers
from app.auth import current_caller, current_claims, may_read, signed_in
from app.blueprint import Blueprint, mentions
from app.limited import fetching, limited
from app.schemas.chat_list import ChatListHeaders, ChatListQuery, ChatListSchema
from app.schemas.chats import ChatChanges, ChatSchema, NewChat
from app.services import services
from app.transaction import reading, transactional
from fechatter.access import Seat, chat_for
from fechatter.actions import chat_members as member_actions
from fechatter.actions import chats as actions
from fechatter.actions.chats import Plan
from fechatter.chat_list_cache import own_chats
from fechatter.queries.chats import chat_view
from fechatter.shapes import Shape

blueprint = Blueprint("chats", __name__, url_prefix="/api/chats", description="Chats")


@blueprint.route("")
@signed_in(scope="read")
@fetching
@mentions(ChatListHeaders, "headers")
@blueprint.arguments(ChatListQuery, location="query")
@answers(200, ChatListSchema)
def list_chats(query: dict[str, int]) -> Response:
    """One's own chats, newest activity first

    `cursor` is a place in the event stream: the list and the events behind that place are the present, even where
    the list, which may come from a cache, is up to 30 s old.
    """
    claims, workspace_id = current_claims(), query.get("workspace_id")
    read_through = bool(request.cache_control.no_cache)
    body = own_chats(services().redis, services().engine, claims.session_id, claims.user_id, workspace_id, read_through)
    return Response(body, mimetype="application/json", headers={"Cache-Control": "private, no-cache"})


@blueprint.route("", methods=["POST"])
@signed_in(scope="manage")
@limited("making")
@blueprint.arguments(NewChat)
@answers(201, ChatSchema, also=(200,), refuses=(403, 404, 409))
@transactional
def create_chat(session: Session, body: dict[str, Any]) -> tuple[Shape, int]:
    """Make a chat

    The single of two people is always the same one: if there is one, the answer is a 200 with it.
    """
    me, plan = current_caller().user_id, Plan(body["type"], body["name"], body["topic"], body["member_ids"])
    chat, is_new = actions.create_chat(session, me, body["workspace_id"], plan)
    return _answer(session, chat_for(session, me, chat.id)), 201 if is_new else 200


@blueprint.route("/<id:chat_id>")
@signed_in(scope="read")
@fetching
@answers(200, ChatSchema)
@reading
def show_chat(session: Session, chat_id: int) -> Shape:
    """One chat"""
    return chat_view(session, chat_for(session, current_caller().user_id, chat_id))


@blueprint.route("/<id:chat_id>", methods=["PATCH"])
@signed_in(scope="manage")
@limited("changing")
@blueprint.arguments(ChatChanges)
@answers(200, ChatSchema, refuses=(403, 409))
@transactional
def change_chat(session: Session, body: dict[str, Any], chat_id: int) -> Shape:
    """Rename a chat, set its topic, or say who posts in a channel and how often"""
    return _answer(session, actions.change_chat(session, current_caller().user_id, chat_id, body))


@blueprint.route("/<id:chat_id>", methods=["DELETE"])
@signed_in(scope="manage")
@limited("changing")
@answers(204, refuses=(403,))
@transactional
def delete_chat(session: Session, chat_id: int) -> None:
    """Delete a chat with all its messages"""
    actions.delete_chat(session, current_caller().user_id, chat_id)


@blueprint.route("/<id:chat_id>/join", methods=["POST"])
@signed_in(scope="write")
@limited("making")
@answers(200, ChatSchema, refuses=(403, 409))
@transactional
def join_chat(session: Session, chat_id: int) -> Shape:
    """Join a public channel of one's workspace

    Joining it twice changes nothing.
    """
    return _answer(session, member_actions.join_chat(session, current_caller().user_id, chat_id))


@blueprint.route("/<id:chat_id>/leave", methods=["POST"])
@signed_in(scope="write")
@limited("changing")
@answers(204, refuses=(403, 409))
@transactional
def leave_chat(session: Session, chat_id: int) -> None:
    """Leave a chat

    The last owner of a channel cannot; a group's longest-standing admin, else member, then becomes its owner.
    """
    member_actions.leave_chat(session, current_caller().user_id, chat_id)


def _answer(session: Session, seat: Seat) -> Shape:
    """To a call that reads nothing."""
    shape = chat_view(session, seat)
    return shape if may_read() else shape | {"last_message": None}
