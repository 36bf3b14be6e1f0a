"""A workspace's feed as this process knows it: how far it has come, its last events, and who listens."""

from collections import deque
from collections.abc import Iterable, Mapping
from itertools import islice
from time import monotonic

import orjson

from fechatter.cursor import Place, base36, write_place
from fechatter.feed.memberships import Membership
from fechatter.feed.passing import Passing
from fechatter.feed.placed import Placed
from notify.stream import NOWHERE, Stream

RING = 1000
"""The last events that are kept for streams on their way to live; what is older they read from PostgreSQL."""

LATELY = 100
"""People of whom it is kept when it was last told that they are here, or no more: who joins meanwhile hears of it."""

CROWD = 8
"""Streams of one chat from which on it is kept which of them are in the same workspaces."""

ByWorkspaces = dict[tuple[int, ...], list[Stream]]


class Channel:
    """Everything in `ring` and before it was sent to the live streams: the last event there is at `position`.

    `ahead` is what came behind a hole, by its position; the hole is being read.
    `streams[stream]` is what that live stream's person may see here; `chats[chat]` are the streams of who is in that
    chat. `newest` is the highest outbox id since which any of them was in a chat: an event above it is for the whole
    of its own. `alone` is one tuple for all who are in no other workspace. `lately` is the presence that was passed on
    last, with the time.
    """

    __slots__ = ("ahead", "alone", "chats", "crowds", "epoch", "idle_since", "lately", "newest", "position", "reading",
                 "ring", "streams", "workspace_id", "written", "written_start")  # fmt: skip

    def __init__(self, workspace_id: int, place: Place) -> None:
        self.workspace_id, self.alone = workspace_id, (workspace_id,)
        self.epoch, self.position = place
        self.ring: deque[Placed] = deque(maxlen=RING)
        self.streams: dict[Stream, Membership] = {}
        self.chats: dict[int, dict[Stream, None]] = {}
        self.crowds: dict[int, ByWorkspaces] = {}
        self.lately: deque[tuple[float, Passing]] = deque(maxlen=LATELY)
        self.newest = 0
        self.reading = False
        self.ahead: dict[int, Placed] = {}
        self.written_start = write_place(workspace_id, Place(self.epoch, 0)).removesuffix("0")
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
            written = self.write(self.position)
            self.written = self.position, written
        return written

    def write(self, position: int) -> str:
        """A place in this feed as cursors name it."""
        return self.written_start + base36(position)

    @property
    def start(self) -> int:
        """The ring has what lies behind this position."""
        return self.position - len(self.ring)

    @property
    def room(self) -> int:
        """Events that the ring can take in without losing one."""
        return RING - len(self.ring)

    def reaches_back_to(self, position: int) -> bool:
        """Whether the ring has every event behind `position`, or there is none."""
        return position >= self.start

    def behind(self, position: int, most: int) -> list[Placed]:
        """The ring's first events behind `position`."""
        skip = max(0, position - self.start)
        return list(islice(self.ring, skip, skip + most))

    def advance(self, events: Iterable[Placed]) -> None:
        for event in events:
            if event.type == "message.deleted":
                self._blank(event)
            if event.type == "workspace.member_removed":
                self._forget(event.to_user)
            self.ring.append(event)
            self.position = event.position

    def recall(self, events: Iterable[Placed]) -> None:
        """Takes in, before the ring's first, what was read from the feed: without holes, and up to there at least.

        What was deleted since it was read is blanked again: that event is in the ring, for it is younger.
        """
        older = [event for event in events if event.position <= self.start][-self.room :]
        if not self.room or not older or older[-1].position != self.start:
            return
        said = {event.message_id for event in older}
        deleted = [event for event in self.ring if event.type == "message.deleted" and event.message_id in said]
        self.ring.extendleft(reversed(older))
        for event in deleted:
            self._blank(event)

    def _forget(self, user_id: int | None) -> None:
        """Whether somebody is here who belongs here no more is told nobody."""
        here = [(at, event) for at, event in self.lately if user_id not in event.except_users]
        self.lately = deque(here, maxlen=LATELY)

    def _blank(self, deleted: Placed) -> None:
        """The text of a deleted message is in no later replay, as it is in PostgreSQL's events no more."""
        for index, event in enumerate(self.ring):
            if event.message_id == deleted.message_id and event.type != "message.deleted":
                body = orjson.loads(event.body)
                body["message"]["content"] = None
                self.ring[index] = event._replace(body=orjson.dumps(body).decode())

    # --- who listens ---

    def add(self, stream: Stream, membership: Membership) -> None:
        """Makes the stream live in this workspace."""
        self.streams[stream] = membership.packed()
        for chat_id, since in membership.chats.items():
            self.reseat(stream, chat_id, since)

    def remove(self, stream: Stream) -> Membership:
        """What the stream's person may see here."""
        membership = self.streams.pop(stream)
        for chat_id in membership.chats:
            self.reseat(stream, chat_id, None)
        if not self.streams:
            self.idle_since = monotonic()
        return membership

    def reseat(self, stream: Stream, chat_id: int, since: int | None) -> None:
        """Notes that the stream's person is in the chat since then, or (None) no more."""
        self.crowds.pop(chat_id, None)
        if since is not None:
            self.newest = max(self.newest, since)
            self.chats.setdefault(chat_id, {})[stream] = None
        elif members := self.chats.get(chat_id):
            members.pop(stream, None)
            if not members:
                del self.chats[chat_id]

    def by_workspaces(self, chat_id: int) -> ByWorkspaces:
        """The chat's streams; not to be changed, since those of a crowd are kept until one comes or goes."""
        found = self.crowds.get(chat_id)
        if found is None:
            found, members = {}, self.chats.get(chat_id, {})
            for stream in members:
                found.setdefault(stream.workspaces, []).append(stream)
            if len(members) >= CROWD:
                self.crowds[chat_id] = found
        return found


def enter(channels: Mapping[int, Channel], stream: Stream) -> None:
    """Makes a held stream live in all the workspaces in which it has a place."""
    assert stream.places is not None
    here = [channels[w] for w in sorted(stream.places)]
    stream.workspaces = here[0].alone if len(here) == 1 else tuple(channel.workspace_id for channel in here)
    for channel in here:
        channel.add(stream, stream.memberships[channel.workspace_id])
    stream.places, stream.memberships = None, NOWHERE


def leave(channels: Mapping[int, Channel], stream: Stream) -> None:
    """Takes a live stream out of its workspaces; its places are where these stand."""
    here = [channels[w] for w in stream.workspaces if w in channels]
    stream.places, stream.held_at = {channel.workspace_id: channel.place for channel in here}, monotonic()
    stream.memberships = {channel.workspace_id: channel.remove(stream) for channel in here}


def detach(channels: Mapping[int, Channel], stream: Stream, workspace_id: int) -> None:
    """Takes a live stream out of this workspace alone; what it gets in others names it no more."""
    channel = channels[workspace_id]
    for chat_id in [chat_id for chat_id, members in channel.chats.items() if stream in members]:
        channel.reseat(stream, chat_id, None)
    channel.remove(stream)
    stream.workspaces = tuple(w for w in stream.workspaces if w != workspace_id)
    for other in stream.workspaces:
        channels[other].crowds.clear()
