"""Ten thousand messages at once to slow readers, each as real as if somebody had sent it, and written down as such."""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any, NamedTuple

import psycopg2

from tests.faults.errors import RigError
from tests.faults.kinds.kind import Detail, Fault, Rig

AT_ONCE = 10
"""Messages of one transaction, which holds the chat's lock for some milliseconds: others post there, too."""

TRIES = 5

# A chat of few, since in the hot one there would be a million events to read; first those with most slow readers.
SENDERS = """
SELECT m.chat_id, m.user_id, min(s.id)
  FROM chat_members m
  JOIN chats c ON c.id = m.chat_id AND c.deleted_at IS NULL AND c.member_count BETWEEN 2 AND 12
  JOIN users u ON u.id = m.user_id AND u.email LIKE 'person%%@faults.example'
  JOIN sessions s ON s.user_id = m.user_id AND s.ended_at IS NULL AND s.expires_at > now()
 WHERE m.chat_id = %(chat)s OR %(chat)s IS NULL
 GROUP BY m.chat_id, m.user_id
 ORDER BY (SELECT count(*) FROM chat_members o JOIN users p ON p.id = o.user_id
            WHERE o.chat_id = m.chat_id AND p.email = ANY(%(laggards)s)) DESC, m.chat_id, m.user_id
 LIMIT 12
"""
POST = """
SELECT p.outcome, p.id, p.seq, rfc3339(p.created_at)
  FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS one (client_id, content, n),
       LATERAL post_message_v2(%s, %s, %s, one.content, one.client_id, NULL) p ORDER BY one.n
"""
STATUS = {
    **{"created": 201, "repeated": 200, "session_ended": 401, "outside": 403, "absent": 404},
    **{"blocked": 403, "read_only": 403, "slow_mode": 429},
}
Call = dict[str, Any]
Row = tuple[Any, ...]
NO_ANSWER: Row = (None, None, None, None)


@contextmanager
def burst(rig: Rig, fault: Fault) -> Iterator[Detail]:
    posted, number = 0, fault.parameters["messages"]
    with closing(Poster(rig)) as poster:
        sender = poster.sender(None, fault.parameters["which"])
        for first in range(0, number, AT_ONCE):
            if rig.over.is_set():
                break
            calls = poster.post(sender, [f"burst-{fault.n}-{n}" for n in range(first, first + AT_ONCE)])
            rig.bursts.write_all(calls)
            posted += sum(call["status"] in (200, 201) for call in calls)
            if calls[-1]["status"] not in (200, 201):
                # It has signed out or was removed meanwhile: another goes on.
                sender = poster.sender(sender.chat, fault.parameters["which"])
    yield {"chat": sender.chat, "messages": posted}


class Sender(NamedTuple):
    """Somebody in a chat, with a session of theirs."""

    chat: int
    user: int
    session: int


class Poster:
    """Posts in the way of the product itself, by SQL."""

    def __init__(self, rig: Rig) -> None:
        self.rig, self._connection = rig, rig.system.superuser()

    def sender(self, chat_id: int | None, which: float) -> Sender:
        """Of this chat or, with None, of any small one."""
        with self._connection.cursor() as cursor:
            cursor.execute(SENDERS, {"chat": chat_id, "laggards": list(self.rig.laggards)})
            found = cursor.fetchall()
        if not found:
            raise RigError("there is no small chat with somebody signed in")
        return Sender(*found[int(which * len(found))])

    def post(self, sender: Sender, names: list[str]) -> list[Call]:
        """One message of each name; the lines for the history, in the form of the workload's."""
        contents = [f"{name} of many" for name in names]
        rows, tries, began = list[Row](), list[list[Any]](), time.monotonic()
        while not rows and len(tries) < TRIES:
            tried = time.monotonic()
            rows = self._try(names, contents, sender.session, sender.user, sender.chat)
            tries.append([tried, time.monotonic(), STATUS[rows[0][0]] if rows else None, "sql"])
        same = {"op": "send", "by": sender.user, "session": sender.session, "chat": sender.chat, "began": began}
        same |= {"ended": tries[-1][1], "tries": tries}
        answers = zip(names, contents, rows or [NO_ANSWER] * len(names), strict=True)
        return [
            same | _answered(content, row) | {"client_id": name, "content": content} for name, content, row in answers
        ]

    def close(self) -> None:
        self._connection.close()

    def _try(self, *parameters: object) -> list[Row]:
        """What came of each; nothing if nobody knows."""
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(POST, parameters)
                return cursor.fetchall()
        except psycopg2.Error:
            with suppress(psycopg2.Error):
                self._connection = self.rig.system.superuser()
            return []


def _answered(content: str, row: Row) -> Call:
    outcome, id_, seq, created_at = row
    message = {"id": id_, "seq": seq, "created_at": created_at, "content": content} if id_ else None
    return {"status": STATUS.get(outcome), "message": message}
