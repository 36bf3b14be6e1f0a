"""Chat lists kept in Redis for half a minute, as the bytes of the answer; without Redis there simply are none."""

from contextlib import suppress

import orjson
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from fechatter.outbox import freshen_lists
from fechatter.redis_link import RedisAway, RedisLink
from fechatter.shapes import Shape

LIVES = 30
"""Seconds. An old list stays true: the events behind its cursor are all that it lacks."""

LONGEST = 2**18
"""Bytes; a longer list is read afresh each time rather than filling Redis."""

DELETED = "SELECT FROM messages WHERE id = ANY(%s) AND deleted_at IS NOT NULL LIMIT 1"


def _key(user_id: int, workspace_id: int | None) -> str:
    return f"chat_list:{user_id}:{workspace_id or 'all'}"


def kept_list(
    redis: RedisLink, connection: Connection, user_id: int, list_version: int, workspace_id: int | None
) -> bytes | None:
    """What was kept for this person, if nothing has changed its own list since: the versions must be the same.

    Nor may any text in it have been deleted. That is looked up here, and not told by whoever deletes: telling is a
    write for each member, and would miss a list that was read before and is kept only after it.
    """
    try:
        kept = redis.call(lambda client: client.get(_key(user_id, workspace_id)))
    except RedisAway:
        return None
    tag, _, body = kept.partition(b"\n") if isinstance(kept, bytes) else (b"", b"", b"")
    version, *texts = tag.split() or [b""]
    if version != str(list_version).encode():
        return None
    is_over = texts and connection.exec_driver_sql(DELETED, ([int(id) for id in texts],)).first() is not None
    return None if is_over else body


def keep_list(redis: RedisLink, user_id: int, list_version: int, workspace_id: int | None, chats: Shape) -> bytes:
    """The list as the bytes of an answer, which are kept with the ids of the messages whose text is in them.

    `list_version` must have been read before the list was: then the list can be newer than its tag, never older.
    """
    body = orjson.dumps(chats)
    last_ones = [item["last_message"] for item in chats["items"] if item["last_message"]]
    texts = [message["id"] for message in last_ones if message["content"] is not None]
    if len(body) <= LONGEST:
        value = b"%b\n%b" % (" ".join(map(str, [list_version, *texts])).encode(), body)
        with suppress(RedisAway):
            redis.call(lambda client: client.set(_key(user_id, workspace_id), value, ex=LIVES))
    return body


def outdate_lists(engine: Engine, user_id: int) -> None:
    """For whom the stream tells to fetch afresh: what is kept has an older cursor than the one to go on from."""
    with Session(engine) as session, session.begin():
        freshen_lists(session, user_id)
