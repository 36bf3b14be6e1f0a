"""A chat's history, page by page, and single messages."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from fechatter import access
from fechatter.errors import Forbidden
from fechatter.permissions import can_read
from fechatter.shapes import Shape, maybe_rfc3339, message_shape, rfc3339

COLUMNS = (
    "id",
    "chat_id",
    "seq",
    "sender_id",
    "content",
    "client_id",
    "reply_to",
    "created_at",
    "edited_at",
    "deleted_at",
)

PAGE = f"""
SELECT {", ".join(COLUMNS)} FROM messages WHERE chat_id = %s AND seq BETWEEN %s AND %s ORDER BY seq
"""  # noqa: S608 - no input in it

LONGEST_CHARACTER = 6
"""Bytes of JSON: `\\u0001`."""

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


def history(connection: Connection, user_id: int, chat_id: int, bounds: Bounds, limit: int) -> Shape:
    """A page in ascending order: up to `limit` messages, fewer if they are very long. Raises NotFound, Forbidden."""
    last_seq = access.glimpse_of(connection, user_id, chat_id).last_seq
    low, high = page_range(bounds, limit, last_seq)
    rows = connection.exec_driver_sql(PAGE, (chat_id, low, high)).all() if low <= high else []
    items = [shape_from(row) for row in rows]
    if items and sum(len(item["content"] or "") for item in items) * LONGEST_CHARACTER > LARGEST_PAGE:
        items = within_bytes(items, _anchor(bounds, low, high) - low)
        low, high = items[0]["seq"], items[-1]["seq"]
    return {"items": items, "has_more_before": low > 1, "has_more_after": high < last_seq}


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


def page_range(bounds: Bounds, limit: int, last_seq: int) -> tuple[int, int]:
    """The first and last `seq` of a page; there are no holes, so counting is enough. Nothing if low > high."""
    if bounds.after is not None:
        low = min(bounds.after, last_seq) + 1
        return low, min(low + limit - 1, last_seq)
    if bounds.around is not None:
        high = min(max(bounds.around - limit // 2, 1) + limit - 1, last_seq)
    else:
        high = last_seq if bounds.before is None else min(max(bounds.before - 1, 0), last_seq)
    return max(high - limit + 1, 1), high


def shape_from(row: Iterable[Any]) -> Shape:
    """A message's shape from its COLUMNS."""
    shape = dict(zip(COLUMNS, row, strict=True))
    shape["created_at"] = rfc3339(shape["created_at"])
    shape["edited_at"] = maybe_rfc3339(shape["edited_at"])
    shape["deleted_at"] = maybe_rfc3339(shape["deleted_at"])
    return shape
