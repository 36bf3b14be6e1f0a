"""What happens while a stream is being opened, or right before, is not lost on it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, sleep

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from fechatter.actions.workspace_members import enter_workspace
from fechatter.feed.placed import Batch
from fechatter.models import Workspace
from tests.by_the_clock import in_time
from tests.notify.process import Notify
from tests.notify.raw_stream import RawStream
from tests.waiting import until_waiting
from tests.world import Person, World

Connect = Callable[..., RawStream]
Publish = Callable[[Batch], object]

CHANGES_READ = 1.2
"""Seconds within which every process has read what concerns people, and not their workspaces."""


@contextmanager
def opening_stopped(world: World, connect: Connect, person: Person) -> Iterator[RawStream]:
    """A stream on its way in: it has read its memberships, and waits to read where one of them began."""
    first = connect(person)
    cursor = first.until_type("ready").id
    first.close()
    world.workspace(person)
    with world.engine.begin() as connection:
        connection.execute(text("LOCK TABLE events IN ACCESS EXCLUSIVE MODE"))
        stream = connect(person, cursor=cursor)
        until_waiting(world.engine, part="SELECT e.position FROM events e%outbox")
        yield stream
        sleep(CHANGES_READ)


@pytest.mark.by_the_clock
def test_a_workspace_joined_while_the_stream_is_being_opened_comes_onto_it(world: World, connect: Connect) -> None:
    ann, bob = world.person(), world.person()
    away = world.workspace(ann)
    with opening_stopped(world, connect, bob) as stream:
        world.enter(away, bob)
    stream.until(lambda s: [f for f in s.lasting() if f.data["workspace_id"] == away])
    assert stream.lasting()[-1].type == "workspace.member_added"


def test_a_stream_whose_look_at_a_new_workspace_fails_looks_again(world: World, connect: Connect) -> None:
    ann, bob = world.person(), world.person()
    stream = connect(bob)
    stream.until_type("ready")
    with world.engine.begin() as connection:
        connection.execute(text("LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE"))
        away = world.workspace(ann, bob)
        for pid in until_waiting(world.engine, part="standing_v1"):
            connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    stream.until(lambda s: [f for f in s.lasting() if f.data["workspace_id"] == away])
    assert not stream.ended


@pytest.mark.by_the_clock
def test_a_session_ended_while_its_stream_is_being_opened_ends_it(world: World, connect: Connect) -> None:
    ann = world.person()
    with opening_stopped(world, connect, ann) as stream:
        world.end_session(ann)
    stream.until_ended()
    assert stream.frames[-1].data == {"reason": "signed_out"}


def test_a_session_that_has_ended_opens_no_stream(world: World, connect: Connect) -> None:
    ann = world.person()
    world.end_session(ann)
    assert connect(ann).status == 401


def test_what_was_answered_before_a_stream_was_asked_for_lies_behind_it(
    world: World, connect: Connect, publish: Publish
) -> None:
    """Nobody has relayed it yet: a fresh stream would else begin with what its client has just fetched."""
    ann = world.person()
    workspace = world.workspace(ann)
    chat = world.chat(ann, workspace, type="private_channel")
    world.post(ann, chat, "fetched")
    stream = connect(ann)
    stream.until_type("ready")
    world.post(ann, chat, "streamed")
    world.relay(workspace, publish)
    stream.until_content("streamed")
    assert stream.contents() == ["streamed"]


def test_a_joining_that_commits_after_a_later_change_was_read_is_not_missed(
    world: World, engine: Engine, connect: Connect
) -> None:
    ann, bob = world.person(), world.person()
    away = world.workspace(ann)
    stream = connect(bob)
    stream.until_type("ready")
    with Session(engine) as slow:
        enter_workspace(slow, slow.get_one(Workspace, away), bob.id, "member")
        world.workspace(ann)  # a later change, of somebody else
        sleep(CHANGES_READ)
        slow.commit()
    assert stream.until_type("workspace.member_added").data["workspace_id"] == away


def test_a_workspace_that_a_cursor_does_not_name_is_streamed_from_the_joining_on(
    world: World, connect: Connect
) -> None:
    ann, bob = world.person(), world.person()
    home, away = world.workspace(bob), world.workspace(ann)
    public = world.chat(ann, away, type="public_channel")
    world.relay(home)
    cursor = connect(bob).until_type("ready").id
    world.post(ann, public, "before")
    world.enter(away, bob)
    chat = world.chat(ann, away, bob)
    world.post(ann, chat, "welcome")
    world.relay(away)
    stream = connect(bob, cursor=cursor)
    stream.until_content("welcome")
    assert [f.type for f in stream.lasting()] == ["workspace.member_added", "chat.created", "message.created"]
    again = connect(bob, cursor=stream.lasting()[0].id)
    again.until_content("welcome")
    assert [f.type for f in again.lasting()] == ["chat.created", "message.created"]


def test_a_stream_without_any_workspace_gets_the_first_one(world: World, connect: Connect) -> None:
    ann, bob = world.person(), world.person()
    away = world.workspace(ann)
    stream = connect(bob)
    assert stream.until_type("ready").id == "1"
    world.enter(away, bob)
    assert stream.until_type("workspace.member_added").places.keys() == {away}


def test_a_client_that_leaves_at_once_leaves_nothing_behind(world: World, connect: Connect, notify: Notify) -> None:
    """More often than a person may have streams."""
    ann = world.person()
    world.workspace(ann)
    for number in range(130):
        stream = let_in(connect, ann) if number % 10 == 9 else connect(ann)
        if number % 2:
            stream.until(lambda stream: stream.frames or stream.status == 429)
        stream.close()
    let_in(connect, ann)


def let_in(connect: Connect, person: Person) -> RawStream:
    """Once it is known that those before have left."""
    end = monotonic() + 30
    while (stream := connect(person)).status != 200:
        stream.close()
        assert monotonic() < end
        sleep(0.2)
    return stream


@pytest.mark.by_the_clock
@pytest.mark.parametrize(
    ("process", "reading"), [("second_notify", "f.tail, page"), ("forgetful_notify", "personal_page_v1")]
)
def test_a_chat_entered_while_a_replay_reads_is_in_that_replay(
    world: World, connect: Connect, publish: Publish, process: str, reading: str, request: pytest.FixtureRequest
) -> None:
    there: Notify = request.getfixturevalue(process)
    ann, bob = world.person(), world.person()
    workspace = world.workspace(ann, bob)
    room = world.chat(ann, workspace, bob)
    chat = world.chat(ann, workspace, type="private_channel")
    world.relay(workspace)
    cursor = connect(bob).until_type("ready").id
    world.post(ann, room, "missed")
    world.relay(workspace, publish)  # so that the first process need not read it
    with world.engine.begin() as connection:
        connection.execute(text("LOCK TABLE events IN ACCESS EXCLUSIVE MODE"))
        stream = connect(bob, cursor=cursor, at=there)
        until_waiting(world.engine, part=reading)
        world.add(ann, chat, bob)
        world.post(ann, chat, "inside")
        connection.execute(text("SELECT relay_v2(ARRAY[:workspace], true, 500)"), {"workspace": workspace})
    stream.until_content("inside")
    assert [f.content or f.type for f in stream.lasting()] == ["missed", "chat.created", "member.added", "inside"]


@pytest.mark.by_the_clock
def test_all_who_come_at_once_are_let_in(world: World, connect: Connect) -> None:
    """After a restart of notify everyone does; each has a turn before its patience ends."""
    people = [world.person() for _ in range(10)]
    world.workspace(people[0], *people[1:])
    streams = [connect(person) for person in people for _ in range(25)]
    assert {stream.status for stream in streams} == {200}


def test_who_gets_no_turn_is_told_so_in_time(world: World, connect: Connect, a_notify: Callable[..., Notify]) -> None:
    people = [world.person() for _ in range(12)]
    alone = a_notify()
    with world.engine.begin() as connection:
        connection.execute(text("LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE"))
        began = monotonic()
        streams = [connect(person, at=alone) for person in people]
        statuses = [stream.until(lambda stream: stream.head and stream.status) for stream in streams]
        in_time(began, 7)  # five, but for a busy machine
    assert statuses == [503] * 12
