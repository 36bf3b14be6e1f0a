"""From every single cursor that a stream was given it can be resumed, with exactly what comes behind it."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable

import pytest

from fechatter.actions.chats import change_chat, delete_chat
from fechatter.actions.messages import delete_message, edit_message
from fechatter.actions.workspaces import rename_workspace
from fechatter.cursor import read_cursor
from fechatter.errors import ChatError
from fechatter.feed.relay import Publish
from tests.notify.oracle import Watcher, read_feeds
from tests.notify.process import Notify
from tests.notify.raw_stream import Frame, RawStream
from tests.world import Person, World

Connect = Callable[..., RawStream]
AT_ONCE = 40


class Past:
    """Two workspaces in which an owner does many things to bob, and to all that bob may see."""

    def __init__(self, world: World, connect: Connect, publish: Publish, seed: int) -> None:
        self.publish = publish
        self.world, self.random = world, random.Random(seed)
        self.ann, self.bob, self.cat = (world.person(name) for name in ("Ann", "Bob", "Cat"))
        self.workspaces = [world.workspace(self.ann, self.bob, self.cat) for _ in range(2)]
        self.chats = [
            (workspace, world.chat(self.ann, workspace, *people, type=type))
            for workspace in self.workspaces
            for type, people in (("private_channel", [self.cat]), ("public_channel", [self.bob]), ("group", [self.bob]))
        ]
        self.messages: list[int] = []
        self.relay()
        self.stream = connect(self.bob)
        self.start = self.stream.until_type("ready")

    def happen(self, number: int) -> None:
        weights = {self.post: 8, self.edit: 2, self.delete: 2, self.add: 4, self.remove: 4, self.rename: 2}
        weights |= {self.make: 2, self.end: 1, self.rename_workspace: 1}
        for step in range(number):
            act = self.random.choices(list(weights), list(weights.values()))[0]
            try:
                act()
            except ChatError:
                continue
            if self.random.random() < 0.5:
                self.world.relay(self.random.choice(self.workspaces))
            if step % 25 == 20:
                self.leave_and_come_back()
        self.settle()

    def settle(self) -> Watcher:
        """Waits until the open stream has had all; what it then must have seen.

        Before a membership ends it must be given the time: of what is over when it gets there it is not told.
        """
        self.relay()
        bob = Watcher(self.bob.id, read_feeds(self.world.engine, self.workspaces))
        total = sum(len(positions) for positions in self.seen_by(bob).values())
        self.stream.until(lambda stream: len(stream.lasting()) >= total)
        return bob

    def seen_by(self, bob: Watcher) -> dict[int, list[int]]:
        """By workspace, behind the start of the open stream."""
        behind = [e for e in bob.events if e.position > self.start.places[e.workspace_id].position and bob.sees(e)]
        return {w: [e.position for e in behind if e.workspace_id == w] for w in self.workspaces}

    def relay(self) -> None:
        for workspace in self.workspaces:
            self.world.relay(workspace, self.publish)

    def chat(self) -> int:
        return self.random.choice(self.chats)[1]

    def post(self) -> None:
        posted = self.world.post(self.random.choice([self.ann, self.bob, self.cat]), self.chat(), "some words")
        if posted.shape:
            self.messages.append(posted.shape["id"])

    def edit(self) -> None:
        message = self.random.choice(self.messages or [0])
        self.world.write(lambda session: edit_message(session, self.ann.id, message, "other words"))

    def delete(self) -> None:
        message = self.random.choice(self.messages or [0])
        self.world.write(lambda session: delete_message(session, self.ann.id, message))

    def add(self) -> None:
        self.world.add(self.ann, self.chat(), self.random.choice([self.bob, self.bob, self.cat]))

    def remove(self) -> None:
        self.settle()
        self.world.remove(self.ann, self.chat(), self.random.choice([self.bob, self.bob, self.cat]))

    def rename(self) -> None:
        chat, name = self.chat(), f"name {self.random.random()}"
        self.world.write(lambda session: change_chat(session, self.ann.id, chat, {"name": name}))

    def rename_workspace(self) -> None:
        workspace = self.random.choice(self.workspaces)
        self.world.write(lambda session: rename_workspace(session, self.ann.id, workspace, "Other"))

    def make(self) -> None:
        workspace = self.random.choice(self.workspaces)
        type = self.random.choice(["private_channel", "public_channel"])
        self.chats.append((workspace, self.world.chat(self.ann, workspace, self.bob, type=type)))

    def end(self) -> None:
        self.settle()
        chat = self.chat()
        self.world.write(lambda session: delete_chat(session, self.ann.id, chat))

    def leave_and_come_back(self) -> None:
        workspace = self.random.choice(self.workspaces)
        self.settle()
        self.world.leave(workspace, self.bob)
        self.post()
        if self.random.random() < 0.7:
            self.world.enter(workspace, self.bob)
        self.settle()


def _positions(frames: Iterable[Frame]) -> dict[int, list[int]]:
    """By workspace, in the order in which they came. An end that leaves the cursor is known by what follows in it."""
    got = defaultdict(list)
    for frame in frames:
        if frame.is_lasting:
            place = frame.places.get(frame.data["workspace_id"])
            got[frame.data["workspace_id"]].append(place.position if place else None)
    return dict(got)


@pytest.mark.parametrize(("seed", "process"), [(1, "notify"), (2, "second_notify"), (3, "forgetful_notify")])
def test_every_cursor_of_a_stream_leads_on_right_behind_it(
    world: World, connect: Connect, publish: Publish, seed: int, process: str, request: pytest.FixtureRequest
) -> None:
    """In the process that has all of it in its memory, and in two that must read it: for all streams together, and for
    each by itself."""
    past = Past(world, connect, publish, seed)
    past.happen(70)
    bob, live = past.settle(), past.stream
    live.read_for(0.3)
    assert _filled(_positions(live.frames), bob) == past.seen_by(bob)

    cursors = [past.start.id, *(frame.id for frame in live.lasting())]
    assert len(set(cursors)) == len(cursors)
    for some in range(0, len(cursors), AT_ONCE):
        _check_resumed(connect, request.getfixturevalue(process), past.bob, bob, cursors[some : some + AT_ONCE])


def _check_resumed(connect: Connect, at: Notify, person: Person, watcher: Watcher, cursors: list[str]) -> None:
    streams = [connect(person, cursor=cursor, at=at) for cursor in cursors]
    wanted = []
    for cursor, stream in zip(cursors, streams, strict=True):
        wanted.append(watcher.replay({w: place.position for w, place in (read_cursor(cursor) or {}).items()}))
        total = sum(len(positions) for positions in wanted[-1].values())
        stream.until(lambda stream, total=total: len(stream.lasting()) >= total)
    for stream, wished in zip(streams, wanted, strict=True):
        stream.read_for(0.02)
        assert stream.until_type("ready").id == stream.frames[0].id
        assert "reset" not in [frame.type for frame in stream.frames]
        assert _filled(_positions(stream.frames), watcher) == wished
        stream.close()


def _filled(got: dict[int, list[int | None]], watcher: Watcher) -> dict[int, list[int]]:
    """The ends of memberships of workspaces have no position in their own id: the next such end it must be."""
    filled = {}
    for workspace_id, positions in got.items():
        ends = [span.end for span in watcher.workspaces[workspace_id].own if span.end]
        last, filled[workspace_id] = 0, []
        for position in positions:
            last = position or next((end for end in ends if end > last), -1)
            filled[workspace_id].append(last)
    return filled
