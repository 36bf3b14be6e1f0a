"""Showing the others in a chat that one is typing; nothing is stored."""

from datetime import UTC, datetime

from sqlalchemy import Connection, text

from fechatter import access
from fechatter.feed.passing import Passing, passing
from fechatter.shapes import rfc3339

# Of one moment: a removal that was answered stands in the outbox still, or before the feed's head.
LEAVING = text(
    """
    SELECT f.head, ARRAY(SELECT o.to_user FROM outbox o
                          WHERE o.workspace_id = f.workspace_id AND o.chat_id = :chat AND o.type = 'member.removed')
           AS removed
      FROM feeds f WHERE f.workspace_id = :workspace
    """
)


def typing(connection: Connection, user_id: int, chat_id: int) -> Passing:
    """What to publish; only who may post types. Raises NotFound, Forbidden, Blocked, ReadOnly."""
    workspace_id = access.workspace_of(connection, user_id, chat_id, to_post=True)
    body = {"actor_id": user_id, "user_id": user_id, "at": rfc3339(datetime.now(UTC))}
    leaving = connection.execute(LEAVING, {"workspace": workspace_id, "chat": chat_id}).one()
    return passing(workspace_id, "typing", body, {user_id, *leaving.removed}, chat_id, leaving.head)
