"""Forgets events past their time: a feed's tail moves first, so that no reader takes a hole for the whole."""

from datetime import timedelta

from sqlalchemy import Engine, text

from fechatter.retention import BATCH, EVENTS, Budget, delete_in_batches, run

OLD_FEEDS = """
SELECT f.workspace_id FROM feeds f CROSS JOIN LATERAL (
    SELECT e.created_at FROM events e WHERE e.workspace_id = f.workspace_id ORDER BY e.position LIMIT 1) oldest
 WHERE oldest.created_at < clock_timestamp() - :age
"""

# The tail ends before the first event that is to stay, even if an older one stands behind that.
MOVE_TAIL = """
WITH oldest AS (
    SELECT e.position, e.created_at < clock_timestamp() - :age AS is_old
      FROM events e JOIN feeds f ON f.workspace_id = e.workspace_id AND e.position > f.tail
     WHERE e.workspace_id = :workspace ORDER BY e.position LIMIT :batch
), old AS (
    SELECT max(position) AS position FROM oldest
     WHERE position < coalesce((SELECT min(position) FROM oldest WHERE NOT is_old), position + 1)
)
UPDATE feeds SET tail = old.position FROM old WHERE workspace_id = :workspace AND tail < old.position
"""

DELETE_BEHIND = """
DELETE FROM events WHERE workspace_id = :workspace AND position IN (
    SELECT e.position FROM events e
     WHERE e.workspace_id = :workspace AND e.position <= (SELECT tail FROM feeds WHERE workspace_id = :workspace)
     ORDER BY e.position LIMIT :batch FOR UPDATE SKIP LOCKED)
"""


def trim_feeds(engine: Engine, budget: Budget, older_than: timedelta = EVENTS) -> int:
    """Deletes the events that are older; the number deleted. A run cut short anywhere is finished by the next."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        workspaces = list(connection.scalars(text(OLD_FEEDS), {"age": older_than}))
    return sum(trim_feed(engine, workspace_id, budget, older_than) for workspace_id in workspaces)


def trim_feed(engine: Engine, workspace_id: int, budget: Budget, older_than: timedelta = EVENTS) -> int:
    deleted = delete_in_batches(engine, DELETE_BEHIND, budget, workspace=workspace_id)
    move = {"workspace": workspace_id, "age": older_than, "batch": BATCH}
    while not budget.is_spent and run(engine, MOVE_TAIL, move):
        deleted += delete_in_batches(engine, DELETE_BEHIND, budget, workspace=workspace_id)
    return deleted
