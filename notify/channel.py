"""A workspace's feed as this process knows it: how far it has come, its last events, and who listens."""

from collections import deque
from collections.abc import Iterable
from itertools import islice
from time import monotonic

import orjson

from fechatter.cursor import Place, write_place
from fechatter.feed.placed import Placed
from notify.stream import Stream

RING = 1000
"""The last events that are kept for streams on their way to live; what is older they read from PostgreSQL."""


class Channel:
    """Everything in `ring` and before it was sent to the live streams: the last event there is at `position`.

    `ahead` is what came behind a hole, by its position; the hole is being read.
    `chats[chat][stream]` is the outbox id since which that stream's person is in that chat.
    """

    __slots__ = ("ahead", "chats", "epoch", "idle_since", "position", "reading", "ring", "streams", "users",
                 "workspace_id", "written")  # fmt: skip

    def __init__(self, workspace_id: int, place: Place) -> None:
        self.workspace_id = workspace_id
        self.epoch, self.position = place
        self.ring: deque[Placed] = deque(maxlen=RING)
        self.streams: set[Stream] = set()
        self.chats: dict[int, dict[Stream, int]] = {}
        self.users: dict[int, set[Stream]] = {}
        self.reading = False
        self.ahead: dict[int, Placed] = {}
        self.written = -1, ""
        self.idle_since = monotonic()

    @property
    def place(self) -> Place:
        return Place(self.epoch, self.position)

    @property
    def written_place(self) -> str:
        """As cursors name it; kept, since every event of a person's other workspaces names it too."""
        position, written = self.written
        if position != self.position:
            written = write_place(self.workspace_id, self.place)
            self.written = self.position, written
        return written

    def reaches_back_to(self, position: int) -> bool:
        """Whether the ring has every event behind `position`, or there is none."""
        return position >= self.position - len(self.ring)

    def behind(self, position: int, most: int) -> list[Placed]:
        """The ring's first events behind `position`."""
        skip = max(0, position - (self.position - len(self.ring)))
        return list(islice(self.ring, skip, skip + most))

    def advance(self, events: Iterable[Placed]) -> None:
        for event in events:
            if event.type == "message.deleted":
                self._blank(event)
            self.ring.append(event)
            self.position = event.position

    def _blank(self, deleted: Placed) -> None:
        """The text of a deleted message is in no later replay, as it is in PostgreSQL's events no more."""
        for index, event in enumerate(self.ring):
            if event.message_id == deleted.message_id and event.type != "message.deleted":
                body = orjson.loads(event.body)
                body["message"]["content"] = None
                self.ring[index] = event._replace(body=orjson.dumps(body).decode())

    def add(self, stream: Stream) -> None:
        """Makes the stream live in this workspace."""
        self.streams.add(stream)
        self.users.setdefault(stream.user_id, set()).add(stream)
        for chat_id, since in stream.memberships[self.workspace_id].chats.items():
            self.chats.setdefault(chat_id, {})[stream] = since

    def remove(self, stream: Stream) -> None:
        if stream not in self.streams:
            return
        self.streams.discard(stream)
        self._drop(self.users, stream.user_id, stream)
        for chat_id in stream.memberships[self.workspace_id].chats:
            self.reseat(stream, chat_id, None)
        if not self.streams:
            self.idle_since = monotonic()

    def reseat(self, stream: Stream, chat_id: int, since: int | None) -> None:
        """Notes that the stream's person is in the chat since then, or (None) no more."""
        if since is not None:
            self.chats.setdefault(chat_id, {})[stream] = since
        elif members := self.chats.get(chat_id):
            members.pop(stream, None)
            if not members:
                del self.chats[chat_id]

    @staticmethod
    def _drop(sets: dict[int, set[Stream]], key: int, stream: Stream) -> None:
        if found := sets.get(key):
            found.discard(stream)
            if not found:
                del sets[key]
