"""Posting, the busiest call: stored by one statement, tried again only where that can do no harm."""

from typing import Any, NoReturn

from sqlalchemy.exc import DBAPIError

from app.auth import current_claims
from app.services import services
from app.transaction import step_back
from fechatter.access import chat_for
from fechatter.actions.posting import Post, Posted
from fechatter.errors import Blocked, Forbidden, Invalid, ReadOnly, TooMany
from frame.bearer import bad_token
from frame.database_errors import is_collision


def post(chat_id: int, message: dict[str, Any]) -> Posted:
    """The message that now stands. Raises what a post can be refused for; the session's row is read by the call."""
    try:
        posted = _post_once(chat_id, message)
    except DBAPIError as error:
        if not is_collision(error) and not _may_repeat(error, message):
            raise
        step_back()
        posted = _post_once(chat_id, message)
    if posted.shape is None:
        _refuse(posted, chat_id)
    if posted.outcome == "created":
        services().wakeup.wake([posted.workspace_id])
    return posted


def _may_repeat(error: DBAPIError, message: dict[str, Any]) -> bool:
    """After a broken connection nobody knows whether it was posted; only a `client_id` keeps it from being two."""
    return error.connection_invalidated and message.get("client_id") is not None


def _post_once(chat_id: int, message: dict[str, Any]) -> Posted:
    claims = current_claims()
    return services().posting.post(
        Post(
            claims.session_id,
            claims.user_id,
            chat_id,
            message["content"],
            message.get("client_id"),
            message.get("reply_to"),
        )
    )


def _refuse(posted: Posted, chat_id: int) -> NoReturn:
    match posted.outcome:
        case "session_ended":
            raise bad_token()
        case "bad_reply":
            raise Invalid({"reply_to": ["Not a message of this chat."]})
        case "blocked":
            raise Blocked
        case "read_only":
            raise ReadOnly
        case "slow_mode":
            raise TooMany(posted.retry_after or 1, "slow_mode", "Slow mode: wait before posting here again.")
    # Also for a chat that is not there, so that the time it takes does not tell it from one that is hidden.
    with services().reading() as session:
        chat_for(session, current_claims().user_id, chat_id)
    raise Forbidden
