"""A chat's history, page by page, and single messages."""

from collections.abc import Sequence
from typing import NamedTuple

import orjson
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from fechatter import access
from fechatter.db import fetch
from fechatter.errors import Forbidden, SessionEnded
from fechatter.permissions import can_read
from fechatter.shapes import Shape, message_shape

LARGEST_ID = 2**63 - 1

HISTORY = """
SELECT lives, last_seq, low, high, page, chat_type, chat_role, workspace_role
  FROM history_v1(%s, %s, %s, %s, %s, %s)
"""

LARGEST_PAGE = 2 * 2**20
"""Bytes of JSON that the messages of a page may have together; a hundred of the longest have 1 MB in plain letters."""


class Bounds(NamedTuple):
    """Which page: at most one of the three; none of them is the newest page."""

    before: int | None = None
    after: int | None = None
    around: int | None = None


def message_of(session: Session, user_id: int, message_id: int) -> Shape:
    """One message. Raises NotFound, Forbidden."""
    message, seat = access.message_for(session, user_id, message_id)
    if not can_read(seat.standing):
        raise Forbidden
    return message_shape(message)


def history(
    where: Engine | Connection, session_id: int, user_id: int, chat_id: int, bounds: Bounds, limit: int
) -> Shape:
    """A page in ascending order: up to `limit` messages, fewer if they are very long. Its JSON is PostgreSQL's.

    Raises SessionEnded, NotFound, Forbidden: no other check is needed before.
    """
    [row] = fetch(where, HISTORY, (session_id, user_id, chat_id, *reach(bounds, limit), limit))
    lives, last_seq, low, high, page, *standing = row
    if not lives:
        raise SessionEnded
    access.check_readable(*standing)
    items = (page or "[]").encode()
    if len(items) > LARGEST_PAGE:
        kept = within_bytes(orjson.loads(items), _anchor(bounds, low, high) - low)
        low, high, items = kept[0]["seq"], kept[-1]["seq"], orjson.dumps(kept)
    more_before, more_after = min(low, last_seq + 1) > 1, high < last_seq
    return {"items": orjson.Fragment(items), "has_more_before": more_before, "has_more_after": more_after}


def reach(bounds: Bounds, limit: int) -> tuple[int, int]:
    """The lowest and the highest `seq` that may be on the page, whose end is there or at the newest message. There are
    no holes, so counting is enough."""
    if bounds.after is not None:
        return min(bounds.after + 1, LARGEST_ID), min(bounds.after + limit, LARGEST_ID)
    if bounds.around is not None:
        return 1, min(max(bounds.around - limit // 2, 1) + limit - 1, LARGEST_ID)
    return 1, LARGEST_ID if bounds.before is None else max(bounds.before - 1, 0)


def _anchor(bounds: Bounds, low: int, high: int) -> int:
    """The `seq` that the page must hold however short it is, so that walking on from it misses nothing."""
    if bounds.around is not None:
        return min(max(bounds.around, low), high)
    return low if bounds.after is not None else high


def within_bytes(items: Sequence[Shape], anchor: int) -> list[Shape]:
    """As many around the one at `anchor` as fit LARGEST_PAGE, that one in any case, the nearer ones first."""
    sizes = [len(orjson.dumps(item)) for item in items]
    first, last, room = anchor, anchor, LARGEST_PAGE - sizes[anchor]
    while beside := [place for place in (first - 1, last + 1) if 0 <= place < len(items)]:
        nearest = min(beside, key=lambda place: abs(place - anchor))
        room -= sizes[nearest]
        if room < 0:
            break
        first, last = min(first, nearest), max(last, nearest)
    return list(items[first : last + 1])
