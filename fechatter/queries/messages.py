"""A chat's history, page by page, and single messages."""

from collections.abc import Iterable
from typing import Any, NamedTuple

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
    """A page in ascending order. Raises NotFound, Forbidden."""
    last_seq = access.glimpse_of(connection, user_id, chat_id).last_seq
    low, high = page_range(bounds, limit, last_seq)
    rows = connection.exec_driver_sql(PAGE, (chat_id, low, high)).all() if low <= high else []
    return {
        "items": [shape_from(row) for row in rows],
        "has_more_before": low > 1,
        "has_more_after": high < last_seq,
    }


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
