"""One's own chats, from the cache where that is still true."""

import orjson
from flask import Response, request
from sqlalchemy.orm import Session

from app.answers import answers
from app.auth import current_caller, signed_in
from app.blueprint import Blueprint
from app.schemas.chat_list import ChatListQuery, ChatListSchema
from app.services import services
from app.transaction import reading
from fechatter.chat_list_cache import keep_list, kept_list
from fechatter.queries.chat_list import chat_list

blueprint = Blueprint("chat list", __name__, url_prefix="/api", description="One's own chats")


@blueprint.route("/chats")
@signed_in
@blueprint.arguments(ChatListQuery, location="query")
@answers(200, ChatListSchema)
@reading
def list_chats(session: Session, query: dict[str, int]) -> Response:
    """One's own chats, newest activity first

    `cursor` is a place in the event stream: the list and the events behind that place are the present, even where
    the list is up to 30 s old. `Cache-Control: no-cache` on the request reads it afresh.
    """
    caller, redis, workspace_id = current_caller(), services().redis, query.get("workspace_id")
    body = None
    if not request.cache_control.no_cache:
        body = kept_list(redis, caller.user_id, caller.list_version, workspace_id)
    if body is None:
        body = orjson.dumps(chat_list(session.connection(), caller.user_id, workspace_id))
        keep_list(redis, caller.user_id, caller.list_version, workspace_id, body)
    return Response(body, mimetype="application/json", headers={"Cache-Control": "private, no-cache"})
