"""What the hub does with what it is given: at once, or when it knows who has signed out."""

from collections.abc import Iterator, Sequence
from time import monotonic

import pytest
from sqlalchemy import Engine

from fechatter.feed.passing import Passing
from fechatter.feed.placed import Batch
from fechatter.redis_link import RedisAway
from notify.hub import Hub
from notify.informed import INFORMED
from tests.notify.hall import Hall, Seat, hall, hub_of, left_workspace, message, online, typing

CHAT = 7


@pytest.fixture
def here() -> Iterator[Hall]:
    with hall(1) as made:
        yield made


@pytest.fixture
def hub(here: Hall, engine: Engine) -> Iterator[Hub]:
    """Its loop does not run: what it is given is taken by `consume`."""
    with hub_of(engine, here.channels) as hub:
        yield hub


def consume(hub: Hub) -> None:
    while hub.inbox:
        hub._consume()


def heard(seat: Seat) -> list[tuple[str | None, int, str | None]]:
    seat.read()
    return [(frame.type, frame.data["user_id"], frame.data.get("state")) for frame in seat.client.frames]


def offline(workspace_id: int, user_id: int) -> Passing:
    event = online(workspace_id, user_id)
    return event._replace(body=event.body.replace("online", "offline"))


def test_who_came_and_went_meanwhile_is_told_of_when_the_process_knows_again(here: Hall, hub: Hub) -> None:
    ann = here.live(1, {1: {CHAT: 1}})
    hub.informed.told(monotonic() - INFORMED - 0.1)
    hub.put(online(1, 8), online(1, 9), typing(1, CHAT, 5), offline(1, 8))
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


@pytest.mark.parametrize("age", [0.0, INFORMED + 0.1])
def test_what_was_heard_last_of_somebody_is_told_last(here: Hall, hub: Hub, age: float) -> None:
    """Also where the question who has signed out took so long that its answer is old."""
    ann = here.live(1, {1: {CHAT: 1}})
    hub.informed.told(monotonic() - INFORMED - 0.1)
    hub.put(online(1, 8))
    consume(hub)
    hub.put(offline(1, 8))
    hub.informed.told(monotonic() - age)
    consume(hub)
    hub.informed.told(monotonic())
    consume(hub)
    assert heard(ann)[-1] == ("presence", 8, "offline")


def test_who_was_removed_meanwhile_hears_no_more_of_the_others(
    here: Hall, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub.gaps, "read", lambda channel: None)  # it takes its time
    removed = here.live(2, {1: {CHAT: 1}})
    hub.informed.told(monotonic() - INFORMED - 0.1)
    hub.put(Batch(1, 1, [left_workspace(1, 2)]), online(1, 8))
    consume(hub)
    hub.informed.told(monotonic())
    consume(hub)
    assert heard(removed) == []


def test_a_stream_that_becomes_live_hears_nothing_of_who_has_left(here: Hall, hub: Hub) -> None:
    hub.informed.told(monotonic())
    joining = here.accept(2, here.client())
    hub.put(online(1, 8), online(1, 9), Batch(1, 1, [left_workspace(1, 8)]))
    consume(hub)
    here.hold(joining, {1: {CHAT: 1}})
    hub.seat(joining.stream)
    assert heard(joining) == [("presence", 9, "online")]


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
