"""Reads from PostgreSQL what the hub has missed of its feeds, a few at a time."""

import logging
from typing import TYPE_CHECKING

import gevent
from gevent.lock import BoundedSemaphore
from sqlalchemy.exc import SQLAlchemyError

from fechatter.feed.pages import Trimmed, read_feeds, read_page
from fechatter.feed.placed import Batch
from notify.channel import Channel

if TYPE_CHECKING:
    from notify.hub import Hub

log = logging.getLogger(__name__)

AT_ONCE = 4
"""Feeds that are read at the same time: after an outage of Redis all of them may be behind."""

TOGETHER = 0.01
"""Seconds in which confirmed subscriptions are collected, to ask for all their feeds at once."""


class Gaps:
    """Each feed is read by one greenlet at most, and told to the hub between two runs of events."""

    def __init__(self, hub: "Hub") -> None:
        self.hub = hub
        self.turn = BoundedSemaphore(AT_ONCE)
        self.subscribed: set[int] = set()
        self.read_so_far = 0

    def ask(self, workspace_id: int) -> None:
        """The subscription has just begun, maybe once more: messages may have been missed."""
        self.subscribed.add(workspace_id)
        if len(self.subscribed) == 1:
            gevent.spawn_later(TOGETHER, self._read_those_ahead)

    def _read_those_ahead(self) -> None:
        asked, self.subscribed = self.subscribed, set()
        try:
            feeds = read_feeds(self.hub.engine, asked)
        except SQLAlchemyError:
            return  # the watch asks every second
        for workspace_id, state in feeds.items():
            channel = self.hub.channels.get(workspace_id)
            if channel and channel.position < state.head:
                self.read(channel)

    def read(self, channel: Channel) -> None:
        """Brings the channel whatever stands behind its position, unless that is being done."""
        if not channel.reading:
            channel.reading = True
            self.read_so_far += 1
            gevent.spawn(self._read, channel)

    def _read(self, channel: Channel) -> None:
        try:
            with self.turn:
                while self.hub.follows(channel) and self._read_page(channel):
                    pass
        except Trimmed:
            self.hub.between(lambda: self.hub.cut_all(channel, "trimmed"))
        except SQLAlchemyError as error:
            log.warning("cannot read the feed of workspace %d: %s", channel.workspace_id, type(error).__name__)
        finally:
            channel.reading = False

    def _read_page(self, channel: Channel) -> bool:
        """Whether there may be more: on the next page, or between it and what Redis told of meanwhile."""
        before = channel.position
        page = read_page(self.hub.engine, channel.workspace_id, channel.place)
        batch = Batch(channel.workspace_id, channel.epoch, page.events)
        self.hub.between(lambda: self.hub.deliver(channel, [batch]))
        return channel.position > before and (channel.position < page.head or bool(channel.ahead))
