"""What a reader tells: how far it has read, and that it is typing."""

from sqlalchemy.orm import Session

from app.answers import answers
from app.auth import current_caller, signed_in
from app.blueprint import Blueprint
from app.limited import limited
from app.schemas.reading import ReadSchema, ReadUpTo
from app.services import services
from app.transaction import reading, transactional
from fechatter.actions.reading import mark_read
from fechatter.actions.typing import typing
from fechatter.feed.publish import publish_passing
from fechatter.shapes import Shape

blueprint = Blueprint("reading", __name__, url_prefix="/api", description="Reading and typing")


@blueprint.route("/chats/<id:chat_id>/read", methods=["POST"])
@signed_in(scope="write")
@limited("reading")
@blueprint.arguments(ReadUpTo)
@answers(200, ReadSchema, refuses=(403,))
@transactional
def read(session: Session, pointer: dict[str, int], chat_id: int) -> Shape:
    """Say how far one has read

    The pointer never goes back, nor beyond the newest message.
    """
    return mark_read(session, current_caller().user_id, chat_id, pointer["seq"])


@blueprint.route("/chats/<id:chat_id>/typing", methods=["POST"])
@signed_in(scope="write")
@limited("typing")
@answers(204, refuses=(403,))
@reading
def show_typing(session: Session, chat_id: int) -> None:
    """Show the chat's other members that one is typing"""
    publish_passing(services().redis, typing(session.connection(), current_caller().user_id, chat_id))
