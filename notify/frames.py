"""Server-Sent Events as bytes. The `id:` line comes last: a client cut in the middle of an event has not seen it."""

import random
from collections.abc import Iterable

import orjson

from fechatter.cursor import VERSION, Cursor, write_cursor
from fechatter.feed.placed import Placed

RETRY_MS = 500, 1500
"""From and to: each stream gets one of its own, for browsers wait exactly that long, and thousands of them that lose
the same notify would all be back in the same moment."""

COMMENT = b":\n\n"

# JSON leaves these as they are, but readers that split lines the Unicode way would break an event there.
LINE_ENDS = {"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def one_line(json: str) -> str:
    if json.isascii():
        return json
    for character, escape in LINE_ENDS.items():
        if character in json:
            json = json.replace(character, escape)
    return json


def frame(type_: str, json: str) -> bytes:
    """An event without its end: the `id:` line, if any, and the empty line follow."""
    return f"event: {type_}\ndata: {one_line(json)}\n".encode()


def passing_frame(type_: str, json: str) -> bytes:
    return frame(type_, json) + b"\n"


def id_line(cursor: Cursor) -> bytes:
    return f"id: {write_cursor(cursor)}\n\n".encode()


def shared_id_line(places: Iterable[str]) -> bytes:
    """The same from places that are written, and in ascending order of their workspaces, already."""
    return f"id: {'.'.join([VERSION, *places])}\n\n".encode()


def event_frame(event: Placed) -> bytes:
    return frame(event.type, event.body)


def ready(user_id: int, cursor: Cursor | None) -> bytes:
    """The first event; without a cursor (`null`, no `id:`) a `reset` follows."""
    shown = None if cursor is None else write_cursor(cursor)
    end = b"\n" if cursor is None else id_line(cursor)
    retry = random.randint(*RETRY_MS)  # noqa: S311 - spreads, and hides nothing
    return f"retry: {retry}\n".encode() + frame("ready", _json(user_id=user_id, cursor=shown)) + end


def reset(cursor: Cursor) -> bytes:
    return frame("reset", _json(cursor=write_cursor(cursor))) + id_line(cursor)


def bye(reason: str) -> bytes:
    return passing_frame("bye", _json(reason=reason))


def heartbeat(cursor: Cursor) -> bytes:
    """A comment, and an `id:` alone: it moves the cursor of who is told nothing for long."""
    return b":\n" + id_line(cursor)


def _json(**fields: object) -> str:
    return orjson.dumps(fields).decode()
