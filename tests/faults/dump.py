"""What there is in the end, told by the product to its members through REST, and by PostgreSQL."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import groupby
from pathlib import Path
from time import monotonic
from typing import Any

import orjson
from psycopg2.extensions import connection as Connection

from tests.faults.doors import DOORS
from tests.faults.system import System
from tests.faults.visitor import Visitor

THREADS = 4
FIELDS = ("id", "seq", "sender_id", "client_id", "content", "created_at", "edited_at", "deleted_at")

# The workload's people; whoever else the rig has signed up is not in its history.
PEOPLE = "SELECT id, email FROM users WHERE email LIKE 'person%@faults.example' ORDER BY id"
MEMBERS = "SELECT chat_id, user_id FROM chat_members WHERE user_id = ANY(%s) ORDER BY chat_id, user_id"
COUNTS = "SELECT chat_id, count(*), max(seq) FROM messages WHERE chat_id = ANY(%s) GROUP BY chat_id ORDER BY chat_id"
FEEDS = "SELECT workspace_id, epoch, head, tail FROM feeds ORDER BY workspace_id"
WAITING = "SELECT count(*) FROM outbox"
Row = tuple[Any, ...]


def dump(system: System, file: Path) -> None:
    """Write it all down."""
    with closing(system.superuser()) as connection:
        people: dict[int, str] = dict(_rows(connection, PEOPLE))
        members = {
            chat_id: [user_id for _, user_id in rows]
            for chat_id, rows in groupby(_rows(connection, MEMBERS, list(people)), key=lambda row: row[0])
        }
        counts = _rows(connection, COUNTS, list(members))
        told: dict[str, Any] = {
            "sql": {
                "messages": {chat_id: count for chat_id, count, _ in counts},
                "last_seq": {chat_id: last for chat_id, _, last in counts},
                "outbox": _rows(connection, WAITING)[0][0],
            },
            "feeds": {workspace_id: place for workspace_id, *place in _rows(connection, FEEDS)},
            "members": members,
        }
    told |= _by_rest([system.doors.url(name) for name in DOORS["web"]], people, members)
    told["t"] = monotonic()
    file.write_bytes(orjson.dumps(told, option=orjson.OPT_NON_STR_KEYS))


def _by_rest(urls: Sequence[str], people: dict[int, str], members: dict[int, list[int]]) -> dict[str, Any]:
    with closing(Visitor(list(urls))) as visitor, ThreadPoolExecutor(THREADS) as pool:
        tokens = dict(zip(people, pool.map(visitor.sign_in, people.values()), strict=True))
        lists = pool.map(lambda token: _list(visitor, token), tokens.values())
        some = {chat_id: tokens[there[0]] for chat_id, there in members.items()}
        messages = pool.map(lambda chat: _messages(visitor, *chat), some.items())
        return {
            "lists": dict(zip(people, lists, strict=True)),
            "messages": dict(zip(some, messages, strict=True)),
        }


def _list(visitor: Visitor, token: str) -> dict[int, int]:
    return {chat["id"]: chat["last_seq"] for chat in visitor.get("/api/chats", token)["items"]}


def _messages(visitor: Visitor, chat_id: int, token: str) -> list[list[Any]]:
    found: list[list[Any]] = []
    while True:
        after = found[-1][1] if found else 0
        page = visitor.get(f"/api/chats/{chat_id}/messages?after={after}&limit=100", token)
        found += [[message[name] for name in FIELDS] for message in page["items"]]
        if not page["has_more_after"] or not page["items"]:
            return found


def _rows(connection: Connection, query: str, *parameters: object) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters or None)
        return cursor.fetchall()
