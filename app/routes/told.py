"""What one wants to be told of while one is away."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.answers import answers
from app.auth import current_caller, signed_in
from app.blueprint import Blueprint
from app.limited import fetching, limited
from app.schemas.push import ChatLevelSchema, LevelChoice, NotificationChanges, NotificationSettingsSchema
from app.transaction import reading, transactional
from fechatter.actions import told as actions
from fechatter.errors import Invalid
from fechatter.queries.told import level_view, settings_view
from fechatter.shapes import Shape

blueprint = Blueprint("told", __name__, url_prefix="/api", description="What one is told of")

LONGEST_PAUSE = timedelta(days=3650)


@blueprint.route("/chats/<id:chat_id>/notifications")
@signed_in(scope="read")
@fetching
@answers(200, ChatLevelSchema, refuses=(403,))
@reading
def show_chat_level(session: Session, chat_id: int) -> Shape:
    """What of a chat is pushed to oneself"""
    return level_view(session, current_caller().user_id, chat_id)


@blueprint.route("/chats/<id:chat_id>/notifications", methods=["PATCH"])
@signed_in(scope="manage")
@limited("changing")
@blueprint.arguments(LevelChoice)
@answers(200, ChatLevelSchema, refuses=(403,))
@transactional
def change_chat_level(session: Session, body: dict[str, str], chat_id: int) -> Shape:
    """Choose what of a chat is pushed to oneself

    It holds as long as one is in the chat.
    """
    me = current_caller().user_id
    actions.choose_level(session, me, chat_id, body["level"])
    return level_view(session, me, chat_id)


@blueprint.route("/notifications/settings")
@signed_in(scope="read")
@fetching
@answers(200, NotificationSettingsSchema)
@reading
def show_notification_settings(session: Session) -> Shape:
    """Until when nothing is pushed, and the chats with a level of their own"""
    return settings_view(session, current_caller().user_id)


@blueprint.route("/notifications/settings", methods=["PATCH"])
@signed_in(scope="manage")
@limited("changing")
@blueprint.arguments(NotificationChanges)
@answers(200, NotificationSettingsSchema)
@transactional
def change_notification_settings(session: Session, body: dict[str, Any]) -> Shape:
    """Have nothing pushed until a time

    Of what came meanwhile nothing is pushed later either. A time that has passed is like null.
    """
    me = current_caller().user_id
    if "paused_until" in body:
        actions.pause(session, me, _future(body["paused_until"]))
    return settings_view(session, me)


def _future(moment: datetime | None) -> datetime | None:
    """Raises Invalid."""
    now = datetime.now(UTC)
    if moment is None or moment <= now:
        return None
    if moment > now + LONGEST_PAUSE:
        raise Invalid({"paused_until": ["Must be within ten years."]})
    return moment
