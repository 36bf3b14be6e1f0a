"""Removes for good what nobody can reach any more: marked as deleted, expired, or over for long enough."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, text

from fechatter.retention import EVENTS, MAILS, PUSHES, SESSIONS, TICKETS, USER_CHANGES, Budget, delete_in_batches, run

EXPIRED: Mapping[str, tuple[timedelta, str]] = {
    "tickets": (
        TICKETS,
        "DELETE FROM tickets WHERE hash IN (SELECT hash FROM tickets"
        " WHERE expires_at < now() - :age LIMIT :batch FOR UPDATE SKIP LOCKED)",
    ),
    "user_changes": (
        USER_CHANGES,
        "DELETE FROM user_changes WHERE id IN (SELECT id FROM user_changes"
        " WHERE created_at < now() - :age LIMIT :batch FOR UPDATE SKIP LOCKED)",
    ),
    "sessions": (
        SESSIONS,
        "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions"
        " WHERE least(ended_at, expires_at) < now() - :age LIMIT :batch FOR UPDATE SKIP LOCKED)",
    ),
    "invites": (
        SESSIONS,
        "DELETE FROM invites WHERE id IN (SELECT id FROM invites"
        " WHERE least(withdrawn_at, expires_at) < now() - :age LIMIT :batch FOR UPDATE SKIP LOCKED)",
    ),
    "mails": (
        MAILS,
        "DELETE FROM mails WHERE id IN (SELECT id FROM mails"
        " WHERE created_at < now() - :age LIMIT :batch FOR UPDATE SKIP LOCKED)",
    ),
    "pushes": (
        PUSHES,
        "DELETE FROM pushes WHERE id IN (SELECT id FROM pushes WHERE created_at < now() - :age"
        " AND (sent_at < now() - :age OR created_at < now() - interval '1 day') LIMIT :batch FOR UPDATE SKIP LOCKED)",
    ),
    "push_subscriptions": (
        timedelta(),
        "DELETE FROM push_subscriptions WHERE id IN (SELECT s.id FROM push_subscriptions s JOIN sessions i"
        " ON i.id = s.session_id WHERE i.expires_at < now() - :age LIMIT :batch FOR UPDATE OF s SKIP LOCKED)",
    ),
    "mailed_tokens": (
        timedelta(),
        "DELETE FROM mailed_tokens WHERE hash IN (SELECT hash FROM mailed_tokens"
        " WHERE expires_at < now() - :age LIMIT :batch FOR UPDATE SKIP LOCKED)",
    ),
}

# While the event that ended a membership can still be replayed, replays need to know of the end.
DEPARTURES = """
DELETE FROM {departures} WHERE ({thing}, user_id) IN (
    SELECT d.{thing}, d.user_id FROM {departures} d
     WHERE d.left_at < now() - :age
       AND NOT EXISTS (SELECT FROM events e WHERE e.to_user = d.user_id AND e.outbox_id = d.until)
       AND NOT EXISTS (SELECT FROM outbox o WHERE o.workspace_id = {workspace} AND o.id = d.until)
     LIMIT :batch FOR UPDATE SKIP LOCKED)
"""

# The condition on the event is that of the index events_wide, and true of the two types that `ended` can mean.
UNHEARD_OF = """
    {row}.deleted_at < now() - :age
    AND NOT EXISTS (SELECT FROM outbox o WHERE o.workspace_id = {workspace} AND o.id = {row}.ended)
    AND NOT EXISTS (SELECT FROM events e
                     WHERE e.workspace_id = {workspace} AND e.outbox_id = {row}.ended
                       AND (e.audience IN ('workspace', 'public') OR e.type = 'chat.deleted'))
"""

OLD_CHATS = f"SELECT c.id FROM chats c WHERE {UNHEARD_OF.format(row='c', workspace='c.workspace_id')}"  # noqa: S608

DELETE_MESSAGES = """
DELETE FROM messages WHERE id IN (SELECT id FROM messages WHERE chat_id = :chat ORDER BY seq LIMIT :batch)
"""

# What a report has of a message is kept no longer than the message. By the index on reports' workspaces.
BLANK_REPORTS = """
UPDATE reports r SET content = NULL FROM chats c
 WHERE c.id = :chat AND r.workspace_id = c.workspace_id AND r.chat_id = c.id
"""

OLD_WORKSPACES = f"""
SELECT w.id FROM workspaces w
 WHERE NOT EXISTS (SELECT FROM chats c WHERE c.workspace_id = w.id)
   AND NOT EXISTS (SELECT FROM outbox o WHERE o.workspace_id = w.id)
   AND {UNHEARD_OF.format(row="w", workspace="w.id")}
"""  # noqa: S608 - no input in it


def purge_expired(engine: Engine, budget: Budget) -> int:
    """Tickets, sessions, invitations, mails, pushes and told changes past their time; the number of rows deleted."""
    return sum(delete_in_batches(engine, statement, budget, age=age) for age, statement in EXPIRED.values())


def purge_departures(engine: Engine, budget: Budget, older_than: timedelta = EVENTS) -> int:
    """Who left what, once no replay can show it any more; the number of rows deleted."""
    of_chat = "(SELECT c.workspace_id FROM chats c WHERE c.id = d.chat_id)"
    statements = (
        DEPARTURES.format(departures="chat_departures", thing="chat_id", workspace=of_chat),
        DEPARTURES.format(departures="workspace_departures", thing="workspace_id", workspace="d.workspace_id"),
    )
    return sum(delete_in_batches(engine, statement, budget, age=older_than) for statement in statements)


def purge_chats(engine: Engine, budget: Budget, older_than: timedelta = EVENTS) -> int:
    """Chats that were deleted, once their `chat.deleted` is out of every replay; the number of chats."""
    purged = 0
    for chat_id in _ids(engine, OLD_CHATS, age=older_than):
        # Messages first and in batches: a cascade over a million of them would be one long transaction.
        delete_in_batches(engine, DELETE_MESSAGES, budget, chat=chat_id)
        if budget.is_spent:
            break
        run(engine, BLANK_REPORTS, {"chat": chat_id})
        purged += run(engine, "DELETE FROM chats WHERE id = :chat", {"chat": chat_id})
    return purged


def purge_workspaces(engine: Engine, budget: Budget, older_than: timedelta = EVENTS) -> int:
    """Workspaces that were deleted, once `workspace.deleted` is out of every replay and their chats are purged."""
    purged = 0
    for workspace_id in _ids(engine, OLD_WORKSPACES, age=older_than):
        if budget.is_spent:
            break
        # The feed goes with it: a feed without a workspace would be found by nobody.
        with engine.begin() as connection:
            for table, column in (("workspaces", "id"), ("events", "workspace_id"), ("feeds", "workspace_id")):
                connection.execute(text(f"DELETE FROM {table} WHERE {column} = :id"), {"id": workspace_id})  # noqa: S608
        purged += 1
    return purged


def _ids(engine: Engine, query: str, **parameters: Any) -> list[int]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        return list(connection.scalars(text(query), parameters))
