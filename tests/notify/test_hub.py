"""What the hub does with what it is given: at once, or when it knows who has signed out."""

from collections.abc import Iterator, Sequence
from time import monotonic

import pytest
from sqlalchemy import Engine

from fechatter.feed.placed import Batch
from fechatter.redis_link import RedisAway, RedisLink
from launcher.ports import free_port
from notify.hub import Hub
from notify.informed import INFORMED
from notify.presence import Presence
from tests.notify.hall import Hall, Seat, hall, message, online, typing

CHAT = 7


@pytest.fixture
def here() -> Iterator[Hall]:
    with hall(1) as made:
        yield made


@pytest.fixture
def hub(here: Hall, engine: Engine) -> Iterator[Hub]:
    """Its loop does not run: what it is given is taken by `consume`."""
    hub = Hub(engine, lambda _: None, lambda _: None, Presence(RedisLink(f"redis://127.0.0.1:{free_port()}")))
    hub.channels.update(here.channels)
    yield hub
    hub.poller.watcher.stop()
    hub.poller.epoll.close()


def consume(hub: Hub) -> None:
    while hub.inbox:
        hub._consume()


def heard(seat: Seat) -> list[tuple[str | None, int, str | None]]:
    seat.read()
    return [(frame.type, frame.data["user_id"], frame.data.get("state")) for frame in seat.client.frames]


def test_who_came_and_went_meanwhile_is_told_of_when_the_process_knows_again(here: Hall, hub: Hub) -> None:
    ann = here.live(1, {1: {CHAT: 1}})
    gone = online(1, 8)._replace(body=online(1, 8).body.replace("online", "offline"))
    hub.informed.told(monotonic() - INFORMED - 0.1)
    hub.put(online(1, 8), online(1, 9), typing(1, CHAT, 5), gone)
    consume(hub)
    assert heard(ann) == []
    hub.informed.told(monotonic())
    consume(hub)
    assert heard(ann) == [("presence", 8, "offline"), ("presence", 9, "online")]
    hub.informed.told(monotonic())
    consume(hub)
    assert len(heard(ann)) == 2


def test_a_stream_that_becomes_live_hears_of_who_came_since_it_asked(here: Hall, hub: Hub) -> None:
    hub.informed.told(monotonic())
    joining = here.accept(2, here.client())
    hub.put(online(1, 8))
    consume(hub)
    here.hold(joining, {1: {CHAT: 1}})
    hub.seat(joining.stream)
    assert heard(joining) == [("presence", 8, "online")]


def test_what_the_process_relays_itself_needs_no_redis(here: Hall, hub: Hub) -> None:
    """It stands in the hub before Redis is asked, which may take its time, or be away."""
    hub.informed.told(monotonic())
    ann = here.live(1, {1: {CHAT: 1}})

    def publish(batches: Sequence[Batch]) -> None:
        consume(hub)
        assert ann.contents() == ["1"]
        raise RedisAway

    with pytest.raises(RedisAway):
        hub.heard_before(publish)([Batch(1, 1, [message(1, CHAT)])])
