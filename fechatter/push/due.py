"""The rows of `pushes`: which is to be tried next, what it would say just now, and what came of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Engine, text

from fechatter.db import fetch
from fechatter.push.wanted import IS_TOLD, LONGEST_WAIT
from fechatter.retention import run

CLAIM = 120
"""Seconds for which nobody else tries: longer than any talk with a push service takes."""

MOST_ATTEMPTS = 6

LOOK_BACK = 100
"""Messages among which the newest that may be told of is looked for, where the row's own has been deleted since."""

IS_DUE = "SELECT EXISTS (SELECT FROM pushes WHERE sent_at IS NULL AND due_at <= now())"

# The longest due first, or (`proven`) those alone whose push service has taken something and did not fail since.
NEXT = """
UPDATE pushes SET attempts = attempts + 1, due_at = now() + make_interval(secs => :claim)
 WHERE id = (SELECT p.id FROM pushes p JOIN push_subscriptions s ON s.id = p.subscription_id
              WHERE p.sent_at IS NULL AND p.due_at <= now()
                AND (NOT :proven OR s.taken_at IS NOT NULL AND s.failures = 0)
              ORDER BY p.due_at LIMIT 1 FOR UPDATE OF p SKIP LOCKED)
RETURNING id, subscription_id, chat_id, attempts,
          (SELECT s.taken_at IS NOT NULL AND s.failures = 0 FROM push_subscriptions s WHERE s.id = subscription_id)
"""

# Nothing of what was so when the row was put down counts. A row behind which there is a newer one has nothing to say.
# In three steps, each planned by itself: in all orders of a dozen tables together that took a hundred times as long.
TELLABLE = f"""
WITH who AS MATERIALIZED (
    SELECT p.subscription_id, p.chat_id, p.seq, s.user_id, s.endpoint, s.p256dh, s.auth, s.failures, s.created_at
      FROM pushes p
      JOIN push_subscriptions s ON s.id = p.subscription_id AND (s.expires_at IS NULL OR s.expires_at > now())
      JOIN sessions i ON i.id = s.session_id AND i.user_id = s.user_id AND i.ended_at IS NULL AND i.expires_at > now()
      JOIN users u ON u.id = s.user_id AND u.suspended_at IS NULL
       AND (u.notifications_paused_until IS NULL OR u.notifications_paused_until <= now())
     WHERE p.id = :id
       AND NOT EXISTS (SELECT FROM pushes n WHERE n.subscription_id = p.subscription_id AND n.chat_id = p.chat_id
                          AND n.seq > p.seq)
), place AS MATERIALIZED (
    SELECT who.*, c.workspace_id, c.type AS chat_type, c.name AS chat_name, greatest(
               r.last_read_seq, who.seq - {LOOK_BACK},
               (SELECT max(t.seq) FROM pushes t WHERE t.subscription_id = who.subscription_id
                   AND t.chat_id = who.chat_id AND t.sent_at IS NOT NULL)) AS known
      FROM who
      JOIN chats c ON c.id = who.chat_id AND c.deleted_at IS NULL
      JOIN workspaces w ON w.id = c.workspace_id AND w.deleted_at IS NULL
      JOIN workspace_members v ON v.workspace_id = c.workspace_id AND v.user_id = who.user_id
      JOIN chat_members r ON r.chat_id = c.id AND r.user_id = who.user_id AND {IS_TOLD}
)
SELECT place.endpoint, place.p256dh, place.auth, place.failures, place.user_id, place.workspace_id, place.chat_type,
       place.chat_name, m.id AS message_id, m.content, m.created_at, author.name AS sender_name
  FROM place
  JOIN messages m ON m.chat_id = place.chat_id AND m.seq <= place.seq AND m.seq > place.known
   AND m.created_at >= place.created_at AND m.created_at > now() - {LONGEST_WAIT}
   AND m.deleted_at IS NULL AND m.sender_id <> place.user_id
   AND NOT EXISTS (SELECT FROM blocks b WHERE b.user_id = place.user_id AND b.blocked_id = m.sender_id)
  JOIN users author ON author.id = m.sender_id
 ORDER BY m.seq DESC LIMIT 1
"""  # noqa: S608 - no input in it

# Seconds until one more may be sent: by what left within the last minute, of this chat and of all.
WAIT = """
SELECT greatest(
    (SELECT extract(epoch FROM t.sent_at + interval '1 minute' - now()) FROM pushes t
      WHERE t.subscription_id = :subscription AND t.chat_id = :chat AND t.sent_at > now() - interval '1 minute'
      ORDER BY t.sent_at DESC OFFSET :of_chat LIMIT 1),
    (SELECT extract(epoch FROM t.sent_at + interval '1 minute' - now()) FROM pushes t
      WHERE t.subscription_id = :subscription AND t.sent_at > now() - interval '1 minute'
      ORDER BY t.sent_at DESC OFFSET :of_all LIMIT 1))
"""

MOST_OF_CHAT, MOST_OF_ALL = 3, 30
"""What one subscription is sent in a minute, of one chat and of all together."""

SENT = "UPDATE pushes SET sent_at = now(), due_at = now() WHERE id = :id"
TOOK = """
UPDATE push_subscriptions SET failures = 0, rests_until = NULL, taken_at = now()
 WHERE id = :subscription AND (failures > 0 OR taken_at IS NULL)
"""
DROP = "DELETE FROM pushes WHERE id = :id"
# Not an attempt: nothing was tried.
LATER = "UPDATE pushes SET attempts = attempts - 1, due_at = now() + make_interval(secs => :pause) WHERE id = :id"
# The subscription before its rows, as everywhere. All that wait for it wait as long, and all that wait for those of the
# same person that have never taken anything: nobody occupies the senders by having many that do not answer. Its own
# row is first, and what somebody else has locked is left to them: two that fail at once would wait for each other.
REST = """
UPDATE push_subscriptions SET failures = failures + 1, rests_until = now() + make_interval(secs => :pause)
 WHERE id = :subscription
"""
WAIT_ALL = """
UPDATE pushes SET due_at = greatest(due_at, now() + make_interval(secs => :pause))
 WHERE id IN (
       SELECT id FROM pushes
        WHERE sent_at IS NULL AND id <> :id AND (subscription_id = :subscription OR subscription_id IN (
              SELECT o.id FROM push_subscriptions s
                JOIN push_subscriptions o ON o.user_id = s.user_id AND o.taken_at IS NULL
               WHERE s.id = :subscription AND s.taken_at IS NULL))
          FOR UPDATE SKIP LOCKED)
"""
RETRY = "UPDATE pushes SET due_at = now() + make_interval(secs => :pause) WHERE id = :id AND attempts < :most"
GIVE_UP = "DELETE FROM pushes WHERE id = :id AND attempts >= :most"
END = "DELETE FROM push_subscriptions WHERE id = :subscription"


class Claimed(NamedTuple):
    """A row that nobody else tries for `CLAIM` seconds; this is attempt number `attempts`. `is_proven`: its push
    service has taken something before, and did not fail since."""

    id: int
    subscription_id: int
    chat_id: int
    attempts: int
    is_proven: bool

    @property
    def keys(self) -> Mapping[str, int]:
        return {"id": self.id, "subscription": self.subscription_id, "chat": self.chat_id}


class Tellable(NamedTuple):
    """What it would say now, to whom. `failures` are the subscription's."""

    endpoint: str
    p256dh: bytes
    auth: bytes
    failures: int
    user_id: int
    workspace_id: int
    chat_type: str
    chat_name: str | None
    message_id: int
    content: str
    created_at: datetime
    sender_name: str


def is_due(engine: Engine) -> bool:
    return bool(fetch(engine, IS_DUE)[0][0])


def claim(engine: Engine, proven: bool = False) -> Claimed | None:
    """`proven`: only for a push service that has taken something before, and did not fail since."""
    with engine.begin() as connection:
        row = connection.execute(text(NEXT), {"claim": CLAIM, "proven": proven}).one_or_none()
    return Claimed(*row) if row else None


def tellable(engine: Engine, push: Claimed) -> Tellable | None:
    """None if there is nothing to tell any more, or nobody to be told."""
    row = _one(engine, TELLABLE, push.keys)
    if row is None:
        return None
    found = Tellable(*row)
    return found._replace(p256dh=bytes(found.p256dh), auth=bytes(found.auth))


def wait_of(engine: Engine, push: Claimed) -> float:
    """Seconds until it may be sent, not to be too many at once."""
    row = _one(engine, WAIT, {**push.keys, "of_chat": MOST_OF_CHAT - 1, "of_all": MOST_OF_ALL - 1})
    return float(row[0] or 0) if row else 0.0


def _one(engine: Engine, query: str, values: Mapping[str, Any]) -> Any:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        return connection.execute(text(query), dict(values)).one_or_none()


def cross_off(engine: Engine, push: Claimed) -> None:
    run(engine, SENT, push.keys)
    run(engine, TOOK, push.keys)


def drop(engine: Engine, push: Claimed) -> None:
    run(engine, DROP, push.keys)


def put_off(engine: Engine, push: Claimed, seconds: float) -> None:
    run(engine, LATER, {**push.keys, "pause": seconds})


def rest(engine: Engine, push: Claimed, seconds: float, is_final: bool) -> None:
    """Leaves its subscription alone for so long. The row is tried again then, unless that is of no use."""
    values = {**push.keys, "pause": seconds, "most": 0 if is_final else MOST_ATTEMPTS}
    with engine.begin() as connection:
        for statement in (REST, RETRY, GIVE_UP, WAIT_ALL):
            connection.execute(text(statement), values)


def end_subscription(engine: Engine, push: Claimed) -> None:
    """With all that waits for it."""
    run(engine, END, push.keys)
