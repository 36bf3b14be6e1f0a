"""Looks whether a database that was filled from outside keeps every rule that the product's own actions keep."""

from typing import Any

from bench.big_world import BigWorld
from bench.copying import copying
from launcher.errors import LaunchError

SENT = "(SELECT chat_id, sender_id, max(seq) AS seq FROM messages GROUP BY chat_id, sender_id)"

BREACHES = {
    "numbers without holes, times that rise with them": """
        SELECT count(*) FROM (
            SELECT seq, created_at, row_number() OVER chat AS place, lag(created_at) OVER chat AS before
              FROM messages WINDOW chat AS (PARTITION BY chat_id ORDER BY seq)) m
         WHERE seq <> place OR created_at <= before""",
    "last_seq and active_at of a chat are those of its last message": """
        SELECT count(*) FROM chats c LEFT JOIN messages m ON m.chat_id = c.id AND m.seq = c.last_seq
         WHERE CASE WHEN c.last_seq = 0 THEN c.active_at <> c.created_at
                    ELSE m.id IS NULL OR m.created_at <> c.active_at OR m.created_at < c.created_at END""",
    "no message is behind last_seq": """
        SELECT count(*) FROM messages m JOIN chats c ON c.id = m.chat_id WHERE m.seq > c.last_seq""",
    "who wrote is a member, and has read that far": f"""
        SELECT count(*) FROM {SENT} s LEFT JOIN chat_members m ON m.chat_id = s.chat_id AND m.user_id = s.sender_id
         WHERE m.user_id IS NULL OR m.last_read_seq < s.seq""",
    "nobody has read further than there is": """
        SELECT count(*) FROM chat_members m JOIN chats c ON c.id = m.chat_id
         WHERE m.last_read_seq NOT BETWEEN 0 AND c.last_seq""",
    "member_count of chats": """
        SELECT count(*) FROM chats c WHERE member_count <> (
            SELECT count(*) FROM chat_members m WHERE m.chat_id = c.id)""",
    "member_count of workspaces": """
        SELECT count(*) FROM workspaces w WHERE member_count <> (
            SELECT count(*) FROM workspace_members m WHERE m.workspace_id = w.id)""",
    "members of a chat are in its workspace": """
        SELECT count(*) FROM chat_members m JOIN chats c ON c.id = m.chat_id
          LEFT JOIN workspace_members w ON w.workspace_id = c.workspace_id AND w.user_id = m.user_id
         WHERE w.user_id IS NULL""",
    "every chat and every workspace has one owner": """
        SELECT (SELECT count(*) FROM chats c WHERE 1 <> (
                    SELECT count(*) FROM chat_members m WHERE m.chat_id = c.id AND m.role = 'owner'))
             + (SELECT count(*) FROM workspaces w WHERE 1 <> (
                    SELECT count(*) FROM workspace_members m WHERE m.workspace_id = w.id AND m.role = 'owner'))""",
    "every workspace has a feed, which says what the events say": """
        SELECT count(*) FROM workspaces w LEFT JOIN feeds f ON f.workspace_id = w.id
         WHERE f.head IS NULL OR f.head - f.tail <> (SELECT count(*) FROM events e WHERE e.workspace_id = w.id)""",
    "memberships begin with events of their own, before all that are to come": """
        SELECT count(*) - count(DISTINCT since)
             + count(*) FILTER (WHERE since >= (SELECT last_value FROM outbox_id_seq))
          FROM (SELECT since FROM chat_members UNION ALL SELECT since FROM workspace_members) m""",
    "the next ids are free": """
        SELECT count(*) FROM (VALUES
            ((SELECT max(id) FROM users), (SELECT last_value FROM users_id_seq)),
            ((SELECT max(id) FROM sessions), (SELECT last_value FROM sessions_id_seq)),
            ((SELECT max(id) FROM workspaces), (SELECT last_value FROM workspaces_id_seq)),
            ((SELECT max(id) FROM chats), (SELECT last_value FROM chats_id_seq)),
            ((SELECT max(id) FROM messages), (SELECT last_value FROM messages_id_seq))) AS known(used, given)
         WHERE used > given""",
}


def check(world: BigWorld, url: str) -> None:
    """Raises LaunchError with what does not hold."""
    wanted = {
        "users": len(world.people) + len(world.crowd),
        "sessions": len(world.people) + len(world.crowd),
        "workspaces": len(world.workspaces),
        "chats": len(world.chats),
        "chat_members": sum(len(world.members(chat)) for chat in world.chats),
        "messages": world.messages,
    }
    with copying(url) as connection, connection.cursor() as cursor:
        cursor.execute("SET work_mem = '256MB'")
        broken = [f"{rule}: {n} times not" for rule, query in BREACHES.items() if (n := _number(cursor, query))]
        found = {table: _number(cursor, f"SELECT count(*) FROM {table}") for table in wanted}
    if found != wanted:
        broken.append(f"there should be {wanted}, but there are {found}")
    if broken:
        raise LaunchError("the large world is not as the product would have made it:\n" + "\n".join(broken))


def _number(cursor: Any, query: str) -> int:
    cursor.execute(query)
    return int(cursor.fetchone()[0])
