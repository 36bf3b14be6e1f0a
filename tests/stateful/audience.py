"""Who hears of what, in few lines: memberships are spans that open and close, and those that are open hear an event.

It knows nothing of the product: what it says follows from docs/events.md alone.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(eq=False)
class Span:
    """A membership of a workspace or a chat, or the hearing of a workspace's public channels."""

    is_open: bool = True


@dataclass(eq=False)
class Message:
    id: int
    chat: "Chat"
    seq: int
    sender: int
    content: str | None

    @property
    def is_deleted(self) -> bool:
        return self.content is None


@dataclass(eq=False)
class Workspace:
    """`roles` of the people who are in it; `own` and `public` hold their open spans. `left`: who was in it before.

    `suspended`: with the roles that such a person gets back, in the workspace and in chats by their ids.
    """

    id: int
    name: str
    roles: dict[int, str] = field(default_factory=dict)
    own: dict[int, Span] = field(default_factory=dict)
    public: dict[int, Span] = field(default_factory=dict)
    left: set[int] = field(default_factory=set)
    suspended: dict[int, tuple[str | None, dict[int, str]]] = field(default_factory=dict)
    is_deleted: bool = False

    def shape(self) -> dict[str, Any]:
        return {"id": self.id, "name": self.name, "member_count": len(self.roles)}


@dataclass(eq=False)
class Chat:
    """`roles` are in the order of joining."""

    id: int
    workspace: Workspace
    type: str
    name: str | None
    roles: dict[int, str] = field(default_factory=dict)
    spans: dict[int, Span] = field(default_factory=dict)
    reads: dict[int, int] = field(default_factory=dict)
    said: list[Message] = field(default_factory=list)
    read_only: bool = False
    is_deleted: bool = False

    def shape(self) -> dict[str, Any]:
        ids = None if self.type.endswith("channel") else sorted(self.roles)
        facts = {"id": self.id, "type": self.type, "name": self.name, "member_count": len(self.roles)}
        return facts | {"member_ids": ids, "last_seq": len(self.said), "read_only": self.read_only}


@dataclass(eq=False)
class Told:
    """One event for one person, who hears it `by` these spans. `ends`: it is the end of something of this person's own.

    `unless`: not to who is in the chat already. `begins`: the span of a workspace that it begins. `message`: whose text
    it carries, which is gone once that is deleted.
    """

    says: dict[str, Any]
    by: list[Span]
    ends: bool = False
    unless: Span | None = None
    begins: Span | None = None
    message: Message | None = None
    text: str | None = None

    @property
    def is_heard(self) -> bool:
        return self.ends or (any(span.is_open for span in self.by) and not (self.unless and self.unless.is_open))

    @property
    def ends_workspace(self) -> bool:
        return self.ends and self.says["type"].startswith("workspace.")


class Ears:
    """What one person's streams must carry, by workspace: `heard`. While it is away, `missed` waits for its return."""

    def __init__(self) -> None:
        self.heard: dict[int, list[Told]] = defaultdict(list)
        self.missed: dict[int, list[Told]] = defaultdict(list)
        self.known: set[int] | None = None
        """The workspaces that it was in when it went away."""
        self.passed: dict[int, Told] = {}
        """By workspace, the announcement of a channel that it was in itself, as long as nothing was heard since."""
        self.maybe: dict[int, Told] = {}
        """Those of them that a cursor from then may stand before: they may come in the replay if it has left."""

    def tell(self, workspace_id: int, told: Told) -> None:
        if self.known is not None:
            self.missed[workspace_id].append(told)
        elif told.is_heard:
            self.heard[workspace_id].append(told)
            self.passed.pop(workspace_id, None)
        elif told.unless:
            self.passed[workspace_id] = told

    def go_away(self, known: Iterable[int]) -> None:
        self.known, self.maybe = set(known), dict(self.passed)

    def come_back(self, present: dict[int, Span]) -> None:
        """`present`: the spans of the workspaces that it is in now. Replays show what present memberships show, and
        the ends of others."""
        assert self.known is not None
        for workspace_id, missed in self.missed.items():
            owed = _owed(missed, workspace_id in self.known, present.get(workspace_id))
            self.heard[workspace_id] += [_without_text(told) for told in owed if told.is_heard]
        self.missed.clear()
        self.known = None


def _owed(missed: list[Told], was_known: bool, present: Span | None) -> list[Told]:
    if present is None:
        ends = [number for number, told in enumerate(missed) if told.ends_workspace]
        return missed[: ends[0] + 1] if was_known and ends else []
    begun = [number for number, told in enumerate(missed) if told.begins is present]
    return missed if was_known or not begun else missed[begun[0] :]


def _without_text(told: Told) -> Told:
    """What was deleted in the meantime is in no replay."""
    return replace(told, text=None) if told.message and told.message.is_deleted else told


class Audience:
    """Tells people of events, in the order in which they happen."""

    def __init__(self, people: Collection[int]) -> None:
        self.ears = {person: Ears() for person in people}

    def tell(
        self,
        where: Workspace | Chat,
        audience: str,
        says: dict[str, Any],
        to: int | None = None,
        ends: Collection[int] = (),
        **more: Any,
    ) -> None:
        """`audience` is chat, user, workspace or public; `to` gets it in any case."""
        workspace = where if isinstance(where, Workspace) else where.workspace
        chat = where if isinstance(where, Chat) else None
        for person, ears in self.ears.items():
            by = _spans(workspace, chat, audience, person, to)
            if by or person == to:
                ears.tell(workspace.id, Told(says, by, ends=person in ends, **more))

    def announce(self, chat: Chat, says: dict[str, Any]) -> None:
        """A new public channel, to all but those who are in it, who were told before."""
        for person, span in chat.workspace.public.items():
            self.ears[person].tell(chat.workspace.id, Told(says, [span], unless=chat.spans.get(person)))


def _spans(workspace: Workspace, chat: Chat | None, audience: str, person: int, to: int | None) -> list[Span]:
    in_chat = chat.spans.get(person) if chat else None
    spans = {
        "workspace": [workspace.own.get(person)],
        "public": [workspace.public.get(person), in_chat],
        "chat": [in_chat],
        "user": [in_chat if person == to else None],
    }[audience]
    return [span for span in spans if span is not None]
