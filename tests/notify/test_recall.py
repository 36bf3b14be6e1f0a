"""What a process needs of the time before it followed a feed is read once, and kept for all who lack it."""

from collections.abc import Iterator

import gevent
import pytest
from gevent.lock import BoundedSemaphore
from sqlalchemy import Engine

from fechatter.cursor import Place
from fechatter.feed.pages import Page, Trimmed, read_page
from fechatter.feed.placed import Placed
from fechatter.redis_link import RedisLink
from launcher.ports import free_port
from notify import recall
from notify.channel import RING, Channel
from notify.hub import Hub
from notify.presence import Presence
from notify.recall import MOST, Recall
from tests.fechatter.feed.feeds import a_feed, place
from tests.notify.hall import message

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
    """Counts them; each is a real one."""

    def __init__(self) -> None:
        self.most: list[int] = []

    def __call__(self, engine: Engine, workspace_id: int, after: Place, most: int) -> Page:
        self.most.append(most)
        return read_page(engine, workspace_id, after, most)


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> Readings:
    made = Readings()
    monkeypatch.setattr(recall, "read_page", made)
    return made


@pytest.fixture
def hub(engine: Engine) -> Iterator[Hub]:
    hub = Hub(engine, lambda _: None, lambda _: None, Presence(RedisLink(f"redis://127.0.0.1:{free_port()}")))
    loop = gevent.spawn(hub.run)
    yield hub
    loop.kill()
    hub.poller.watcher.stop()
    hub.poller.epoll.close()


@pytest.fixture
def channel(hub: Hub, engine: Engine) -> Channel:
    """Of a feed in which a thousand things had happened before the hub followed it."""
    workspace_id = a_feed(engine)
    place(engine, workspace_id, 1000)
    hub.track([workspace_id])
    return hub.channels[workspace_id]


def asked(hub: Hub, channel: Channel, *places: int) -> list[bool]:
    """All at the same time."""
    recall = Recall(hub, BoundedSemaphore(4))
    looks = [gevent.spawn(recall.reaches_back_to, channel, position) for position in places]
    gevent.joinall(looks, timeout=30, raise_error=True)
    return [bool(look.value) for look in looks]


def test_it_is_read_once_for_all_who_lack_it(hub: Hub, channel: Channel, readings: Readings) -> None:
    assert asked(hub, channel, 980, 990, 985, 980, 1000) == [True] * 5
    assert readings.most == [20]
    assert positions(channel) == list(range(981, 1001))
    assert asked(hub, channel, 970, 990) == [True, True]
    assert readings.most == [20, 10]


def test_who_lacks_much_reads_for_itself(hub: Hub, channel: Channel, readings: Readings) -> None:
    assert asked(hub, channel, 1000 - MOST - 1) == [False]
    assert readings.most == []
    assert asked(hub, channel, 1000 - MOST) == [True]
    assert asked(hub, channel, 1000 - 2 * MOST) == [True]
    assert len(channel.ring) == RING
    assert asked(hub, channel, 0) == [True]


def test_a_full_ring_takes_in_nothing_older(hub: Hub, channel: Channel, readings: Readings) -> None:
    hub.between(lambda: channel.advance(messages(1001, 1000 + RING)))
    assert asked(hub, channel, 999) == [False]
    assert readings.most == []


def test_what_is_kept_no_more_is_said_so(hub: Hub, channel: Channel) -> None:
    channel.epoch += 1
    with pytest.raises(Trimmed):
        asked(hub, channel, 990)
    channel.epoch -= 1
    assert asked(hub, channel, 990) == [True]
