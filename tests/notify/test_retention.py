"""Where the events that a stream needs are gone, or are those of another database, it starts afresh: never a hole."""

from collections.abc import Callable

from sqlalchemy import Engine

from fechatter.feed.epoch import check_epoch
from fechatter.feed.placed import Batch
from tests.notify.floods import flood, grow_old
from tests.notify.process import Notify
from tests.notify.raw_stream import RawStream
from tests.world import Person, World

Connect = Callable[..., RawStream]
Publish = Callable[[Batch], object]


def room_of(world: World) -> tuple[Person, int, int]:
    """A person, its workspace, and a channel with nobody else in it."""
    ann = world.person()
    workspace = world.workspace(ann)
    chat = world.chat(ann, workspace, type="private_channel")
    world.relay(workspace)
    return ann, workspace, chat


def must_start_afresh(connect: Connect, person: Person, cursor: str | None) -> RawStream:
    assert cursor
    stream = connect(person, cursor=cursor)
    reset = stream.until_type("reset")
    assert stream.frames[0].data == {"user_id": person.id, "cursor": None}
    assert stream.frames[0].id is None
    assert reset.data["cursor"] == reset.id
    return stream


def test_a_cursor_older_than_what_is_kept_starts_afresh(
    world: World, engine: Engine, connect: Connect, publish: Publish
) -> None:
    ann, workspace, chat = room_of(world)
    first = connect(ann)
    cursor = first.until_type("ready").id
    flood(engine, workspace, chat, last=3, publish=publish)
    first.until_content("3")
    grow_old(engine, workspace)
    flood(engine, workspace, chat, first=4, last=4)
    stream = must_start_afresh(connect, ann, cursor)
    flood(engine, workspace, chat, first=5, last=5)
    stream.until_content("5")
    assert stream.contents() == ["5"]


def test_a_cursor_right_behind_what_is_gone_goes_on(world: World, engine: Engine, connect: Connect) -> None:
    ann, workspace, chat = room_of(world)
    stream = connect(ann)
    stream.until_type("ready")
    flood(engine, workspace, chat, last=3)
    cursor = stream.until_content("3").id
    grow_old(engine, workspace)
    flood(engine, workspace, chat, first=4, last=4)
    resumed = connect(ann, cursor=cursor)
    resumed.until_content("4")
    assert [frame.type for frame in resumed.frames if frame.type] == ["ready", "message.created"]


def test_a_replay_whose_next_page_is_gone_is_cut_and_starts_afresh(
    world: World, engine: Engine, connect: Connect, second_notify: Notify
) -> None:
    """The reader is slow enough for the retention to overtake its replay."""
    ann, workspace, chat = room_of(world)
    cursor = connect(ann).until_type("ready").id
    flood(engine, workspace, chat, last=1500, size=8000)
    stream = connect(ann, cursor=cursor, at=second_notify, receive_buffer=4096)
    stream.until(lambda stream: stream.contents())
    grow_old(engine, workspace)
    stream.until_ended()
    seen = [int(content) for content in stream.contents()]
    assert seen == list(range(1, len(seen) + 1))
    assert 0 < len(seen) < 1500
    must_start_afresh(connect, ann, stream.last_id)


def test_a_hub_that_fell_behind_what_is_kept_cuts_its_streams(
    world: World, engine: Engine, connect: Connect, other_notify: Notify
) -> None:
    ann, workspace, chat = room_of(world)
    stream = connect(ann, at=other_notify)
    stream.until_type("ready")
    other_notify.stop()
    flood(engine, workspace, chat, last=5)
    grow_old(engine, workspace)
    flood(engine, workspace, chat, first=6, last=6)
    other_notify.go_on()
    stream.until_ended()
    assert stream.contents() == []
    must_start_afresh(connect, ann, stream.last_id)


def test_another_epoch_cuts_the_streams_and_starts_them_afresh(
    world: World, engine: Engine, connect: Connect, publish: Publish
) -> None:
    ann, workspace, chat = room_of(world)
    stream = connect(ann)
    stream.until_type("ready")
    with engine.begin() as connection:
        assert check_epoch(connection, force=True)
    stream.until_ended()
    afresh = must_start_afresh(connect, ann, stream.last_id)
    world.post(ann, chat, "after")
    world.relay(workspace, publish)
    afresh.until_content("after")
    resumed = connect(ann, cursor=afresh.frames[1].id)
    resumed.until_content("after")
    assert [frame.type for frame in resumed.frames if frame.type] == ["ready", "message.created"]


def test_a_stream_of_a_new_epoch_waits_for_a_hub_that_has_not_noticed(
    world: World, engine: Engine, connect: Connect, publish: Publish
) -> None:
    """It comes before the hub has looked at the feeds again: nothing is wrong with it, so it is not cut."""
    ann, workspace, chat = room_of(world)
    old = connect(ann)
    old.until_type("ready")
    with engine.begin() as connection:
        assert check_epoch(connection, force=True)
    afresh = must_start_afresh(connect, ann, old.last_id)
    world.post(ann, chat, "after")
    world.relay(workspace, publish)
    afresh.until_content("after")
    old.until_ended()
    assert old.contents() == []


def test_an_event_of_another_epoch_is_not_sent_to_streams_of_the_old_one(
    world: World, engine: Engine, connect: Connect, publish: Publish
) -> None:
    ann, workspace, chat = room_of(world)
    stream = connect(ann)
    stream.until_type("ready")
    with engine.begin() as connection:
        check_epoch(connection, force=True)
    world.post(ann, chat, "of another epoch")
    world.relay(workspace, publish)
    stream.until_ended()
    assert stream.contents() == []
    must_start_afresh(connect, ann, stream.last_id)
