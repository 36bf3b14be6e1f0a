"""Fills a migrated database with a large world, and looks whether all rules hold there."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from bench.big_world import BigWorld
from bench.copying import copy, copying, line, without_indexes
from fechatter.text import name_key

BEGAN = timedelta(days=180)
"""Before now; the last message is a minute old."""

TYPES = ("public_channel", "private_channel", "group")
WORDS = (
    "the",
    "build",
    "is",
    "green",
    "again",
    "I",
    "think",
    "we",
    "should",
    "ship",
    "it",
    "today",
    "please",
    "review",
)
COLUMNS = {
    "users": ("id", "email", "email_key", "name", "password_hash"),
    "sessions": ("id", "user_id", "nonce", "device", "expires_at"),
    "workspaces": ("id", "name", "slug", "member_count", "created_at"),
    "workspace_members": ("workspace_id", "user_id", "role", "since", "public_since"),
    "feeds": ("workspace_id", "head", "tail"),
    "chats": (
        *("id", "workspace_id", "type", "name", "name_key", "last_seq", "active_at", "member_count", "created_by"),
        "created_at",
    ),
    "chat_members": ("chat_id", "user_id", "role", "since", "last_read_seq"),
    "messages": ("id", "chat_id", "seq", "sender_id", "content", "client_id", "created_at"),
}
NUMBERED = ("users", "sessions", "workspaces", "chats", "messages")


def fill(world: BigWorld, url: str) -> None:
    """A database that is migrated and empty; afterwards the product can go on in it."""
    rows = _Rows(world)
    with copying(url) as connection:
        for table in COLUMNS:
            if table != "messages":
                copy(connection, table, COLUMNS[table], getattr(rows, table)())
        connection.commit()
        with without_indexes(connection, "messages"):
            copy(connection, "messages", COLUMNS["messages"], rows.messages())
        _go_on_behind(connection, next(rows.ids))
        connection.autocommit = True
        filled = [table for table in COLUMNS if table != "messages" or world.messages]
        connection.cursor().execute(f"VACUUM (ANALYZE) {', '.join(filled)}")


def _go_on_behind(connection: Any, outbox_id: int) -> None:
    """The next ids are free ones."""
    with connection.cursor() as cursor:
        for table in NUMBERED:
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence(%s, 'id'), greatest(max(id), 1)) FROM {table}", (table,)
            )
        cursor.execute("SELECT setval(pg_get_serial_sequence('outbox', 'id'), %s)", (outbox_id,))
    connection.commit()


class _Rows:
    """The lines of each table. `ids` are those of the outbox, as if all had come in by the product's actions and the
    events of it had been forgotten."""

    def __init__(self, world: BigWorld) -> None:
        self.world, self.ids = world, count(1)
        now = datetime.now(UTC)
        self.began, self.expires = now - BEGAN, now + timedelta(days=30)
        self.step = (BEGAN - timedelta(minutes=1)) / max(world.messages, 1)

    def users(self) -> Iterator[str]:
        for n in (*self.world.people, *self.world.crowd):
            yield line(n, f"{n}@example.org", f"{n}@example.org", f"Person {n}", "-")

    def sessions(self) -> Iterator[str]:
        for n in (*self.world.people, *self.world.crowd):
            yield line(n, n, r"\\x00", "bench", self.expires)

    def workspaces(self) -> Iterator[str]:
        for n in self.world.workspaces:
            people = self.world.size.people + len(self.world.guests_of(n))
            yield line(n, f"Workspace {n}", f"workspace-{n}", people, self.began)

    def workspace_members(self) -> Iterator[str]:
        for n in self.world.workspaces:
            for person in (*self.world.people[n - 1 :: self.world.size.workspaces], *self.world.guests_of(n)):
                since = next(self.ids)
                yield line(n, person, "owner" if person == n else "member", since, since)

    def feeds(self) -> Iterator[str]:
        for n in self.world.workspaces:
            yield line(n, self.world.messages, self.world.messages)

    def chats(self) -> Iterator[str]:
        world, last = self.world, {chat: at for at, chat in enumerate(self.world.turns)}
        for n in world.chats:
            kind, name, members = TYPES[n % len(TYPES)], f"room {n}", world.members(n)
            active = self.at((world.rounds - 1) * len(world.turns) + last[n]) if world.rounds else self.began
            key = name_key(name) if kind.endswith("channel") else None
            place = (n, world.workspace_of(n), kind, name, key)
            yield line(*place, world.last_seq(n), active, len(members), members[0], self.began)

    def chat_members(self) -> Iterator[str]:
        for n in self.world.chats:
            for place, person in enumerate(self.world.members(n)):
                role = "member" if place else "owner"
                yield line(n, person, role, next(self.ids), self.world.last_read_seq(n, person))

    def messages(self) -> Iterator[str]:
        """Chats take turns, as in life: the messages of one page do not lie together on the disk."""
        chance, rounds = random.Random(1), len(self.world.turns)
        texts = [" ".join(chance.choices(WORDS, k=chance.randint(2, 30))) for _ in range(997)]
        places = _places(self.world)
        for n in range(self.world.messages):
            chat, nth, times, writers = places[n % rounds]
            seq = n // rounds * times + nth
            sender, word = writers[seq % len(writers)], f"{n * 0x9E3779B97F4A7C15 % 2**64:016x}"
            yield f"{n + 1}\t{chat}\t{seq}\t{sender}\t{texts[n % 997]}\t{word}\t{self.at(n)}\n"

    def at(self, message: int) -> datetime:
        return self.began + (message + 1) * self.step


def _places(world: BigWorld) -> list[tuple[int, int, int, list[int]]]:
    """For each turn of a round: the chat, the how manieth there in the round, of how many, and who writes there."""
    so_far = dict.fromkeys(world.chats, 0)
    places = []
    for chat in world.turns:
        so_far[chat] += 1
        places.append((chat, so_far[chat], world.hot if chat == 1 else 1, world.writers(chat)))
    return places
