"""Reads a feed in pages, for a hub that has a gap and for a stream that resumes."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import Engine

from fechatter.cursor import LARGEST, Place
from fechatter.db import fetch
from fechatter.feed.placed import Placed

PAGE = 500

WINDOW = 4
"""A personal page first looks this many times its length ahead, and further only where that holds little."""


class Trimmed(Exception):
    """What was asked for is no longer kept, or stems from another epoch: start afresh."""


class Page(NamedTuple):
    """`events` is all that was asked for from behind the start up to `reaches`; `head` is the feed's."""

    events: Sequence[Placed]
    reaches: int
    head: int


class FeedState(NamedTuple):
    epoch: int
    head: int
    tail: int


COLUMNS = "e.position, e.outbox_id, e.audience, e.chat_id, e.to_user, e.message_id, e.type, e.body"

WHOLE = f"""
SELECT f.epoch, f.head, f.tail, page.* FROM feeds f LEFT JOIN LATERAL (
    SELECT {COLUMNS} FROM events e WHERE e.workspace_id = f.workspace_id AND e.position > %(after)s
     ORDER BY e.position LIMIT %(most)s) page ON true
 WHERE f.workspace_id = %(workspace)s ORDER BY page.position
"""  # noqa: S608 - no input in it

PERSONAL = f"""
SELECT e.epoch, e.head, e.tail, {COLUMNS}
  FROM personal_page_v1(%(workspace)s, %(after)s, %(until)s, %(most)s, %(person)s, CAST(%(chats)s AS bigint[])) e
"""  # noqa: S608 - no input in it


FEEDS = "SELECT workspace_id, epoch, head, tail FROM feeds WHERE workspace_id = ANY(CAST(%s AS bigint[]))"


def _read(
    engine: Engine, query: str, workspace_id: int, after: Place, most: int, until: int = LARGEST, **more: object
) -> Page:
    parameters = {"workspace": workspace_id, "after": after.position, "until": until, "most": most} | more
    rows = fetch(engine, query, parameters)
    if not rows:
        raise Trimmed
    # One statement is one snapshot: the tail it saw belongs to the rows it saw.
    epoch, head, tail = rows[0][:3]
    if tail > after.position or epoch != after.epoch or head < after.position:
        raise Trimmed
    events = [Placed(*event) for _, _, _, *event in rows if event[0] is not None]
    return Page(events, events[-1].position if len(events) == most else min(until, head), head)


def read_page(engine: Engine, workspace_id: int, after: Place, most: int = PAGE) -> Page:
    """Every event behind `after`. Raises Trimmed."""
    return _read(engine, WHOLE, workspace_id, after, most)


def read_personal_page(
    engine: Engine, workspace_id: int, after: Place, person: int, chats: Collection[int], most: int = PAGE
) -> Page:
    """The events behind `after` that may concern this person: of these chats, to it, or to all. Raises Trimmed."""
    found: list[Placed] = []
    window, mine = WINDOW * most, sorted(chats)
    while True:
        until = after.position + window
        page = _read(engine, PERSONAL, workspace_id, after, most - len(found), until, person=person, chats=mine)
        found += page.events
        if page.reaches == page.head or len(found) > most // 2:
            return Page(found, page.reaches, page.head)
        after, window = after._replace(position=page.reaches), window * WINDOW


def read_feeds(engine: Engine, workspace_ids: Collection[int]) -> dict[int, FeedState]:
    """How far these feeds reach, as PostgreSQL says."""
    if not workspace_ids:
        return {}
    rows = fetch(engine, FEEDS, (sorted(workspace_ids),))
    return {workspace_id: FeedState(*state) for workspace_id, *state in rows}
