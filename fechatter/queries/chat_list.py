"""A person's chats, newest activity first, with the place in the stream from which events complete the list."""

from typing import NamedTuple

import orjson
from sqlalchemy import Connection, Engine

from fechatter.cursor import Place, write_cursor
from fechatter.db import fetch
from fechatter.errors import NotFound, SessionEnded

LIST = """
SELECT list_version, still_true, feeds, items, texts FROM chat_list_v2(%s, %s, %s, %s, %s::bigint[])
"""

OUTDATE = "UPDATE users SET list_version = list_version + 1 WHERE id = ANY (:user_ids)"
"""Makes what is kept of these people's lists stale."""


class ListTag(NamedTuple):
    """What a list depends on: its owner's `users.list_version`, and the ids of the messages whose text is in it."""

    list_version: int
    texts: list[int]


NO_LIST = ListTag(-1, [])


class ChatList(NamedTuple):
    """`body` is the JSON of the answer."""

    tag: ListTag
    body: bytes


def chat_list(
    where: Engine | Connection,
    session_id: int,
    user_id: int,
    workspace_id: int | None = None,
    kept: ListTag = NO_LIST,
) -> ChatList | None:
    """All chats of this person, or those in one workspace; the cursor is of all its workspaces. None if a list with
    the tag `kept` is still true.

    Raises SessionEnded, NotFound: no other check is needed before.
    """
    [row] = fetch(where, LIST, (session_id, user_id, workspace_id, *kept))
    list_version, still_true, feeds, items, texts = row
    if list_version is None:
        raise SessionEnded
    if still_true:
        return None
    cursor = {workspace: Place(epoch, head) for workspace, epoch, head in feeds or []}
    if workspace_id is not None and workspace_id not in cursor:
        raise NotFound
    body = {"items": orjson.Fragment(items or "[]"), "cursor": write_cursor(cursor)}
    return ChatList(ListTag(list_version, texts or []), orjson.dumps(body))
