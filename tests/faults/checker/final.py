"""The dump at the end of a run: what REST and SQL then told."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from tests.faults.checker.calls import Intern, number_of


class Stored(NamedTuple):
    """A message in history; `content` is a number of a text."""

    chat: int
    id: int
    seq: int
    sender: int
    client_id: str | None
    content: int
    created_at: str
    edited_at: str | None
    deleted_at: str | None


class Final:
    """`messages` by chat, in the order in which history gives them; `counts` by chat as SQL counts them; `tails` of
    the feeds by workspace."""

    def __init__(self, told: dict[str, Any], intern: Intern) -> None:
        self.time: float = told.get("t") or 0.0
        self.messages = {int(chat): _stored(int(chat), rows, intern) for chat, rows in told["messages"].items()}
        self.members = {int(chat): set(people) for chat, people in (told.get("members") or {}).items()}
        self.lists = {
            int(user): {int(chat): last for chat, last in chats.items()}
            for user, chats in (told.get("lists") or {}).items()
        }
        self.tails = {int(workspace): feed[2] for workspace, feed in (told.get("feeds") or {}).items()}
        self.counts = _counts(told.get("sql") or {})
        self.by_id: dict[int, list[Stored]] = {}
        for message in self:
            self.by_id.setdefault(message.id, []).append(message)

    def __iter__(self) -> Iterator[Stored]:
        for rows in self.messages.values():
            yield from rows


def _stored(chat: int, rows: list[list[Any]], intern: Intern) -> list[Stored]:
    return [
        Stored(chat, id_, seq, sender, client_id, number_of(content, intern), created, edited, deleted)
        for id_, seq, sender, client_id, content, created, edited, deleted in rows
    ]


def _counts(sql: dict[str, Any]) -> dict[int, int]:
    """Messages by chat."""
    counts = sql.get("messages", sql)
    return {int(chat): count for chat, count in counts.items()} if isinstance(counts, dict) else {}


def read_final(path: Path, intern: Intern) -> Final:
    return Final(orjson.loads(path.read_bytes()), intern)
