"""What must hold in the tables of a workspace after any writes, and must follow from its events alone."""

import json
from typing import Any

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from fechatter.models import Outbox

OUTSIDERS = """
SELECT m.chat_id, m.user_id FROM chat_members m JOIN chats c ON c.id = m.chat_id
 WHERE c.workspace_id = :workspace AND c.deleted_at IS NULL AND NOT EXISTS (
    SELECT FROM workspace_members w WHERE w.workspace_id = c.workspace_id AND w.user_id = m.user_id)
"""
MISCOUNTED = """
SELECT c.id FROM chats c WHERE c.workspace_id = :workspace
   AND c.member_count <> (SELECT count(*) FROM chat_members m WHERE m.chat_id = c.id)
UNION ALL
SELECT w.id FROM workspaces w WHERE w.id = :workspace
   AND w.member_count <> (SELECT count(*) FROM workspace_members m WHERE m.workspace_id = w.id)
"""
OWNERLESS = """
SELECT c.id FROM chats c WHERE c.workspace_id = :workspace AND c.deleted_at IS NULL AND c.type <> 'single'
   AND c.member_count > 0 AND NOT EXISTS (SELECT FROM chat_members m WHERE m.chat_id = c.id AND m.role = 'owner')
UNION ALL
SELECT w.id FROM workspaces w WHERE w.id = :workspace AND w.deleted_at IS NULL
   AND NOT EXISTS (SELECT FROM workspace_members m WHERE m.workspace_id = w.id AND m.role = 'owner')
"""
EMPTY = """
SELECT c.id FROM chats c WHERE c.workspace_id = :workspace AND c.deleted_at IS NULL AND c.member_count = 0
   AND c.type IN ('group', 'private_channel')
"""
ALIVE_IN_A_DELETED_WORKSPACE = """
SELECT c.id FROM chats c JOIN workspaces w ON w.id = c.workspace_id
 WHERE w.id = :workspace AND w.deleted_at IS NOT NULL AND c.deleted_at IS NULL
"""
OPEN_OR_CLOSED_WRONGLY = """
SELECT c.id FROM chats c WHERE c.workspace_id = :workspace AND c.type = 'single' AND c.member_count = 2
   AND c.closed <> EXISTS (SELECT FROM blocks b WHERE (b.user_id, b.blocked_id) IN (
        (c.pair_low, c.pair_high), (c.pair_high, c.pair_low)))
"""
SUSPENDED_AND_IN = """
SELECT s.user_id FROM workspace_suspensions s
  JOIN workspace_members m ON m.workspace_id = s.workspace_id AND m.user_id = s.user_id
 WHERE s.workspace_id = :workspace
"""
SEATS = """
SELECT m.chat_id, m.user_id, m.role, m.since FROM chat_members m JOIN chats c ON c.id = m.chat_id
 WHERE c.workspace_id = :workspace
"""
DEPARTURES = """
SELECT d.chat_id, d.user_id, d.until FROM chat_departures d JOIN chats c ON c.id = d.chat_id
 WHERE c.workspace_id = :workspace
"""


def broken_rules(engine: Engine, workspace_id: int) -> dict[str, Any]:
    """The rules that do not hold, each with the rows that break it; empty if all is well."""
    rules = {
        "in a chat but not in its workspace": OUTSIDERS,
        "counted wrongly": MISCOUNTED,
        "without an owner": OWNERLESS,
        "private and empty": EMPTY,
        "alive in a deleted workspace": ALIVE_IN_A_DELETED_WORKSPACE,
        "open in spite of a block, or closed without one": OPEN_OR_CLOSED_WRONGLY,
        "suspended and in": SUSPENDED_AND_IN,
    }
    with Session(engine) as session:
        found = {rule: session.execute(text(query), {"workspace": workspace_id}).all() for rule, query in rules.items()}
        seats, departures = _as_told(session, workspace_id)
        rows = session.execute(text(SEATS), {"workspace": workspace_id}).all()
        kept = session.execute(text(DEPARTURES), {"workspace": workspace_id}).all()
    found["members not as told"] = {(c, u, role, since) for c, u, role, since in rows} ^ seats
    found["departures not as told"] = {(c, u, until) for c, u, until in kept} ^ departures
    return {rule: rows for rule, rows in found.items() if rows}


def _as_told(session: Session, workspace_id: int) -> tuple[set[Any], set[Any]]:
    """Members and departures of all chats, by nothing but the events in the order of their ids.

    The roles of first members are not told: who made a chat of several kinds owns it, the others are members.
    """
    seats: dict[tuple[int, int], tuple[str, int]] = {}
    departures: dict[tuple[int, int], int] = {}
    rows = select(Outbox).where(Outbox.workspace_id == workspace_id).order_by(Outbox.id)
    for event in session.scalars(rows):
        says = json.loads(event.body)
        key = (event.chat_id or 0, says.get("user_id") or event.to_user or 0)
        if event.type == "chat.created" and event.to_user:
            owns = says["actor_id"] == event.to_user and says["chat"]["type"] != "single"
            assert key not in seats
            seats[key] = ("owner" if owns else "member", event.id)
        elif event.type in ("member.added", "member.updated"):
            seats[key] = (says["role"], seats[key][1])
        elif event.type == "member.removed":
            del seats[key]
            departures[key] = event.id
    return {(*key, *seat) for key, seat in seats.items()}, {(*key, until) for key, until in departures.items()}
