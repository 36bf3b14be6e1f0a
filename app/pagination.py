"""Lists by keyset: a page ends with a cursor that says behind which key the next one begins."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Malformed
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import orjson

from app.schemas.fields import LARGEST_ID, StrictSchema, Text, Whole
from fechatter.errors import Invalid
from fechatter.shapes import Shape
from fechatter.text import is_storable

T = TypeVar("T")
Key = tuple[Any, ...]


class Paging(StrictSchema):
    """The query of a list that pages: `@blueprint.arguments(Paging, location="query")`."""

    cursor = Text(1, 2000)
    limit = Whole(1, 100, query=True, load_default=50)


def write_key(key: Sequence[int | str]) -> str:
    return urlsafe_b64encode(orjson.dumps(list(key))).rstrip(b"=").decode()


def read_key(cursor: str | None, *types: type) -> Key | None:
    """The key in a cursor, None without one: `read_key(query.get("cursor"), str, int)`. Raises Invalid."""
    if cursor is None:
        return None
    try:
        key = orjson.loads(urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
    except (Malformed, ValueError) as error:
        raise _not_ours() from error
    if not isinstance(key, list) or len(key) != len(types) or not all(map(_is_part, key, types)):
        raise _not_ours()
    return tuple(key)


def _is_part(value: Any, wanted: type) -> bool:
    if type(value) is not wanted:
        return False
    return 0 <= value <= LARGEST_ID if isinstance(value, int) else is_storable(value)


def _not_ours() -> Invalid:
    return Invalid({"cursor": ["Not a cursor of this list."]})


def page(rows: Sequence[T], limit: int, key: Callable[[T], Sequence[int | str]], shape: Callable[[T], Shape]) -> Shape:
    """Of `limit + 1` rows asked for: up to `limit` of them as `items`, and `next_cursor` if there was one more.

    after = read_key(query.get("cursor"), int)
    rows = members_after(session, workspace_id, after, query["limit"] + 1)
    return page(rows, query["limit"], key=lambda member: (member.user_id,), shape=member_shape)
    """
    kept = rows[:limit]
    more = len(rows) > limit
    return {"items": [shape(row) for row in kept], "next_cursor": write_key(key(kept[-1])) if more else None}
