"""Showing the others in a chat that one is typing; nothing is stored."""

from datetime import UTC, datetime

from sqlalchemy import Connection

from fechatter import access
from fechatter.feed.passing import Passing, passing
from fechatter.shapes import rfc3339


def typing(connection: Connection, user_id: int, chat_id: int) -> Passing:
    """What to publish. Raises NotFound, Forbidden."""
    workspace_id = access.glimpse_of(connection, user_id, chat_id).workspace_id
    body = {"actor_id": user_id, "user_id": user_id, "at": rfc3339(datetime.now(UTC))}
    return passing(workspace_id, "typing", body, chat_id, except_user=user_id)
