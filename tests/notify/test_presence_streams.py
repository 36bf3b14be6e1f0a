"""What streams hear of who is here, of real processes."""

from collections.abc import Callable
from time import monotonic

from tests.by_the_clock import in_time
from tests.notify.process import Notify
from tests.notify.raw_stream import RawStream
from tests.world import World

Connect = Callable[..., RawStream]


def test_all_who_come_hear_of_each_other_once_and_never_of_themselves(world: World, connect: Connect) -> None:
    *people, late = (world.person() for _ in range(12))
    world.relay(world.workspace(late, *people))
    streams = {person.id: connect(person) for person in people}
    for stream in streams.values():
        stream.until_type("ready")
    connect(late).until_type("ready")
    for user_id, stream in streams.items():
        stream.until(lambda stream: late.id in whom(stream))
        assert user_id not in whom(stream)
        assert len(whom(stream)) == len(set(whom(stream)))


def test_who_has_left_a_workspace_is_not_told_of_there_any_more(world: World, connect: Connect) -> None:
    ann, bob, cat = (world.person() for _ in range(3))
    former, other = world.workspace(ann, bob), world.workspace(cat, bob)
    anns, bobs, cats = (connect(person) for person in (ann, bob, cat))
    for stream in (anns, bobs, cats):
        stream.until_type("ready")
    chats = {workspace: world.chat(owner, workspace, bob) for owner, workspace in ((ann, former), (cat, other))}
    world.relay(former)
    world.relay(other)
    for stream in (anns, cats):
        stream.until_type("chat.created")
    bobs.until(lambda stream: len([frame for frame in stream.frames if frame.type == "chat.created"]) == len(chats))
    world.leave(former, bob)
    world.relay(former)
    for stream in (bobs, anns):
        stream.until_type("workspace.member_removed")
    bobs.close()
    cats.until(lambda stream: "offline" in states(stream))
    anns.read_for(0.5)
    assert "offline" not in states(anns)


def states(stream: RawStream) -> list[str]:
    return [frame.data["state"] for frame in stream.frames if frame.type == "presence"]


def whom(stream: RawStream) -> list[int]:
    """Those of whom it has heard that they are here."""
    return [frame.data["user_id"] for frame in stream.frames if frame.type == "presence"]


def test_a_person_with_its_first_stream_is_online_within_a_second(
    world: World, connect: Connect, other_notify: Notify
) -> None:
    ann, bob = world.person(), world.person()
    world.relay(world.workspace(ann, bob))
    anns = [connect(ann), connect(ann, at=other_notify)]
    for stream in anns:
        stream.until_type("ready")
        stream.read_for(0.5)
    connect(bob).until_type("ready")
    began = monotonic()
    for stream in anns:
        heard = stream.until_type("presence")
        in_time(began, 1.5)
        assert (heard.data["user_id"], heard.data["state"]) == (bob.id, "online")
        assert heard.id is None
