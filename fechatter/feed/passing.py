"""Events that pass: typing and presence. They go straight to Redis, carry no cursor and are never replayed."""

from collections.abc import Collection
from typing import NamedTuple

import orjson

from fechatter.feed.placed import PASSING
from fechatter.shapes import Shape


class Passing(NamedTuple):
    """To the members of `chat_id`, or to the whole workspace where that is None; never to `except_users`.

    `head`: who is a member is known only to a hub whose feed has come so far.
    """

    workspace_id: int
    type: str
    chat_id: int | None
    except_users: Collection[int]
    head: int
    body: str


def passing(
    workspace_id: int,
    type_: str,
    body: Shape,
    except_users: Collection[int],
    chat_id: int | None = None,
    head: int = 0,
) -> Passing:
    """`body` is what clients see, beside `type`, `workspace_id` and `chat_id`, which are put in front of it."""
    first: Shape = {"type": type_, "workspace_id": workspace_id} | ({"chat_id": chat_id} if chat_id else {})
    return Passing(workspace_id, type_, chat_id, list(except_users), head, orjson.dumps(first | body).decode())


def passing_channel(event: Passing) -> str:
    return PASSING % event.workspace_id


def write_passing(event: Passing) -> bytes:
    return orjson.dumps(list(event))


def read_passing(data: bytes) -> Passing:
    return Passing(*orjson.loads(data))
