"""What a person's streams must carry, worked out anew from whole feeds: by spans of positions, not by outbox ids."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Engine, text

QUERY = text(
    "SELECT workspace_id, position, audience, chat_id, to_user, type FROM events"
    " WHERE workspace_id = ANY(CAST(:workspaces AS bigint[])) ORDER BY workspace_id, position"
)


class Event(NamedTuple):
    workspace_id: int
    position: int
    audience: str
    chat_id: int | None
    to_user: int | None
    type: str


@dataclass
class Span:
    """From the event that began a membership to the one that ended it, both included; open while it lasts."""

    begin: int
    end: int | None = None

    def holds(self, position: int) -> bool:
        return self.begin <= position and (self.end is None or position <= self.end)


@dataclass
class Spans:
    """One person's memberships of one workspace and of its chats, in order."""

    own: list[Span] = field(default_factory=list)
    chats: dict[int, list[Span]] = field(default_factory=lambda: defaultdict(list))


def read_feeds(engine: Engine, workspaces: Collection[int]) -> list[Event]:
    """All that ever happened in these workspaces, from which nothing may have been trimmed."""
    with engine.connect() as connection:
        return [Event(*row) for row in connection.execute(QUERY, {"workspaces": sorted(workspaces)})]


class Watcher:
    """One person, and what it may see of these events."""

    def __init__(self, user_id: int, events: Collection[Event]) -> None:
        self.user_id, self.events = user_id, events
        self.workspaces: dict[int, Spans] = defaultdict(Spans)
        for event in events:
            self._live_through(self.workspaces[event.workspace_id], event)

    def _live_through(self, spans: Spans, event: Event) -> None:
        mine, chat = event.to_user == self.user_id, event.chat_id or 0
        match event.type:
            case "workspace.member_added" if mine:
                spans.own.append(Span(event.position))
            case "chat.created" if mine:
                spans.chats[chat].append(Span(event.position))
            case "workspace.member_removed" if mine:
                _end(spans.own, event)
            case "member.removed" if mine:
                _end(spans.chats[chat], event)
            case "chat.deleted":
                _end(spans.chats[chat], event)
            case "workspace.deleted":
                for some in (spans.own, *spans.chats.values()):
                    _end(some, event)

    def span_of(self, event: Event) -> tuple[Span | None, int]:
        """The membership by which this person sees the event, if any, and the how manieth it is."""
        spans = self.workspaces[event.workspace_id]
        found = spans.own if event.audience in ("workspace", "public") else spans.chats[event.chat_id or 0]
        for number, span in enumerate(found):
            if span.holds(event.position):
                return span, number
        return None, 0

    def sees(self, event: Event) -> bool:
        """Whether the event is for this person, by the membership that it had when it happened."""
        span, _ = self.span_of(event)
        if event.audience == "user" and event.to_user != self.user_id:
            return False
        return span is not None and not self._is_announced_twice(event)

    def _is_announced_twice(self, event: Event) -> bool:
        """The first members of a public channel have a `chat.created` of their own."""
        spans = self.workspaces[event.workspace_id].chats[event.chat_id or 0]
        announcement = event.type == "chat.created" and event.to_user is None
        return announcement and any(span.holds(event.position) for span in spans)

    def is_own_end(self, event: Event) -> bool:
        """Whether a membership of this person ends by this event."""
        spans = self.workspaces[event.workspace_id]
        some = spans.own if event.type.startswith("workspace.") else spans.chats[event.chat_id or 0]
        return any(span.end == event.position for span in some)

    def replay(self, cursor: Mapping[int, int]) -> dict[int, list[int]]:
        """By workspace the positions that a stream with this cursor gets when nothing happens any more."""
        shown = {w: self._replay_workspace(w, cursor.get(w)) for w in list(self.workspaces)}
        return {workspace_id: positions for workspace_id, positions in shown.items() if positions}

    def _replay_workspace(self, workspace_id: int, after: int | None) -> list[int]:
        spans = self.workspaces[workspace_id]
        present = spans.own[-1].begin if spans.own and spans.own[-1].end is None else None
        if after is None:
            if present is None:
                return []
            after = present - 1
        behind = [e for e in self.events if e.workspace_id == workspace_id and e.position > after]
        if present is None:  # up to the end of the membership, with which the workspace leaves the cursor
            ends = [span.end for span in spans.own if span.end is not None and span.end > after]
            behind = [e for e in behind if ends and e.position <= ends[0]]
        return [e.position for e in behind if self._is_replayed(e)]

    def _is_replayed(self, event: Event) -> bool:
        """Present memberships show all; one that ended shows its end, and deletion only if it was the last."""
        spans = self.workspaces[event.workspace_id]
        if event.type in ("member.removed", "workspace.member_removed") and event.to_user == self.user_id:
            return True
        last = spans.own[-1:] if event.chat_id is None else spans.chats[event.chat_id][-1:]
        if event.type in ("chat.deleted", "workspace.deleted") and last and last[0].end == event.position:
            return True
        if event.type == "chat.created" and event.to_user is None:
            present = bool(last) and last[0].end is None and last[0].begin < event.position
            return not present and _is_open(spans.own, event.position)
        if event.audience in ("workspace", "public"):
            return _is_open(spans.own, event.position)
        return self.sees(event) and _is_open(spans.chats[event.chat_id or 0], event.position)


def _end(spans: list[Span], event: Event) -> None:
    if spans and spans[-1].end is None:
        spans[-1].end = event.position


def _is_open(spans: list[Span], position: int) -> bool:
    """Whether the last span lasts, and holds this."""
    return bool(spans) and spans[-1].end is None and spans[-1].begin <= position
