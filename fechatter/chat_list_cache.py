"""Chat lists kept in Redis for half a minute, as the bytes of the answer; without Redis there simply are none."""

from contextlib import suppress

from sqlalchemy import Connection, Engine, text

from fechatter.queries.chat_list import NO_LIST, OUTDATE, ChatList, ListTag, chat_list
from fechatter.redis_link import RedisAway, RedisLink

LIVES = 30
"""Seconds. An old list stays true: the events behind its cursor are all that it lacks."""

LONGEST = 2**18
"""Bytes; a longer list is read afresh each time rather than filling Redis."""


def own_chats(
    redis: RedisLink,
    where: Engine | Connection,
    session_id: int,
    user_id: int,
    workspace_id: int | None = None,
    read_through: bool = False,
) -> bytes:
    """The list of this person's chats, as the bytes of the answer. Raises SessionEnded, NotFound.

    What was kept is given again if nothing has changed this person's own list since, nor any text in it has been
    deleted. That is looked up each time, and not told by whoever deletes: telling is a write for each member, and
    would miss a list that was read before and is kept only after it.
    """
    key = f"chat_list:{user_id}:{workspace_id or 'all'}"
    kept = None if read_through else _kept(redis, key)
    listed = chat_list(where, session_id, user_id, workspace_id, kept.tag if kept else NO_LIST)
    if listed is None:
        assert kept, "no list is still true without having been kept"
        return kept.body
    _keep(redis, key, listed)
    return listed.body


def _kept(redis: RedisLink, key: str) -> ChatList | None:
    try:
        value = redis.call(lambda client: client.get(key))
    except RedisAway:
        return None
    if not isinstance(value, bytes):
        return None
    tag, _, body = value.partition(b"\n")
    list_version, *texts = map(int, tag.split())
    return ChatList(ListTag(list_version, texts), body)


def _keep(redis: RedisLink, key: str, listed: ChatList) -> None:
    if len(listed.body) > LONGEST:
        return
    tag = " ".join(map(str, [listed.tag.list_version, *listed.tag.texts]))
    with suppress(RedisAway):
        redis.call(lambda client: client.set(key, b"%b\n%b" % (tag.encode(), listed.body), ex=LIVES))


def outdate_lists(engine: Engine, user_id: int) -> None:
    """For whom the stream tells to fetch afresh: what is kept has an older cursor than the one to go on from."""
    with engine.begin() as connection:
        connection.execute(text(OUTDATE), {"user_ids": [user_id]})
