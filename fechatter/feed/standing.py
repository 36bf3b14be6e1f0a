"""Reads all that a stream must know of its person in one statement, hence of one moment."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine

from fechatter.cursor import Place
from fechatter.db import fetch
from fechatter.feed.memberships import NEVER, Membership
from fechatter.feed.pages import FeedState

QUERY = "SELECT kind, id, a, b, c, reason, expires_at FROM standing_v1(%s, %s, CAST(%s AS bigint[]))"

# A joining that is in neither table has been trimmed.
JOINING = """
SELECT e.position FROM events e
 WHERE e.to_user = %(user)s AND e.workspace_id = %(workspace)s AND e.outbox_id = %(since)s
UNION ALL
SELECT NULL FROM outbox o WHERE o.workspace_id = %(workspace)s AND o.id = %(since)s
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
    rows = fetch(engine, QUERY, (session_id, user_id, sorted(named)))
    standing = Standing()

    def membership(workspace_id: int) -> Membership:
        return standing.memberships.setdefault(workspace_id, Membership(user_id))

    for kind, id_, a, b, c, reason, expires_at in rows:
        match kind:
            case "session":
                standing.expires_at = expires_at
            case "session_over":
                standing.end_reason = reason or standing.end_reason
            case "workspace":
                membership(id_).since, membership(id_).public_since, membership(id_).public_until = a, b, c or NEVER
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
    OR EXISTS (SELECT FROM outbox o WHERE o.workspace_id = %(workspace)s AND o.id = %(until)s)
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
