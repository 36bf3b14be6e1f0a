"""What notify looks at by itself, so that no message through Redis is ever needed: feeds, people, sessions, readers."""

import logging
import random
from collections.abc import Callable
from time import monotonic, time

import gevent
from gevent.lock import Semaphore
from sqlalchemy.exc import SQLAlchemyError

from fechatter.db import deadline
from fechatter.feed.changes import Change, read_changes
from fechatter.feed.pages import read_feeds
from fechatter.feed.relay import Publish, relay, stale_workspaces
from notify import frames
from notify.channel import Channel
from notify.hub import Hub
from notify.joining import Joining
from notify.stream import Stream

log = logging.getLogger(__name__)

EVERY = 1.0
FEEDS_EVERY = 0.7
"""Seconds. Two turns, and what makes an event stale, are less than the two seconds in which it must be here."""

PATIENCE = 0.1
"""Seconds that a feed may be ahead before it is read: in a busy workspace the message is on its way."""

HEARTBEAT_EVERY = 10
IDLE_CHANNEL = 300.0


class Watch:
    """The loops beside the hub; each goes on through whatever PostgreSQL does, and says so once per outage."""

    def __init__(self, hub: Hub, joining: Joining, publish: Publish) -> None:
        self.hub, self.joining, self.publish = hub, joining, hub.heard_before(publish)
        self.changes_from: int | None = None
        self.changes_lock = Semaphore()
        self.seen: set[int] = set()
        self.beat = 0

    def run(self) -> None:
        for look, every in ((self.look_at_feeds, FEEDS_EVERY), (self.read_changes, EVERY), (self.tick, EVERY)):
            gevent.spawn(self._forever, look, every)

    @staticmethod
    def _forever(look: Callable[[], None], every: float) -> None:
        failing = False
        while True:
            gevent.sleep(every * random.uniform(0.8, 1.0))  # noqa: S311 - jitter
            try:
                with deadline(3.0):
                    look()
                failing = False
            except SQLAlchemyError as error:
                if not failing:
                    log.warning("%s: PostgreSQL is away: %s", look.__name__, type(error).__name__)
                failing = True
            except Exception:
                log.exception("%s failed", look.__name__)

    def look_at_feeds(self) -> None:
        """With Redis or all workers away nobody else moves the outbox on; and what another process has moved on in
        the meantime is then found here at once, so that both together take one turn and not two."""
        failure: SQLAlchemyError | None = None
        for workspace_id in stale_workspaces(self.hub.engine, self.hub.channels):
            try:
                relay(self.hub.engine, workspace_id, self.publish, wait=False)
            except SQLAlchemyError as error:
                failure = error
        self.read_ahead()
        if failure:
            raise failure

    def read_ahead(self) -> None:
        """Feeds that are ahead of this hub are read; one of another epoch or behind it is not the one it followed.

        What is compared is what the hub knew before it asked: of a busy workspace it knows more by the answer.
        """
        known = [(channel, channel.position) for channel in self.hub.channels.values()]
        feeds = read_feeds(self.hub.engine, self.hub.channels)
        for channel, position in known:
            state = feeds.get(channel.workspace_id)
            if state is None or state.epoch != channel.epoch or state.head < position:
                self.hub.put(lambda channel=channel: self.hub.cut_all(channel, "epoch"))
            elif state.head > channel.position:
                gevent.spawn_later(PATIENCE, self._read_if_behind, channel, state.head)
            elif not channel.streams and monotonic() - channel.idle_since > IDLE_CHANNEL:
                self.hub.put(lambda channel=channel: self.hub.untrack(channel))

    def _read_if_behind(self, channel: Channel, head: int) -> None:
        if channel.position < head:
            self.hub.read_gap(channel)

    def read_changes(self) -> None:
        """Sessions that ended and workspaces joined, for whoever has a stream here.

        While an old transaction is open the same changes are read again each time.
        """
        with self.changes_lock:
            began = monotonic()
            changes, self.changes_from = read_changes(self.hub.engine, self.changes_from)
            news = [change for change in changes if change.id not in self.seen]
            self.seen = {change.id for change in changes}
        for change in news:
            for stream in list(self.hub.users.get(change.user_id, ())):
                self._apply(stream, change)
        self.hub.informed.told(began)

    def begin(self) -> None:
        """Before the first stream: changes are read from now on."""
        if self.changes_from is None:
            self.read_changes()

    def _apply(self, stream: Stream, change: Change) -> None:
        """An end is told at once, in the middle of a run if need be: the hub may have much before it."""
        if change.kind == "session_ended":
            if change.session_id == stream.session_id and not stream.ended:
                stream.bye(change.reason or "revoked")
        else:
            self.hub.put(lambda: self._look_again(stream))

    def _look_again(self, stream: Stream) -> None:
        if not stream.ended:
            self.joining.look_again(stream)

    def tick(self) -> None:
        """Cuts readers that stall, ends sessions that expire, and gives a tenth of the streams their heartbeat."""
        self.hub.poller.cut_stalled()
        self.beat += 1
        self.hub.put(self._heartbeats)

    def _heartbeats(self) -> None:
        now, beats = time(), dict[tuple[int, ...], bytes]()
        for number, stream in enumerate(self.hub.streams()):
            if not stream.is_attached:  # nothing comes before `ready`, nor behind the end
                continue
            if stream.expires_at is not None and stream.expires_at < now:
                self.joining.look_again(stream)
            if (stream.user_id + stream.session_id + self.beat) % HEARTBEAT_EVERY == 0:
                stream.send(self._heartbeat(stream, beats))
            if number % 1000 == 999:
                gevent.sleep(0)

    def _heartbeat(self, stream: Stream, beats: dict[tuple[int, ...], bytes]) -> bytes:
        """Only a level stream's carries a cursor: it has all that the hub has."""
        if stream.places is not None:
            return frames.COMMENT
        if stream.workspaces not in beats:
            places = {w: self.hub.channels[w].place for w in stream.workspaces}
            beats[stream.workspaces] = frames.heartbeat(places)
        return beats[stream.workspaces]
