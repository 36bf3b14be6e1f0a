"""What the hub sends stands in the feed's order and has no hole, whatever comes of the messages through Redis."""

from collections.abc import Callable
from time import monotonic, sleep

from sqlalchemy import Engine, make_url, text

from fechatter.feed.placed import Batch
from tests.notify.floods import flood
from tests.notify.oracle import Watcher, read_feeds
from tests.notify.process import Notify
from tests.notify.raw_stream import RawStream
from tests.notify.slow_link import SlowLink
from tests.world import World

Connect = Callable[..., RawStream]
Publish = Callable[[Batch], object]

JOININGS_SEEN = 1.2
"""Seconds after which no stream looks again at its memberships because of a workspace joined before."""


def positions(stream: RawStream, workspace: int) -> list[int]:
    return [frame.places[workspace].position for frame in stream.lasting()]


def test_lost_messages_of_redis_are_read_before_what_follows_them(
    world: World, connect: Connect, publish: Publish
) -> None:
    ann = world.person()
    workspace = world.workspace(ann)
    chat = world.chat(ann, workspace, type="private_channel")
    stream = connect(ann)
    stream.until_type("ready")
    for number in range(9):
        world.post(ann, chat, f"m{number}")
        world.relay(workspace, publish if number in (3, 4, 8) else lambda batches: None)
    stream.until_content("m8")
    assert stream.contents() == [f"m{number}" for number in range(9)]


def test_messages_of_redis_that_come_late_twice_or_in_disorder_change_nothing(
    world: World, connect: Connect, publish: Publish
) -> None:
    ann = world.person()
    workspace = world.workspace(ann)
    chat = world.chat(ann, workspace, type="private_channel")
    stream = connect(ann)
    stream.until_type("ready")
    batches: list[Batch] = []
    for number in range(6):
        world.post(ann, chat, f"m{number}")
        world.relay(workspace, batches.extend)
    for index in (1, 0, 0, 2, 5, 1, 3, 4, 0, 5):
        publish([batches[index]])
    stream.until_content("m5")
    publish([batches[0]])
    publish([batches[5]])
    stream.read_for(0.3)
    assert stream.contents() == [f"m{number}" for number in range(6)]


def test_a_late_message_from_before_a_new_epoch_cuts_nobody(
    world: World, engine: Engine, connect: Connect, publish: Publish
) -> None:
    ann = world.person()
    workspace = world.workspace(ann)
    chat = world.chat(ann, workspace, type="private_channel")
    late: list[Batch] = []
    world.post(ann, chat, "old")
    world.relay(workspace, late.extend)
    with engine.begin() as connection:
        connection.execute(text("UPDATE feeds SET epoch = epoch + 1 WHERE workspace_id = :w"), {"w": workspace})
    stream = connect(ann)
    stream.until_type("ready")
    publish(late[:1])
    world.post(ann, chat, "new")
    world.relay(workspace, publish)
    stream.until_content("new")
    assert stream.contents() == ["new"]


def test_a_message_of_an_epoch_that_is_not_ours_cuts_nobody(world: World, connect: Connect, publish: Publish) -> None:
    """Whoever else uses this Redis: what PostgreSQL says of the feed counts, not what a message claims."""
    ann = world.person()
    workspace = world.workspace(ann)
    chat = world.chat(ann, workspace, type="private_channel")
    stream = connect(ann)
    stream.until_type("ready")
    world.post(ann, chat, "one")
    world.relay(workspace, lambda batches: publish([one._replace(epoch=one.epoch + 1000) for one in batches]))
    stream.until_content("one")
    assert stream.contents() == ["one"]


def test_one_batch_over_several_chats_and_audiences_keeps_the_order(
    world: World, engine: Engine, connect: Connect, publish: Publish
) -> None:
    ann, bob, cat = (world.person() for _ in range(3))
    workspace = world.workspace(ann, bob, cat)
    one, two = (world.chat(ann, workspace, bob, cat) for _ in range(2))
    den = world.chat(ann, workspace, type="private_channel")
    world.relay(workspace)
    streams = {person: connect(person) for person in (ann, bob, cat)}
    starts = {person: stream.until_type("ready") for person, stream in streams.items()}
    sleep(JOININGS_SEEN)
    for _ in range(2):
        for chat in (one, two, den, one, den):
            world.post(ann, chat, "before")
        world.add(ann, den, bob)
        world.post(bob, den, "inside")
        world.post(bob, two, "aside")
        world.remove(ann, one, cat)
        world.post(bob, one, "without cat")
        world.add(ann, one, cat)
        world.remove(ann, den, bob)
        world.post(ann, den, "without bob")
        world.post(bob, two, "after")
    world.relay(workspace, publish)
    events = read_feeds(engine, [workspace])
    for person, stream in streams.items():
        watcher, start = Watcher(person.id, events), starts[person].places[workspace].position
        wanted = [event.position for event in events if event.position > start and watcher.sees(event)]
        stream.until(lambda stream, wanted=wanted: len(stream.lasting()) >= len(wanted))
        stream.read_for(0.1)
        assert positions(stream, workspace) == wanted


def test_who_is_in_a_chat_already_gets_nothing_from_before_its_addition(
    world: World, connect: Connect, publish: Publish
) -> None:
    """The stream reads its memberships ahead of the hub: what then comes is judged by outbox ids."""
    ann, bob = world.person(), world.person()
    workspace = world.workspace(ann, bob)
    chat = world.chat(ann, workspace, type="private_channel")
    world.relay(workspace)
    first = connect(bob)
    cursor = first.until_type("ready").id
    for number in range(3):
        world.post(ann, chat, f"before {number}")
    world.add(ann, chat, bob)
    stream = connect(bob, cursor=cursor)
    assert stream.until_type("ready").id == cursor
    world.post(ann, chat, "after")
    world.relay(workspace, publish)
    stream.until_content("after")
    assert [frame.type for frame in stream.lasting()] == ["chat.created", "member.added", "message.created"]


def test_a_busy_workspace_is_cut_from_nobody(
    world: World,
    engine: Engine,
    database_url: str,
    a_notify: Callable[..., Notify],
    connect: Connect,
    publish: Publish,
) -> None:
    """The hub moves on while it asks how far PostgreSQL is; that is no other feed than the one it follows."""
    url = make_url(database_url)
    link = SlowLink(url.host or "127.0.0.1", url.port or 5432, delay=0.1)
    notify = a_notify(DATABASE_URL=url.set(host="127.0.0.1", port=link.port).render_as_string(hide_password=False))
    ann = world.person()
    workspace = world.workspace(ann)
    chat = world.chat(ann, workspace, type="private_channel")
    stream = connect(ann, at=notify)
    stream.until_type("ready")
    number, end = 0, monotonic() + 2
    while monotonic() < end:
        number += 1
        flood(engine, workspace, chat, first=number, last=number, publish=publish)
        stream.read()
    stream.until(lambda stream: len(stream.contents()) == number)
    assert [int(content) for content in stream.contents()] == list(range(1, number + 1))
    link.close()
