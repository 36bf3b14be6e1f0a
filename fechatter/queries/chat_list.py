"""A person's chats, newest activity first, with the place in the stream from which events complete the list."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from fechatter.cursor import Place, write_cursor
from fechatter.errors import NotFound
from fechatter.queries.messages import COLUMNS as MESSAGE_COLUMNS
from fechatter.queries.messages import shape_from
from fechatter.shapes import Shape, rfc3339

FEEDS = """
SELECT f.workspace_id, f.epoch, f.head
  FROM workspace_members m
  JOIN workspaces w ON w.id = m.workspace_id AND w.deleted_at IS NULL
  JOIN feeds f ON f.workspace_id = m.workspace_id
 WHERE m.user_id = %s
"""

CHAT_COLUMNS = ("id", "workspace_id", "type", "name", "topic", "member_count", "last_seq", "created_at")

CHATS = f"""
SELECT {", ".join(f"c.{name}" for name in CHAT_COLUMNS)}, m.role, m.last_read_seq,
       {", ".join(f"last.{name}" for name in MESSAGE_COLUMNS)}
  FROM chat_members m
  JOIN chats c ON c.id = m.chat_id AND c.deleted_at IS NULL
  LEFT JOIN messages last ON last.chat_id = c.id AND last.seq = c.last_seq
 WHERE m.user_id = %s AND c.workspace_id = ANY(%s)
 ORDER BY c.active_at DESC, c.id DESC
"""  # noqa: S608 - no input in it

MEMBERS = """
SELECT m.chat_id, array_agg(m.user_id ORDER BY m.user_id)
  FROM chat_members m WHERE m.chat_id = ANY(%s) GROUP BY m.chat_id
"""

OWN_COLUMNS = (*CHAT_COLUMNS, "role", "last_read_seq")


def chat_list(connection: Connection, user_id: int, workspace_id: int | None = None) -> Shape:
    """All chats of this person, or those in one workspace; the cursor is of all its workspaces. Raises NotFound.

    Always three statements. The cursor comes first: what the list has beyond it is told again by the events behind
    it, and does no harm; what the list lacked would be missing for ever.
    """
    feeds = connection.exec_driver_sql(FEEDS, (user_id,)).all()
    cursor = {workspace: Place(epoch, head) for workspace, epoch, head in feeds}
    if workspace_id is not None and workspace_id not in cursor:
        raise NotFound
    workspaces = list(cursor) if workspace_id is None else [workspace_id]
    rows = connection.exec_driver_sql(CHATS, (user_id, workspaces)).all() if workspaces else []
    items = [_item(row) for row in rows]
    _add_members(connection, [item for item in items if item["type"] in ("single", "group")])
    return {"items": items, "cursor": write_cursor(cursor)}


def _item(row: Sequence[Any]) -> Shape:
    item = dict(zip(OWN_COLUMNS, row, strict=False))
    message = row[len(OWN_COLUMNS) :]
    item["created_at"] = rfc3339(item["created_at"])
    item["unread_count"] = item["last_seq"] - item["last_read_seq"]
    item["last_message"] = None if message[0] is None else shape_from(message)
    item["member_ids"] = None
    return item


def _add_members(connection: Connection, items: Sequence[Shape]) -> None:
    if not items:
        return
    rows = connection.exec_driver_sql(MEMBERS, ([item["id"] for item in items],)).all()
    members = {row[0]: row[1] for row in rows}
    for item in items:
        # Its last member may have gone since the statement before.
        item["member_ids"] = members.get(item["id"], [])
