"""What a process needs of the time before it followed a feed is read once, and kept for all who lack it."""

from collections.abc import Callable, Iterator

import gevent
import pytest
from gevent.lock import BoundedSemaphore
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from fechatter.cursor import Place
from fechatter.feed.pages import Page, Trimmed, read_page
from fechatter.feed.placed import Placed
from notify import recall
from notify.channel import RING, Channel
from notify.hub import Hub
from notify.recall import MOST, Recall
from tests.fechatter.feed.feeds import a_feed, place
from tests.notify.hall import hub_of, message

CHAT = 7


def a_channel(at: int, *events: Placed) -> Channel:
    channel = Channel(1, Place(1, at))
    channel.advance(events)
    return channel


def positions(channel: Channel) -> list[int]:
    return [event.position for event in channel.ring]


def messages(first: int, last: int) -> list[Placed]:
    return [message(position, CHAT) for position in range(first, last + 1)]


def test_what_lies_before_the_ring_comes_before_its_first() -> None:
    channel = a_channel(5, *messages(6, 7))
    channel.recall(messages(3, 6))
    assert positions(channel) == [3, 4, 5, 6, 7]
    assert channel.position == 7
    assert channel.reaches_back_to(2)
    assert not channel.reaches_back_to(1)
    assert [event.position for event in channel.behind(4, RING)] == [5, 6, 7]


def test_a_hole_before_the_ring_is_not_papered_over() -> None:
    channel = a_channel(5, *messages(6, 7))
    channel.recall(messages(3, 4))
    channel.recall([])
    assert positions(channel) == [6, 7]


@pytest.mark.parametrize(("has", "first"), [(RING - 2, 9), (RING, 11), (RING - 20, 6)])
def test_a_ring_loses_nothing_to_what_is_older(has: int, first: int) -> None:
    channel = a_channel(10, *messages(11, 10 + has))
    channel.recall(messages(6, 10))
    assert positions(channel) == list(range(first, 11 + has))


def test_the_text_of_a_message_that_was_deleted_after_the_reading_is_not_kept() -> None:
    said = message(5, CHAT, text="a secret")._replace(message_id=70)
    deleted = message(6, CHAT)._replace(message_id=70, type="message.deleted")
    channel = a_channel(5, deleted)
    channel.recall([said])
    assert positions(channel) == [5, 6]
    assert "a secret" not in str(channel.ring)


class Readings:
    """Counts them; each is a real one, after `before`."""

    def __init__(self) -> None:
        self.most: list[int] = []
        self.before: Callable[[], object] = lambda: None

    def __call__(self, engine: Engine, workspace_id: int, after: Place, most: int) -> Page:
        self.most.append(most)
        self.before()
        return read_page(engine, workspace_id, after, most)


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> Readings:
    made = Readings()
    monkeypatch.setattr(recall, "read_page", made)
    return made


@pytest.fixture
def hub(engine: Engine) -> Iterator[Hub]:
    with hub_of(engine, {}) as hub:
        loop = gevent.spawn(hub.run)
        yield hub
        loop.kill()


@pytest.fixture
def turn() -> BoundedSemaphore:
    return BoundedSemaphore(1)


@pytest.fixture
def here(hub: Hub, turn: BoundedSemaphore) -> Recall:
    return Recall(hub, turn)


@pytest.fixture
def channel(hub: Hub, engine: Engine) -> Channel:
    """Of a feed in which a thousand things had happened before the hub followed it."""
    workspace_id = a_feed(engine)
    place(engine, workspace_id, 1000)
    hub.track([workspace_id])
    return hub.channels[workspace_id]


def begin(here: Recall, channel: Channel, position: int) -> gevent.Greenlet:
    def bring_close() -> None:
        while here.is_for(channel, position):
            here.fill(channel, position)

    return gevent.spawn(bring_close)


def asked(here: Recall, channel: Channel, *places: int) -> list[bool]:
    """All at the same time."""
    looks = [begin(here, channel, position) for position in places]
    gevent.joinall(looks, timeout=30, raise_error=True)
    return [channel.reaches_back_to(position) for position in places]


def test_it_is_read_once_for_all_who_lack_it(here: Recall, channel: Channel, readings: Readings) -> None:
    assert asked(here, channel, 980, 990, 985, 980, 1000) == [True] * 5
    assert readings.most == [20]
    assert positions(channel) == list(range(981, 1001))
    assert asked(here, channel, 970, 990) == [True, True]
    assert readings.most == [20, 10]
    assert here.readings == {}


def test_who_needs_more_than_was_just_read_has_the_rest_read(
    here: Recall, channel: Channel, readings: Readings
) -> None:
    assert asked(here, channel, 990, 970, 960) == [True] * 3
    assert readings.most == [10, 20, 10]
    assert positions(channel) == list(range(961, 1001))


def test_who_lacks_much_reads_for_itself(here: Recall, channel: Channel, readings: Readings) -> None:
    assert asked(here, channel, 1000 - MOST - 1) == [False]
    assert readings.most == []
    assert asked(here, channel, 1000 - MOST) == [True]
    assert asked(here, channel, 1000 - 2 * MOST) == [True]
    assert len(channel.ring) == RING
    assert asked(here, channel, 0) == [True]


def test_a_full_ring_takes_in_nothing_older(hub: Hub, here: Recall, channel: Channel, readings: Readings) -> None:
    hub.between(lambda: channel.advance(messages(1001, 1000 + RING)))
    assert asked(here, channel, 999) == [False]
    assert readings.most == []


def test_what_is_kept_no_more_is_said_so(here: Recall, channel: Channel) -> None:
    channel.epoch += 1
    with pytest.raises(Trimmed):
        asked(here, channel, 990)
    channel.epoch -= 1
    assert asked(here, channel, 990) == [True]


def test_all_who_wait_for_a_reading_fail_with_it(here: Recall, channel: Channel, readings: Readings) -> None:
    """PostgreSQL lets one of them wait for seconds: the others do not begin that anew, one by one."""

    def fail() -> None:
        gevent.sleep(0.05)
        raise OperationalError("SELECT", None, Exception("away"))

    readings.before = fail
    looks = [begin(here, channel, position) for position in (990, 985, 990)]
    gevent.joinall(looks, timeout=30)
    assert [type(look.exception) for look in looks] == [OperationalError] * 3
    assert readings.most == [10]
    readings.before = lambda: None
    assert asked(here, channel, 985) == [True]


def test_it_waits_for_its_turn_and_looks_again_then(
    hub: Hub, here: Recall, turn: BoundedSemaphore, channel: Channel, readings: Readings
) -> None:
    turn.acquire()
    look = begin(here, channel, 990)
    gevent.sleep(0.05)
    assert readings.most == []
    hub.between(lambda: channel.advance(messages(1001, 1000 + RING)))
    turn.release()
    look.join(30)
    assert readings.most == []
    assert positions(channel) == list(range(1001, 1001 + RING))


def test_the_ring_changes_between_two_runs_of_events_alone(hub: Hub, here: Recall, channel: Channel) -> None:
    seen = []

    def long_run() -> None:
        gevent.sleep(0.1)
        seen.append(len(channel.ring))

    hub.put(long_run)
    assert asked(here, channel, 990) == [True]
    assert seen == [0]


def test_a_channel_that_was_dropped_meanwhile_takes_in_nothing(
    hub: Hub, here: Recall, channel: Channel, readings: Readings
) -> None:
    """It hears of no deletion any more."""
    readings.before = lambda: hub.untrack(channel)
    here.fill(channel, 990)
    assert positions(channel) == []
