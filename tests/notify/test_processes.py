"""Several processes behind one balancer: one may lag, end or be killed, and no stream has a hole or a double."""

import signal
import socket
from collections.abc import Callable
from time import monotonic, sleep

import pytest
from sqlalchemy import text

from fechatter.feed.placed import Batch
from tests.by_the_clock import in_time
from tests.notify.process import Notify
from tests.notify.raw_stream import RawStream
from tests.world import World

Connect = Callable[..., RawStream]
Publish = Callable[[Batch], object]


def test_a_cursor_ahead_of_a_hub_that_lags_goes_on_without_a_double(
    world: World, connect: Connect, publish: Publish, other_notify: Notify
) -> None:
    """What the future is PostgreSQL says: another process has shown the client more than this one has read."""
    ann = world.person()
    workspace = world.workspace(ann)
    chat = world.chat(ann, workspace, type="private_channel")
    here, there = connect(ann), connect(ann, at=other_notify)
    for stream in (here, there):
        stream.until_type("ready")
    other_notify.stop()
    for number in range(5):
        world.post(ann, chat, f"m{number}")
    world.relay(workspace)
    cursor = here.until_content("m4").id
    resumed = connect(ann, cursor=cursor, at=other_notify)
    other_notify.go_on()
    assert resumed.until(lambda stream: stream.frames)[0].data["cursor"] == cursor
    world.post(ann, chat, "m5")
    world.relay(workspace, publish)
    resumed.until_content("m5")
    assert resumed.contents() == ["m5"]
    there.until_content("m5")
    assert there.contents() == [f"m{number}" for number in range(6)]


def test_a_process_that_was_stopped_tells_an_ended_session_nothing_more(
    world: World, connect: Connect, publish: Publish, other_notify: Notify
) -> None:
    """Redis brings it the message at once, but who has signed out meanwhile it must ask first."""
    ann, bob = world.person(), world.person()
    chat = world.chat(ann, workspace := world.workspace(ann, bob), bob)
    signed_out, other = connect(ann, at=other_notify), connect(bob, at=other_notify)
    for stream in (signed_out, other):
        stream.until_type("ready")
    world.post(bob, chat, "for both")
    world.relay(workspace, publish)
    for stream in (signed_out, other):
        stream.until_content("for both")
    other_notify.stop()
    world.end_session(ann)
    sleep(2)
    world.post(bob, chat, "not for her")
    world.relay(workspace, publish)
    other_notify.go_on()
    signed_out.until_ended()
    assert signed_out.contents() == ["for both"]
    assert signed_out.frames[-1].data == {"reason": "signed_out"}
    began = monotonic()
    other.until_content("not for her")
    in_time(began, 2)


def test_a_process_that_was_stopped_while_streams_join_tells_ended_sessions_nothing_more(
    world: World, connect: Connect, publish: Publish, other_notify: Notify
) -> None:
    """Their sessions were looked at before the stop; what they missed is read after it, who has left even later."""
    bob, *people = world.person(), *(world.person() for _ in range(20))
    chats = {world.workspace(bob, person): person for person in people}
    posts = [(workspace, world.chat(bob, workspace, person)) for workspace, person in chats.items()]
    joining = [connect(person, at=other_notify) for person in people]
    joining[0].until_type("ready")
    other_notify.stop()
    for person in people:
        world.end_session(person)
    sleep(2)
    for workspace, chat in posts:
        world.post(bob, chat, "not for them")
        world.relay(workspace, publish)
    with world.engine.begin() as transaction:
        transaction.execute(text("LOCK user_changes IN ACCESS EXCLUSIVE MODE"))
        other_notify.go_on()
        sleep(1)
    for stream in joining:
        stream.until(lambda stream: stream.ended or (stream.head or "").startswith("HTTP/1.1 401"))
        assert stream.contents() == []


def test_a_stream_goes_on_in_another_process_when_its_own_is_killed(
    world: World, connect: Connect, publish: Publish, a_notify: Callable[..., Notify]
) -> None:
    ann = world.person()
    workspace = world.workspace(ann)
    chat = world.chat(ann, workspace, type="private_channel")
    doomed = a_notify()
    stream = connect(ann, at=doomed)
    stream.until_type("ready")
    world.post(ann, chat, "before")
    world.relay(workspace, publish)
    stream.until_content("before")
    doomed.kill()
    stream.until_ended()
    world.post(ann, chat, "after")
    world.relay(workspace, publish)
    resumed = connect(ann, cursor=stream.last_id)
    resumed.until_content("after")
    assert stream.contents() + resumed.contents() == ["before", "after"]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_process_that_is_told_to_end_is_gone_within_five_seconds(
    world: World, connect: Connect, a_notify: Callable[..., Notify], how: signal.Signals
) -> None:
    """A monitor's idle connection must not keep the streams from hearing of it."""
    ann = world.person()
    world.workspace(ann)
    leaving = a_notify()
    streams = [connect(ann, at=leaving) for _ in range(5)]
    for stream in streams:
        stream.until_type("ready")
    with socket.create_connection(("127.0.0.1", leaving.port)) as idle:
        idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert idle.recv(4096).startswith(b"HTTP/1.1 200")
        began = monotonic()
        assert leaving.process
        leaving.process.send_signal(how)
        if how == signal.SIGTERM:
            for stream in streams:
                assert stream.until_type("bye").data == {"reason": "restart"}
        for stream in streams:
            stream.until_ended()
        leaving.process.wait(60)
        in_time(began, 5)


def test_no_worker_lives_on_when_its_master_is_killed(a_notify: Callable[..., Notify]) -> None:
    notify = a_notify()
    assert notify.process
    notify.process.kill()
    notify.process.wait(60)
    end = monotonic() + 30
    while monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", notify.port), timeout=10).close()
        except OSError:
            return
        sleep(0.05)
    raise AssertionError("a worker still listens")
