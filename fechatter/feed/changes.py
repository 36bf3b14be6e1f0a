"""Reads `user_changes` so that none is missed, in whatever order the writers commit."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Engine

from fechatter.db import fetch


class Change(NamedTuple):
    """`kind` is workspace_joined or session_ended; the tables say what is so now. `id` tells repeats apart."""

    id: int
    user_id: int
    kind: str
    session_id: int | None
    reason: str | None


# One statement is one snapshot: what it does not see was written by a transaction that is at or above its xmin.
# A cursor by id would pass over rows with lower ids whose transactions commit later.
READ = """
SELECT CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS next_xid,
       c.id, c.user_id, c.kind, c.session_id, c.reason
  FROM (SELECT) AS always LEFT JOIN user_changes c ON c.xid >= CAST(CAST(%(since)s AS text) AS xid8)
 ORDER BY c.id
"""


def read_changes(engine: Engine, since_xid: int | None) -> tuple[Sequence[Change], int]:
    """All changes that the reading which returned `since_xid` may not have seen, and where to go on.

    Changes come again as long as an older transaction runs, in this database or another of the server; acting on one
    twice must do no harm. With None (the first reading): none, and where to begin.
    """
    rows = fetch(engine, READ, {"since": None if since_xid is None else str(since_xid)})
    return [Change(*change) for _, *change in rows if change[0] is not None], int(rows[0][0])
