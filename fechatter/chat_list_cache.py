"""Chat lists kept in Redis for half a minute, as the bytes of the answer; without Redis there simply are none."""

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from fechatter.outbox import freshen_lists
from fechatter.redis_link import RedisAway, RedisLink

LIVES = 30
"""Seconds. An old list stays true: the events behind its cursor are all that it lacks."""

LONGEST = 2**18
"""Bytes; a longer list is read afresh each time rather than filling Redis."""


def _key(user_id: int, workspace_id: int | None) -> str:
    return f"chat_list:{user_id}:{workspace_id or 'all'}"


def kept_list(redis: RedisLink, user_id: int, list_version: int, workspace_id: int | None) -> bytes | None:
    """What was kept for this person, if nothing has changed its own list since: the versions must be the same."""
    try:
        kept = redis.call(lambda client: client.get(_key(user_id, workspace_id)))
    except RedisAway:
        return None
    version, _, body = kept.partition(b"\n") if isinstance(kept, bytes) else (b"", b"", b"")
    return body if version == str(list_version).encode() else None


def keep_list(redis: RedisLink, user_id: int, list_version: int, workspace_id: int | None, body: bytes) -> None:
    """`list_version` must have been read before the list was: then the list can be newer than its tag, never older."""
    if len(body) > LONGEST:
        return
    value = b"%d\n%b" % (list_version, body)
    try:
        redis.call(lambda client: client.set(_key(user_id, workspace_id), value, ex=LIVES))
    except RedisAway:
        return


def outdate_lists(engine: Engine, user_id: int) -> None:
    """For whom the stream tells to fetch afresh: what is kept has an older cursor than the one to go on from."""
    with Session(engine) as session, session.begin():
        freshen_lists(session, user_id)
