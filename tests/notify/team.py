"""A small team whose memberships change, and what a stream is told of it."""

from collections.abc import Callable, Sequence

from fechatter.feed.placed import Batch
from tests.notify.process import Notify
from tests.notify.raw_stream import RawStream
from tests.world import Person, World

Connect = Callable[..., RawStream]
Publish = Callable[[Batch], object]


def told(stream: RawStream, end: str = "end") -> list[str]:
    """The types of all events up to the message or event that is the end, with what messages say instead."""
    stream.until(lambda s: any(end in (f.content, f.type) for f in s.frames))
    whats = [frame.content or str(frame.type) for frame in stream.lasting()]
    return [what for what in whats if what not in ("end", "end at home")]


class Team:
    """Ann owns a workspace and a private channel; bob is in it, and both are in a room to hear the end in."""

    def __init__(self, world: World, connect: Connect, publish: Publish, others: Sequence[Notify]) -> None:
        self.world, self.connect, self.publish, self.others = world, connect, publish, others
        self.ann, self.bob = world.person("Ann"), world.person("Bob")
        self.workspace = world.workspace(self.ann, self.bob)
        self.home = world.workspace(self.bob)
        self.room = world.chat(self.ann, self.workspace, self.bob)
        self.den = world.chat(self.bob, self.home, type="private_channel")
        self.chat = world.chat(self.ann, self.workspace, self.bob, type="private_channel")
        self.relay()
        self.cursor = self.start_of(self.bob)
        self.watching = connect(self.ann)
        self.watching.until_type("ready")

    def start_of(self, person: Person) -> str:
        """Where the present is for this person."""
        stream = self.connect(person)
        cursor = stream.until_type("ready").id
        stream.close()
        assert cursor
        return cursor

    def relay(self) -> None:
        for workspace in (self.workspace, self.home):
            self.world.relay(workspace, self.publish)

    def end(self) -> None:
        """Returns when the process has all that happened up to here."""
        self.world.post(self.ann, self.room, "end")
        self.world.post(self.bob, self.den, "end at home")
        self.relay()
        self.watching.until_content("end")

    def end_without(self, person: Person) -> None:
        """The same, in a room of those who are left."""
        assert person is self.bob
        room = self.world.chat(self.ann, self.workspace, type="private_channel")
        self.world.post(self.ann, room, "end")
        self.relay()
        self.watching.until_content("end")

    def replays(self, person: Person, cursor: str | None) -> list[RawStream]:
        """From the memory of a process that has heard it all, and in those that have not from what is read for all
        streams together, and for this one alone."""
        return [self.connect(person, cursor=cursor, at=at) for at in (None, *self.others)]

    def be_removed_and_come_back(self) -> None:
        self.world.post(self.ann, self.chat, "before")
        self.world.remove(self.ann, self.chat, self.bob)
        self.world.post(self.ann, self.chat, "between")
        self.world.add(self.ann, self.chat, self.bob)
        self.world.post(self.ann, self.chat, "again")
