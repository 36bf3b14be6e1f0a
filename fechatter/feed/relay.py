"""Moves events from the outbox into their feed, in commit order, and publishes what is known to be committed."""

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Engine

from fechatter.db import fetch
from fechatter.feed.placed import Batch, Placed

MOST = 500
"""Rows of a workspace that one call moves."""

STALE = 0.25
"""Seconds after which a row in the outbox has missed its wake-up, and the sweep or notify's poll relays it."""

RELAY = """
SELECT workspace_id, epoch, position, outbox_id, audience, chat_id, to_user, message_id, type, body
  FROM relay_v2(%s::bigint[], %s, %s)
"""

Publish = Callable[[Sequence[Batch]], object]
"""Comes after the commit (a published event that is not in the feed would be lost on a resume) and may fail: whoever
listens notices the gap and reads the feed."""


class Relayed(NamedTuple):
    """What one call moved. `left` are workspaces of which there may be more: another was relaying them, or a call moves
    no more than it did."""

    batches: Sequence[Batch]
    left: Sequence[int]

    @property
    def moved(self) -> int:
        """Events."""
        return sum(len(batch.events) for batch in self.batches)


def relay_once(engine: Engine, workspace_ids: Collection[int], wait: bool, most: int = MOST) -> Relayed:
    """One call, one commit: a caller stopped at any point holds nothing.

    Only a call of one workspace may `wait` for another that relays it: who holds the locks of several waits for none.
    """
    return _relayed(fetch(engine, RELAY, (list(workspace_ids), wait, most)), most)


def _relayed(rows: Iterable[Sequence[Any]], most: int) -> Relayed:
    batches, left = list[Batch](), list[int]()
    for workspace_id, of_one in groupby(rows, key=itemgetter(0)):
        events = list(of_one)
        if events[0][2] is None:
            left.append(workspace_id)
            continue
        batches.append(Batch(workspace_id, events[0][1], [Placed(*event[2:]) for event in events]))
        if len(events) == most:
            left.append(workspace_id)
    return Relayed(batches, left)


def relay(engine: Engine, workspace_id: int, publish: Publish, wait: bool = True, most: int = MOST) -> int:
    """Goes on until a call comes back short; the number of events moved. Doubled and late calls do no harm."""
    moved = 0
    while batches := (relayed := relay_once(engine, [workspace_id], wait, most)).batches:
        publish(batches)
        moved += relayed.moved
        if not relayed.left:
            break
    return moved


# The first row of each workspace says how long it has waited; jumping from one to the next reads no others, however
# many there are because nobody relays.
FIRST_OF_EACH = """
WITH RECURSIVE first AS (
    (SELECT workspace_id, created_at FROM outbox ORDER BY workspace_id, id LIMIT 1)
    UNION ALL
    SELECT next.* FROM first CROSS JOIN LATERAL (
        SELECT o.workspace_id, o.created_at FROM outbox o WHERE o.workspace_id > first.workspace_id
         ORDER BY o.workspace_id, o.id LIMIT 1) next
)
"""

STALE_OF_ALL = f"""{FIRST_OF_EACH}
SELECT workspace_id FROM first WHERE created_at < clock_timestamp() - make_interval(secs => %(age)s) LIMIT 1000
"""  # noqa: S608 - no input in it

STALE_OF_SOME = """
SELECT asked.workspace_id FROM unnest(CAST(%(among)s AS bigint[])) AS asked(workspace_id) CROSS JOIN LATERAL (
    SELECT o.created_at FROM outbox o WHERE o.workspace_id = asked.workspace_id ORDER BY o.id LIMIT 1) first
 WHERE first.created_at < clock_timestamp() - make_interval(secs => %(age)s) LIMIT 1000
"""


def stale_workspaces(engine: Engine, among: Collection[int] | None = None, older_than: float = STALE) -> list[int]:
    """Workspaces (of these, or of all) with events that have waited in the outbox for over `older_than` seconds."""
    query, values = STALE_OF_ALL, {"age": older_than, "among": sorted(among or ())}
    if among is not None:
        query = STALE_OF_SOME
    return [workspace_id for (workspace_id,) in fetch(engine, query, values)]
