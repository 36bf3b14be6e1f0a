"""A replay writes what it has read piece by piece, and reads the rest again before that has grown old."""

from collections.abc import Iterator
from itertools import count
from time import monotonic

import gevent
import pytest
from sqlalchemy import Engine

from fechatter.cursor import Place
from notify import replay
from notify.channel import RING
from notify.hub import Hub
from notify.replay import Replay
from tests.notify.hall import Hall, Seat, entered_chat, hall, hub_of, message
from tests.notify.raw_stream import Frame

CHAT, SIZE, NUMBER = 7, 16 * 1024, 60


@pytest.fixture
def here() -> Iterator[Hall]:
    with hall(1) as made:
        yield made


@pytest.fixture
def hub(here: Hall, engine: Engine) -> Iterator[Hub]:
    with hub_of(engine, here.channels) as hub:
        hub.informed.told(monotonic() + 3600)
        yield hub


@pytest.fixture
def behind(here: Hall) -> Iterator[Seat]:
    """A stream that lacks all that was said, more than is written in one piece, and whose reader reads."""
    seat = here.accept(1, here.client())
    here.hold(seat, {1: {CHAT: 1}})
    said = [message(n, CHAT, text=f"{n} {'x' * SIZE}")._replace(message_id=n) for n in range(1, NUMBER + 1)]
    here.channels[1].advance(said)
    reader = gevent.spawn(read, seat)
    yield seat
    reader.kill()


def read(seat: Seat) -> None:
    while True:
        seat.client.read()
        gevent.sleep(0.001)


def numbers(seat: Seat) -> list[str]:
    return [str(content).split()[0] for content in seat.contents()]


def write(hub: Hub, here: Hall, seat: Seat) -> bool:
    assert seat.stream.places
    return Replay(hub)._write(seat.stream, 1, here.channels[1].behind(seat.stream.places[1].position, RING))


def test_what_a_reader_takes_at_once_is_read_once(here: Hall, hub: Hub, behind: Seat) -> None:
    assert write(hub, here, behind)
    assert behind.stream.places == {1: Place(1, NUMBER)}
    assert numbers(behind) == [str(n) for n in range(1, NUMBER + 1)]


def test_the_text_of_a_message_deleted_meanwhile_is_not_written_however_steadily_the_reader_reads(
    here: Hall, hub: Hub, behind: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each piece takes a third of a second here, and waits no longer for its turn than that."""
    steps = count()
    monkeypatch.setattr(replay, "monotonic", lambda: next(steps) / 6)
    assert not write(hub, here, behind)
    assert behind.stream.places
    assert 0 < behind.stream.places[1].position < NUMBER
    here.channels[1].advance([message(NUMBER + 1, CHAT)._replace(message_id=NUMBER, type="message.deleted")])
    while not write(hub, here, behind):
        pass
    behind.read()
    messages = [frame.data["message"]["content"] for frame in behind.client.frames]
    assert [str(content).split()[0] for content in messages[: NUMBER - 1]] == [str(n) for n in range(1, NUMBER)]
    assert messages[NUMBER - 1 :] == [None, str(NUMBER + 1)]


def test_what_concerns_others_alone_is_passed_over_to_its_end(here: Hall, hub: Hub) -> None:
    """Else the stream would not come any closer, and look for ever."""
    seat = here.accept(1, here.client())
    here.hold(seat, {1: {CHAT: 1}})
    here.channels[1].advance([message(1, CHAT), *(message(n, CHAT + 1) for n in range(2, 40))])
    assert write(hub, here, seat)
    assert seat.stream.places == {1: Place(1, 39)}
    assert seat.contents() == ["1"]


def test_who_enters_a_chat_on_the_way_gets_what_follows_there(here: Hall, hub: Hub) -> None:
    seat = here.accept(1, here.client())
    here.hold(seat, {1: {CHAT: 1}})
    other = CHAT + 1
    here.channels[1].advance([message(1, other), entered_chat(2, other, 1), message(3, other), message(4, other + 1)])
    assert write(hub, here, seat)
    assert [frame.type or frame.content for frame in frames(seat)] == ["chat.created", "message.created"]
    assert seat.stream.places == {1: Place(1, 4)}


def frames(seat: Seat) -> list[Frame]:
    seat.read()
    return seat.client.frames
