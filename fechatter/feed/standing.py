"""Reads all that a stream must know of its person in one statement, hence of one moment."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine

from fechatter.cursor import Place
from fechatter.db import fetch
from fechatter.feed.memberships import Membership
from fechatter.feed.pages import FeedState

QUERY = """
SELECT CASE WHEN s.ended_at IS NULL AND s.expires_at > clock_timestamp() THEN 'session' ELSE 'session_over' END
       AS kind, s.id, NULL::bigint AS a, NULL::bigint AS b, NULL::bigint AS c,
       CASE WHEN s.ended_at IS NULL THEN 'expired' ELSE s.end_reason END AS role, s.expires_at
  FROM sessions s WHERE s.id = %(session)s AND s.user_id = %(user)s
UNION ALL
SELECT CASE WHEN w.deleted_at IS NULL THEN 'workspace' ELSE 'workspace_left' END, m.workspace_id,
       CASE WHEN w.deleted_at IS NULL THEN m.since ELSE coalesce(w.ended, 0) END, m.public_since, NULL, NULL, NULL
  FROM workspace_members m JOIN workspaces w ON w.id = m.workspace_id WHERE m.user_id = %(user)s
UNION ALL
SELECT 'workspace_left', d.workspace_id, d.until, NULL, NULL, NULL, NULL
  FROM workspace_departures d WHERE d.user_id = %(user)s
UNION ALL
SELECT CASE WHEN c.deleted_at IS NULL THEN 'chat' ELSE 'chat_left' END, m.chat_id,
       CASE WHEN c.deleted_at IS NULL THEN m.since ELSE coalesce(c.ended, 0) END, c.workspace_id, NULL, NULL, NULL
  FROM chat_members m JOIN chats c ON c.id = m.chat_id WHERE m.user_id = %(user)s
UNION ALL
SELECT 'chat_left', d.chat_id, d.until, c.workspace_id, NULL, NULL, NULL
  FROM chat_departures d JOIN chats c ON c.id = d.chat_id WHERE d.user_id = %(user)s
UNION ALL
SELECT 'feed', f.workspace_id, f.epoch, f.head, f.tail, NULL, NULL
  FROM feeds f
 WHERE f.workspace_id = ANY(
       CAST(%(named)s AS bigint[]) || ARRAY(SELECT m.workspace_id FROM workspace_members m WHERE m.user_id = %(user)s))
UNION ALL
SELECT 'pending', m.workspace_id, NULL, NULL, NULL, NULL, NULL
  FROM workspace_members m
 CROSS JOIN LATERAL (SELECT FROM outbox o WHERE o.workspace_id = m.workspace_id LIMIT 1) waiting
 WHERE m.user_id = %(user)s
"""

# A joining that is in neither table has been trimmed.
JOINING = """
SELECT e.position FROM events e
 WHERE e.to_user = %(user)s AND e.workspace_id = %(workspace)s AND e.outbox_id = %(since)s
UNION ALL
SELECT NULL FROM outbox o WHERE o.id = %(since)s
"""


@dataclass(slots=True)
class Standing:
    """`expires_at` is the session's, None if it has ended, by `end_reason`; `memberships` by workspace, past ones too.

    `pending`: workspaces of the person with events that are committed and not yet in their feed.
    """

    expires_at: datetime | None = None
    end_reason: str = "revoked"
    memberships: dict[int, Membership] = field(default_factory=dict)
    feeds: dict[int, FeedState] = field(default_factory=dict)
    pending: set[int] = field(default_factory=set)


def read_standing(engine: Engine, session_id: int, user_id: int, named: Collection[int]) -> Standing:
    """The person's session, memberships and feeds, of one moment. `named`: further workspaces, of its cursor."""
    rows = fetch(engine, QUERY, {"session": session_id, "user": user_id, "named": sorted(named)})
    standing = Standing()

    def membership(workspace_id: int) -> Membership:
        return standing.memberships.setdefault(workspace_id, Membership(user_id))

    for kind, id_, a, b, c, role, expires_at in rows:
        match kind:
            case "session":
                standing.expires_at = expires_at
            case "session_over":
                standing.end_reason = role or standing.end_reason
            case "workspace":
                membership(id_).since, membership(id_).public_since = a, b
            case "workspace_left":
                membership(id_).until = max(a, membership(id_).until)
            case "chat":
                membership(b).chats[id_] = a
            case "chat_left":
                membership(b).left[id_] = max(a, membership(b).left.get(id_, 0))
            case "feed":
                standing.feeds[id_] = FeedState(a, b, c)
            case "pending":
                standing.pending.add(id_)
    return standing


ENDING = """
SELECT EXISTS (SELECT FROM events e
                WHERE e.to_user = %(user)s AND e.workspace_id = %(workspace)s AND e.outbox_id = %(until)s
                  AND e.position > %(position)s)
    OR EXISTS (SELECT FROM outbox o WHERE o.id = %(until)s)
    OR EXISTS (SELECT FROM workspaces w WHERE w.id = %(workspace)s AND w.ended = %(until)s)
"""


def has_end_to_tell(engine: Engine, user_id: int, workspace_id: int, until: int, place: Place) -> bool:
    """Whether the end of this person's membership lies behind the place, or ended the workspace for everybody.

    Nobody whose end lies before it was ever given that place; it would show how the feed goes on without him.
    """
    values = {"user": user_id, "workspace": workspace_id, "until": until, "position": place.position}
    return bool(fetch(engine, ENDING, values)[0][0])


def place_before_joining(engine: Engine, user_id: int, workspace_id: int, since: int, feed: FeedState) -> Place | None:
    """Where a stream that does not know this workspace yet begins: right before `workspace.member_added`.

    None if that is no longer kept. A joining that the relay has not placed yet lies behind the feed's head.
    """
    found = fetch(engine, JOINING, {"user": user_id, "workspace": workspace_id, "since": since})
    if not found:
        return None
    position = feed.head if found[0][0] is None else found[0][0] - 1
    return Place(feed.epoch, position) if position >= feed.tail else None
