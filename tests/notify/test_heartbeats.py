"""Heartbeats say that a stream lives, once it does."""

from types import SimpleNamespace
from typing import Any, cast

from notify import frames
from notify.stream import Stream
from notify.watch import HEARTBEAT_EVERY, Watch
from notify.wire import Poller
from tests.notify.hall import hall

CHAT = 7


def test_a_stream_that_is_being_opened_gets_none_before_it_is_ready() -> None:
    with hall(1) as here:
        opening, live = Stream(Poller(lambda wire: None), 2, 2), here.live(1, {1: {CHAT: 1}}).stream
        hub = SimpleNamespace(
            streams=lambda: [opening, live], heard_before=lambda publish: publish, channels=here.channels
        )
        watch = Watch(cast(Any, hub), cast(Any, None), cast(Any, None))
        for watch.beat in range(HEARTBEAT_EVERY):
            watch._heartbeats()
        opening.send(frames.COMMENT + b"ready")
        assert opening.buffered == len(frames.COMMENT + b"ready")
        seat = here.seats[0]
        seat.read()
        assert [frame.type for frame in seat.client.frames] == [None]
