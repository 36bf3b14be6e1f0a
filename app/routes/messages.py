"""Messages: posting, history, editing, deleting."""

from typing import Any

from sqlalchemy.orm import Session

from app import posting
from app.answers import answers
from app.auth import current_caller, current_claims, signed_in
from app.blueprint import Blueprint
from app.limited import fetching, limited
from app.schemas.messages import HistoryQuery, HistorySchema, MessageChanges, MessageSchema, NewMessage
from app.services import services
from app.transaction import reading, transactional
from fechatter.actions import messages as actions
from fechatter.queries.messages import Bounds, history, message_of
from fechatter.shapes import Shape

blueprint = Blueprint("messages", __name__, url_prefix="/api", description="Messages in a chat")


@blueprint.route("/chats/<id:chat_id>/messages", methods=["POST"])
@signed_in(scope="write")
@limited("posting")
@blueprint.arguments(NewMessage)
@answers(201, MessageSchema, also=(200,), refuses=(403,))
def post_message(message: dict[str, Any], chat_id: int) -> tuple[Shape | None, int]:
    """Post a message

    201 means committed and durable. The same `client_id` again is a 200 with the message as it is now.
    """
    posted = posting.post(chat_id, message)
    return posted.shape, 201 if posted.outcome == "created" else 200


@blueprint.route("/chats/<id:chat_id>/messages")
@signed_in(scope="read")
@fetching
@blueprint.arguments(HistoryQuery, location="query")
@answers(200, HistorySchema, refuses=(403,))
def list_messages(query: dict[str, int], chat_id: int) -> Shape:
    """A page of a chat's history

    Without a bound the newest page; `before` and `after` leave out the bound itself, `around` includes it.
    """
    claims, bounds = current_claims(), Bounds(query.get("before"), query.get("after"), query.get("around"))
    return history(services().engine, claims.session_id, claims.user_id, chat_id, bounds, query["limit"])


@blueprint.route("/messages/<id:message_id>")
@signed_in(scope="read")
@fetching
@answers(200, MessageSchema, refuses=(403,))
@reading
def get_message(session: Session, message_id: int) -> Shape:
    """One message"""
    return message_of(session, current_caller().user_id, message_id)


@blueprint.route("/messages/<id:message_id>", methods=["PATCH"])
@signed_in(scope="write")
@limited("posting")
@blueprint.arguments(MessageChanges)
@answers(200, MessageSchema, refuses=(403, 409))
@transactional
def edit_message(session: Session, changes: dict[str, str], message_id: int) -> Shape:
    """Edit one's own message"""
    return actions.edit_message(session, current_caller().user_id, message_id, changes["content"])


@blueprint.route("/messages/<id:message_id>", methods=["DELETE"])
@signed_in(scope="write")
@limited("posting")
@answers(204, refuses=(403,))
@transactional
def delete_message(session: Session, message_id: int) -> None:
    """Delete a message

    It stays in history as a tombstone without its text.
    """
    actions.delete_message(session, current_caller().user_id, message_id)
