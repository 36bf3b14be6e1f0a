"""Puts down one row for each event that is to be pushed and each subscription that it is for, behind a cursor of its
own in each workspace's feed: posting a message writes nothing for it.

The rows and the step of the cursor are one transaction, so that none is lost and none is made twice.
"""

from sqlalchemy import Connection, Engine, text

from fechatter.db import fetch
from fechatter.push.wanted import IS_TOLD, LONGEST_WAIT

PAGE = 2000
"""Positions that one step looks through."""

LAZY = 1000
"""Where nobody subscribes, the cursor follows only when it lags this far: it is not written with each message."""

# By the index, whatever PostgreSQL believes of the table.
ANYBODY = "SELECT id FROM push_subscriptions ORDER BY id LIMIT 1"

LAGGING = """
SELECT DISTINCT f.workspace_id
  FROM push_subscriptions s
  JOIN workspace_members w ON w.user_id = s.user_id
  JOIN feeds f ON f.workspace_id = w.workspace_id
  LEFT JOIN push_cursors c ON c.workspace_id = f.workspace_id
 WHERE f.head > coalesce(c.position, 0)
"""

PLACE = """
SELECT f.head, f.tail, coalesce(c.position, 0) AS position,
       EXISTS (SELECT FROM push_subscriptions s JOIN workspace_members w ON w.user_id = s.user_id
                WHERE w.workspace_id = f.workspace_id) AS is_wanted
  FROM feeds f LEFT JOIN push_cursors c ON c.workspace_id = f.workspace_id
 WHERE f.workspace_id = :workspace
"""

BEGIN = text("INSERT INTO push_cursors (workspace_id) VALUES (:workspace) ON CONFLICT DO NOTHING")
HOLD = text("SELECT position FROM push_cursors WHERE workspace_id = :workspace FOR UPDATE")
MOVE = text("UPDATE push_cursors SET position = :until WHERE workspace_id = :workspace")

# Of each chat the newest of a page stands for all: what is told of it is found out when it is sent. What still waits
# unsent gives way to it too, and leaves it its place in the line.
PUT = text(f"""
WITH newest AS (
    SELECT DISTINCT ON (e.chat_id) e.chat_id, e.message_id, e.created_at FROM events e
     WHERE e.workspace_id = :workspace AND e.position > :after AND e.position <= :until
       AND e.type = 'message.created' AND e.created_at > now() - {LONGEST_WAIT}
     ORDER BY e.chat_id, e.position DESC
), wanted AS (
    SELECT s.id AS subscription_id, n.chat_id, n.message_id, m.seq, n.created_at, s.rests_until
      FROM newest n
      JOIN messages m ON m.id = n.message_id
      JOIN chats c ON c.id = n.chat_id AND c.deleted_at IS NULL
      JOIN chat_members r ON r.chat_id = n.chat_id AND r.last_read_seq < m.seq AND {IS_TOLD}
      JOIN push_subscriptions s ON s.user_id = r.user_id AND s.created_at <= n.created_at
), outdone AS (
    DELETE FROM pushes p USING wanted n
     WHERE p.subscription_id = n.subscription_id AND p.chat_id = n.chat_id AND p.sent_at IS NULL AND p.attempts = 0
 RETURNING p.subscription_id, p.chat_id, p.due_at
)
INSERT INTO pushes (subscription_id, chat_id, message_id, seq, created_at, due_at)
SELECT n.subscription_id, n.chat_id, n.message_id, n.seq, n.created_at,
       greatest(now(), n.rests_until, (SELECT max(o.due_at) FROM outdone o
                                        WHERE o.subscription_id = n.subscription_id AND o.chat_id = n.chat_id))
  FROM wanted n
    ON CONFLICT DO NOTHING
""")  # noqa: S608 - no input in it


def is_subscribed(engine: Engine) -> bool:
    """Whether anybody wants to be told of anything."""
    return bool(fetch(engine, ANYBODY))


def lagging_workspaces(engine: Engine) -> list[int]:
    """Those with somebody who subscribes, and with events that were not looked through."""
    return [workspace_id for (workspace_id,) in fetch(engine, LAGGING)]


def fan_out(engine: Engine, workspace_id: int) -> int:
    """Up to the present; the number of rows that were put down."""
    put, more = 0, True
    while more:
        with engine.begin() as connection:
            rows, more = _step(connection, workspace_id)
        put += rows
    return put


def _step(connection: Connection, workspace_id: int) -> tuple[int, bool]:
    where = {"workspace": workspace_id}
    place = connection.execute(text(PLACE), where).one_or_none()
    if place is None or place.head <= place.position or not (place.is_wanted or place.head - place.position > LAZY):
        return 0, False
    connection.execute(BEGIN, where)
    # Another may be at it just now: what it does is seen behind its lock.
    after = max(connection.execute(HOLD, where).scalar_one(), place.tail)
    until = min(place.head, after + PAGE)
    if after >= until:
        return 0, False
    rows = connection.execute(PUT, where | {"after": after, "until": until}).rowcount if place.is_wanted else 0
    connection.execute(MOVE, where | {"until": until})
    return rows, until < place.head
