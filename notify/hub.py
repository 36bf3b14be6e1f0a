"""One per process: takes events from wherever they come and is the only one that writes to live streams."""

import logging
from collections import deque
from collections.abc import Callable, Collection, Sequence
from functools import partial
from time import monotonic
from typing import Any

import gevent
from gevent.event import AsyncResult, Event
from sqlalchemy import Engine

from fechatter.cursor import Place
from fechatter.feed.pages import Trimmed, read_feeds
from fechatter.feed.passing import Passing
from fechatter.feed.placed import Batch
from fechatter.feed.relay import Publish
from notify.channel import RING, Channel, enter, leave
from notify.fanout import Fanout
from notify.gaps import Gaps
from notify.informed import Informed
from notify.presence import Presence
from notify.stream import Stream
from notify.wire import Poller

log = logging.getLogger(__name__)

Action = Callable[[], Any]
Item = Batch | Passing | Action


class Hub:
    """Everything that touches live streams happens in `run`, one thing after another: batches, and the actions that
    other greenlets ask for by `between`. `subscribe` and `unsubscribe` are told of workspaces, and do not wait."""

    def __init__(
        self,
        engine: Engine,
        subscribe: Callable[[int], None],
        unsubscribe: Callable[[int], None],
        presence: Presence,
    ) -> None:
        self.engine, self.presence = engine, presence
        self.subscribe, self.unsubscribe = subscribe, unsubscribe
        self.channels: dict[int, Channel] = {}
        self.users: dict[int, tuple[Stream, ...]] = {}
        self.poller = Poller(self.lost)
        self.fanout = Fanout(self.channels, self.users, partial(gevent.sleep, 0))
        self.inbox: deque[Item] = deque()
        self.work = Event()
        self.cuts: dict[str, int] = {}
        self.gaps = Gaps(self)
        self.informed = Informed(self)

    # --- the one consumer ---

    def run(self) -> None:
        """Forever: one bad item must not stop all streams."""
        while True:
            self.work.wait()
            self.work.clear()
            while self.inbox:
                try:
                    self._consume()
                except Exception:
                    log.exception("the hub could not carry out an item")

    def put(self, *items: Item) -> None:
        self.inbox.extend(items)
        self.work.set()

    def put_first(self, items: Sequence[Item]) -> None:
        """What is older than all that stands there."""
        self.inbox.extendleft(reversed(items))
        self.work.set()

    def heard_before(self, publish: Publish) -> Publish:
        """Publishes what this process has relayed, after it was put here: its own streams need no Redis for it."""

        def put_and_publish(batches: Sequence[Batch]) -> None:
            self.put(*batches)
            publish(batches)

        return put_and_publish

    def between(self, action: Action) -> Any:
        """Runs the action in the consumer, between two runs of events, and returns its result or raises its error."""
        result: AsyncResult = AsyncResult()

        def carry_out() -> None:
            try:
                result.set(action())
            except Exception as error:  # handed to who asked
                result.set_exception(error)

        self.put(carry_out)
        return result.get()

    def _consume(self) -> None:
        """All of a kind that stand at the front are joined by workspace: under load they grow by themselves."""
        item = self.inbox.popleft()
        if callable(item):
            item()
            return
        together = {item.workspace_id: [item]}
        while self.inbox and isinstance(following := self.inbox[0], type(item)):
            together.setdefault(following.workspace_id, []).append(following)
            self.inbox.popleft()
        carry_on: Callable[[Channel, Any], None] = self.deliver if isinstance(item, Batch) else self.pass_on
        for workspace_id, items in together.items():
            if channel := self.channels.get(workspace_id):
                carry_on(channel, items)

    def pass_on(self, channel: Channel, events: list[Passing]) -> None:
        """For the consumer only."""
        if not self.informed.withholds(channel, events):
            self.fanout.pass_on(channel, events)

    def deliver(self, channel: Channel, batches: list[Batch]) -> None:
        """For the consumer only. Whom a failure leaves with a part of the events is cut, and gets them all later."""
        if not self.follows(channel) or self.informed.withholds(channel, batches):
            return
        try:
            self._advance(channel, batches)
        except Exception:
            log.exception("events of workspace %d could not be delivered", channel.workspace_id)
            self.cut_all(channel, "failed")

    def _advance(self, channel: Channel, batches: list[Batch]) -> None:
        """Density is the safety net: whatever does not follow the last position means that the feed must be read.

        Meanwhile it is kept: in a busy workspace there would always be more by the time that the reading is done.
        """
        dense, expected, ahead = [], channel.position + 1, channel.ahead
        for batch in batches:
            if batch.epoch != channel.epoch:
                # Long under way, from a Redis shared with others, or true: PostgreSQL knows.
                self.read_gap(channel)
                continue
            for event in batch.events:
                if event.position == expected:
                    dense.append(event)
                    expected += 1
                elif event.position > expected and len(ahead) < RING:
                    ahead[event.position] = event
        while event_ahead := ahead.pop(expected, None):
            dense.append(event_ahead)
            expected += 1
        if dense:
            self.fanout.deliver(channel, dense)
        if ahead:
            channel.ahead = {position: event for position, event in ahead.items() if position > channel.position}
        if channel.ahead:
            self.read_gap(channel)

    # --- channels ---

    def track(self, workspace_ids: Collection[int]) -> None:
        """Makes sure that these workspaces' feeds are followed here. Raises Trimmed for one that is gone."""
        for workspace_id in workspace_ids:
            if channel := self.channels.get(workspace_id):
                channel.idle_since = monotonic()
        missing = [w for w in workspace_ids if w not in self.channels]
        feeds = read_feeds(self.engine, missing)
        for workspace_id in missing:
            if workspace_id not in feeds:
                raise Trimmed
            if workspace_id not in self.channels:
                state = feeds[workspace_id]
                self.channels[workspace_id] = Channel(workspace_id, Place(state.epoch, state.head))
                self.subscribe(workspace_id)

    def untrack(self, channel: Channel) -> None:
        """Forgets a channel that nobody listens to."""
        if not channel.streams:
            self._drop(channel)

    def _drop(self, channel: Channel) -> None:
        if self.follows(channel):
            del self.channels[channel.workspace_id]
            self.unsubscribe(channel.workspace_id)

    def follows(self, channel: Channel) -> bool:
        """Whether this is still what the hub knows of that workspace."""
        return self.channels.get(channel.workspace_id) is channel

    def read_gap(self, channel: Channel) -> None:
        """Something that stands behind the channel's position did not come."""
        self.gaps.read(channel)

    def cut_all(self, channel: Channel, reason: str) -> None:
        """Ends all streams of a workspace whose feed is not the one that they followed; they resume or get `reset`.

        They leave their other workspaces with it: nothing may be written there for a stream that has lost a channel.
        """
        log.warning("workspace %d: %s; its streams are cut", channel.workspace_id, reason)
        for stream in list(channel.streams):
            stream.close(reason)
            self.forget(stream)
        self._drop(channel)

    # --- streams ---

    def register(self, stream: Stream) -> None:
        """From here on the stream learns what changes for its person; before this its memberships may not be read."""
        self.users[stream.user_id] = (*self.users.get(stream.user_id, ()), stream)

    def lost(self, stream: Stream) -> None:
        """The stream's socket is closed; it is taken out between two runs of events."""
        self.cuts[stream.ended or ""] = self.cuts.get(stream.ended or "", 0) + 1
        self.put(lambda: self.forget(stream))

    def forget(self, stream: Stream) -> None:
        self.hold(stream)
        streams = self.users.get(stream.user_id, ())
        if others := tuple(other for other in streams if other is not stream):
            self.users[stream.user_id] = others
        elif streams:
            del self.users[stream.user_id]
            self.presence.left(stream.user_id, stream.places or {})

    def seat(self, stream: Stream) -> None:
        """Takes a held stream that stands where the hub stands into the fan-out. For the consumer only."""
        enter(self.channels, stream)
        self.fanout.pass_on_lately(stream)
        former = [w for w in stream.workspaces if self.channels[w].streams[stream].since is None]
        mine = tuple(w for w in stream.workspaces if w not in former) if former else stream.workspaces
        self.presence.arrived(stream.user_id, mine)

    def hold(self, stream: Stream) -> None:
        """Takes a live stream out of the fan-out. For the consumer only."""
        if stream.places is None:
            leave(self.channels, stream)

    def streams(self) -> list[Stream]:
        return [stream for streams in self.users.values() for stream in streams]
