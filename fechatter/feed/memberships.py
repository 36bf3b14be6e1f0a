"""What one person may see of a workspace's feed, and how the feed's own events change that."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import orjson

from fechatter.feed.placed import Placed

NEVER = 0
NONE: Any = MappingProxyType({})
"""No ids, for all: it cannot be changed."""

TURNING = frozenset(
    {
        "chat.created",
        "chat.deleted",
        "member.removed",
        "workspace.deleted",
        "workspace.member_added",
        "workspace.member_removed",
        "workspace.member_updated",
    }
)
"""Types of events that begin or end somebody's seeing: what stands before one and what behind may differ."""

ENDING = frozenset({"chat.deleted", "workspace.deleted"})
"""Of those, what ends it for whoever was there, and who is not any more may be told."""

WIDE = frozenset({"workspace", "public"})
"""Audiences to which one belongs without being named, nor in a chat."""


class PackedIds(MutableMapping[int, int]):
    """Ids by ids in 16 bytes an entry, where a dict and its numbers take 90; found by bisection."""

    __slots__ = ("_row",)

    def __init__(self, ids: Mapping[int, int]) -> None:
        keys = sorted(ids)
        self._row = array("q", [*keys, *(ids[key] for key in keys)])

    def __len__(self) -> int:
        return len(self._row) // 2

    def __iter__(self) -> Iterator[int]:
        return iter(self._row[: len(self)])

    def __getitem__(self, key: int) -> int:
        at, found = self._find(key)
        if not found:
            raise KeyError(key)
        return self._row[len(self) + at]

    def __setitem__(self, key: int, value: int) -> None:
        at, found = self._find(key)
        if not found:
            self._row.insert(len(self) + at, value)
            self._row.insert(at, key)
        self._row[len(self) + at] = value

    def __delitem__(self, key: int) -> None:
        at, found = self._find(key)
        if not found:
            raise KeyError(key)
        del self._row[len(self) + at], self._row[at]

    def _find(self, key: int) -> tuple[int, bool]:
        """Where the key stands, or would stand, and whether it does."""
        at = bisect_left(self._row, key, 0, len(self))
        return at, at < len(self) and self._row[at] == key


@dataclass(slots=True)
class Membership:
    """One person in one workspace, as of some moment S that may lie ahead of the events that are applied to it.

    `since` is the outbox id of the event that began the present membership (None: there is none), `until` that of
    the last one's end; `chats` and `left` are the same by chat, `public_since` and `public_until` for the public
    channels, of which guests hear nothing. An event counts only for the membership that it
    belongs to: ids, not snapshots, decide that, so the order of reading and applying does not matter.
    """

    user_id: int
    since: int | None = None
    public_since: int | None = None
    until: int = NEVER
    public_until: int = NEVER
    chats: MutableMapping[int, int] = field(default_factory=dict)
    left: MutableMapping[int, int] = field(default_factory=dict)

    def packed(self) -> "Membership":
        """This itself, in less memory; to be used just as before, if a little slower."""
        self.chats = PackedIds(self.chats)
        self.left = PackedIds(self.left) if self.left else NONE
        if self.public_since == self.since:
            self.public_since = self.since  # one number, not two that are equal
        return self

    def concerned_by(self, events: Iterable[Placed]) -> Iterator[Placed]:
        """Those of these that this person may get, or that may change what it gets: of a busy workspace's few. For who
        takes each before the next is asked for, since it may change that."""
        chats, user_id = self.chats, self.user_id
        for event in events:
            if event.chat_id in chats or event.to_user == user_id or event.audience in WIDE or event.type in ENDING:
                yield event

    def receives(self, event: Placed) -> bool:
        """Whether this person gets the event; an addition takes effect before the answer, a removal behind it."""
        if event.type in TURNING:
            return self._turn(event)
        return self._hears(event)

    def in_chat(self, event: Placed) -> bool:
        since = self.chats.get(event.chat_id or 0)
        return since is not None and since <= event.outbox_id

    def in_workspace(self, event: Placed) -> bool:
        return self.since is not None and self.since <= event.outbox_id

    def in_public(self, event: Placed) -> bool:
        return self.public_since is not None and self.public_since <= event.outbox_id

    def _hears(self, event: Placed) -> bool:
        match event.audience:
            case "chat":
                return self.in_chat(event)
            case "user":
                return event.to_user == self.user_id and self.in_chat(event)
            case "workspace":
                return self.in_workspace(event)
            case _:
                return self.in_public(event) or self.in_chat(event)

    def _turn(self, event: Placed) -> bool:
        mine = event.to_user == self.user_id
        match event.type:
            case "chat.created":
                return self._chat_created(event, mine)
            case "chat.deleted":
                return self._chat_deleted(event)
            case "member.removed" if mine:
                self._leave_chat(event)
                return True
            case "workspace.deleted":
                return self._workspace_deleted(event)
            case "workspace.member_added" if mine:
                return self._workspace_joined(event)
            case "workspace.member_removed" if mine:
                self._leave_workspace(event)
                return True
            case "workspace.member_updated" if mine and self.in_workspace(event):
                self._change_role(event)
                return True
        return self._hears(event)

    def _chat_created(self, event: Placed, mine: bool) -> bool:
        chat, at = event.chat_id or 0, event.outbox_id
        if event.to_user is None:  # the announcement of a public channel: its first members have their own
            return self._hears(event) and not self.in_chat(event)
        if not mine or at <= self.left.get(chat, NEVER) or at < self.chats.get(chat, NEVER):
            return False
        self.chats[chat] = at
        return True

    def _chat_deleted(self, event: Placed) -> bool:
        heard = self._hears(event) or self.left.get(event.chat_id or 0) == event.outbox_id
        self._leave_chat(event)
        return heard

    def _leave_chat(self, event: Placed) -> None:
        chat = event.chat_id or 0
        if self.chats.get(chat, event.outbox_id) < event.outbox_id:
            del self.chats[chat]
            self.left = {**self.left, chat: event.outbox_id}

    def _workspace_joined(self, event: Placed) -> bool:
        at = event.outbox_id
        if at <= self.until or at < (self.since or NEVER):
            return False
        if self.since != at:
            self.since, self.public_since = at, None if _makes_guest(event) else at
        return True

    def _change_role(self, event: Placed) -> None:
        at = event.outbox_id
        if at <= self.public_until:
            return
        if not _makes_guest(event):
            self.public_since = self.public_since or at
        elif self.public_since is not None and self.public_since < at:
            self.public_since, self.public_until = None, at

    def _workspace_deleted(self, event: Placed) -> bool:
        heard = self.in_workspace(event) or self.until == event.outbox_id
        self._leave_workspace(event)
        return heard

    def _leave_workspace(self, event: Placed) -> None:
        if self.since is not None and self.since < event.outbox_id:
            self.since, self.public_since, self.until = None, None, event.outbox_id
            self.chats.clear()


def _makes_guest(event: Placed) -> bool:
    return bool(orjson.loads(event.body)["role"] == "guest")
