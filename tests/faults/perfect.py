"""A run in which the service did all that it promises, made up from a seed: what a checker must call green."""

from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from random import Random
from typing import Any

import orjson

from fechatter.cursor import Place, write_cursor

EPOCH = 7
QUICK = 0.003
"""Seconds that anything takes."""

CHATS = {10: (1, {1, 2, 3, 4, 5, 6}), 11: (1, {1, 2, 3}), 12: (2, {1, 2, 3})}
"""The workspace of each chat, and who is in it at first; people come and go in 11."""

WORKSPACES = {1: (1, 2, 3, 4, 5, 6), 2: (1, 2, 3)}


@dataclass
class Message:
    id: int
    chat: int
    seq: int
    sender: int
    client_id: str
    content: str
    time: float
    sent: str = ""
    edited: float | None = None
    deleted: float | None = None


@dataclass
class Event:
    """`to`: who was to get it when it happened."""

    workspace: int
    position: int
    time: float
    type: str
    chat: int
    subject: int
    to: frozenset[int]
    seq: int | None = None
    text: str | None = None
    message: Message | None = None

    @property
    def content(self) -> str | None:
        return None if self.message is None or self.message.deleted else self.text


@dataclass
class Stream:
    number: int
    user: int
    session: int
    style: str
    places: dict[int, int]
    n: int = 0
    is_open: bool = False
    notify: str = "notify1"

    @property
    def cursor(self) -> str:
        return write_cursor({w: Place(EPOCH, position) for w, position in self.places.items()})


def rfc(time: float) -> str:
    return f"2026-11-23T09:{int(time) // 60 % 60:02d}:{time % 60:09.6f}Z"


@dataclass
class Perfect:
    """The lines of each file, as the rig would have written them; `now` goes on with every step."""

    seed: int = 1
    now: float = 1000.0
    calls: list[dict[str, Any]] = field(default_factory=list)
    lines: list[list[Any]] = field(default_factory=list)
    faults: list[dict[str, Any]] = field(default_factory=list)
    samples: list[dict[str, Any]] = field(default_factory=list)
    final: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rng = Random(self.seed)
        self.feeds: dict[int, list[Event]] = {w: [] for w in WORKSPACES}
        self.tails = dict.fromkeys(WORKSPACES, 0)
        self.since = {chat: dict.fromkeys(people, 0) for chat, (_, people) in CHATS.items()}
        self.messages: dict[int, list[Message]] = {chat: [] for chat in CHATS}
        self.streams: list[Stream] = []
        self.numbers = iter(range(1, 10**9))
        for chat, (_, people) in CHATS.items():
            for whom in sorted(people):
                self.call("member", 1, 201, chat=chat, whom=whom)

    # --- calls ---

    def call(self, op: str, by: int, status: int | None, tries: list[Any] | None = None, **more: Any) -> dict[str, Any]:
        """One that began just now and has ended; what it did lies in between."""
        tries = tries or [[self.now, self.now + 3 * QUICK, status, "web1"]]
        times = {"began": tries[0][0], "ended": tries[-1][1], "status": status, "tries": tries}
        self.calls.append({"op": op, "by": by, "session": more.pop("session", by * 10), **times, **more})
        return self.calls[-1]

    def send(self, chat: int, by: int, times: int = 1, status: int | None = 201, before: int = 0) -> Message:
        """`times`: twins; `before`: so many tries were answered by 503; without a status it happens all the same."""
        self.now += 0.01
        n = next(self.numbers)
        told: dict[str, Any] = {"chat": chat, "client_id": f"1-{n}", "content": f"m-{n} 日本 {n}"}
        tries = [[self.now - 1 + 0.1 * i, self.now - 0.95 + 0.1 * i, 503, "web1"] for i in range(before)]
        tries.append([self.now, self.now + 3 * QUICK, status, "web2"])
        message = Message(n, chat, len(self.messages[chat]) + 1, by, f"1-{n}", told["content"], self.now + QUICK)
        message.sent = message.content
        self.messages[chat].append(message)
        for twin in range(times):
            answer = {"id": n, "seq": message.seq, "created_at": rfc(message.time), "content": message.content}
            self.call("send", by, status and (200 if twin else status), tries, **told, message=status and answer)
        self.happen("message.created", chat, n, message.seq, message.content, message)
        return message

    def edit(self, message: Message) -> None:
        n = next(self.numbers)
        message.content, message.edited = f"e-{n}", self.now + QUICK
        self.call("edit", message.sender, 200, chat=message.chat, message_id=message.id, content=message.content)
        self.happen("message.updated", message.chat, message.id, message.seq, message.content, message)

    def delete(self, message: Message) -> None:
        message.deleted = self.now + QUICK
        self.call("delete", message.sender, 204, chat=message.chat, message_id=message.id)
        self.happen("message.deleted", message.chat, message.id, message.seq, None, message)

    def add(self, chat: int, whom: int, by: int = 1) -> None:
        self.call("add", by, 201, chat=chat, whom=whom)
        self.since[chat][whom] = len(self.feeds[CHATS[chat][0]]) + 1
        self.happen("chat.created", chat, 0, len(self.messages[chat]), to={whom})
        self.happen("member.added", chat, whom)

    def remove(self, chat: int, whom: int, by: int = 1) -> None:
        self.call("remove", by, 204, chat=chat, whom=whom)
        to = set(self.since[chat])
        del self.since[chat][whom]
        self.happen("member.removed", chat, whom, to=to)

    def look(self, user: int) -> tuple[str, dict[str, int]]:
        places = {w: Place(EPOCH, len(self.feeds[w])) for w, people in WORKSPACES.items() if user in people}
        chats = {str(chat): len(self.messages[chat]) for chat, since in self.since.items() if user in since}
        self.call("list", user, 200, cursor=write_cursor(places), chats=chats)
        return write_cursor(places), chats

    def page(self, chat: int) -> None:
        shown = [[message.id, message.seq] for message in self.messages[chat][-20:]]
        self.call("history", 1, 200, chat=chat, messages=shown)

    # --- streams ---

    def happen(
        self,
        type_: str,
        chat: int,
        subject: int,
        seq: int | None = None,
        text: str | None = None,
        message: Message | None = None,
        to: set[int] | None = None,
    ) -> None:
        feed = self.feeds[CHATS[chat][0]]
        reached = frozenset(self.since[chat] if to is None else to)
        event = Event(CHATS[chat][0], len(feed) + 1, self.now, type_, chat, subject, reached, seq, text, message)
        feed.append(event)
        for stream in self.streams:
            if stream.is_open and stream.user in event.to:
                self.show(stream, event)

    def show(self, stream: Stream, event: Event) -> None:
        stream.places = {w: len(self.feeds[w]) for w in stream.places} | {event.workspace: event.position}
        self.tell(stream, event.type, event.chat, event.subject or None, event.seq, event.content, id=stream.cursor)

    def tell(self, stream: Stream, type_: str, *rest: Any, id: str | None = None) -> None:
        rest = (*rest, None, None, None, None)[:4]
        self.lines.append(["e", self.now + 2 * QUICK, stream.number, stream.n, id, type_, *rest])

    def line(self, kind: str, stream: Stream, *rest: Any) -> None:
        self.lines.append([kind, self.now, stream.number, *rest])

    def begin(self, user: int, session: int, style: str = "steady", notify: str = "notify1") -> Stream:
        stream = Stream(len(self.streams) + 1, user, session, style, {}, notify=notify)
        cursor, chats = self.look(user)
        stream.places = {w: len(self.feeds[w]) for w, people in WORKSPACES.items() if user in people}
        self.streams.append(stream)
        self.line("list", stream, cursor, chats)
        self.open(stream)
        return stream

    def open(self, stream: Stream) -> None:
        stream.n += 1
        stream.is_open = True
        self.line("open", stream, stream.n, stream.user, stream.session, stream.cursor, stream.notify, stream.style)
        self.line("head", stream, stream.n, 200)
        if any(place < self.tails[w] for w, place in stream.places.items()):
            return self.reset(stream)
        self.tell(stream, "ready", id=stream.cursor)
        for workspace, place in dict(stream.places).items():
            for event in self.feeds[workspace][place:]:
                if self.is_replayed(stream.user, event):
                    stream.places[workspace] = event.position
                    rest = (event.chat, event.subject or None, event.seq, event.content)
                    self.tell(stream, event.type, *rest, id=stream.cursor)

    def is_replayed(self, user: int, event: Event) -> bool:
        own_end = event.type == "member.removed" and event.subject == user
        return user in event.to and (own_end or self.since[event.chat].get(user, inf) <= event.position)

    def reset(self, stream: Stream) -> None:
        stream.places = {w: len(self.feeds[w]) for w in stream.places}
        self.tell(stream, "ready")
        self.tell(stream, "reset", id=stream.cursor)
        self.line("list", stream, *self.look(stream.user))

    def heartbeat(self, stream: Stream) -> None:
        stream.places = {w: len(self.feeds[w]) for w in stream.places}
        self.line("id", stream, stream.n, stream.cursor)

    def cut(self, stream: Stream, why: str = "cut") -> None:
        stream.is_open = False
        self.line("end", stream, stream.n, why)

    # --- the whole ---

    def write(self, folder: Path) -> Path:
        (folder / "history").mkdir(parents=True, exist_ok=True)
        layout = {"seed": self.seed, "people": 6, "chats": 3, "rate": 10, "streams": len(self.streams)}
        (folder / "layout.json").write_bytes(orjson.dumps(layout))
        files: dict[str, list[Any]] = {
            "calls": self.calls,
            "streams": self.lines,
            "faults": self.faults,
            "samples": self.samples,
        }
        for name, lines in files.items():
            text = b"".join(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE) for line in lines)
            (folder / "history" / f"{name}.jsonl").write_bytes(text)
        (folder / "history" / "final.json").write_bytes(orjson.dumps(self.final))
        return folder
