"""What came shortly before this process began to follow a feed: read once for all the streams that lack it.

When a process was restarted its streams come back all together, each a little behind.
"""

from gevent.lock import BoundedSemaphore

from fechatter.cursor import Place
from fechatter.feed.pages import PAGE, read_page
from notify.channel import Channel
from notify.hub import Hub

MOST = PAGE
"""Events before the first that the ring has. Who lacks more reads from PostgreSQL what concerns its person alone."""


class Recall:
    """`turn` is held while PostgreSQL is asked; of a channel one asks at a time, and who comes meanwhile finds it."""

    def __init__(self, hub: Hub, turn: BoundedSemaphore) -> None:
        self.hub, self.turn = hub, turn

    def reaches_back_to(self, channel: Channel, position: int) -> bool:
        """Whether the channel's ring has every event behind `position`, by now. Raises Trimmed."""
        if self._is_near(channel, position):
            with channel.recalling:
                if self._is_near(channel, position):
                    self._read(channel, position)
        return channel.reaches_back_to(position)

    def _is_near(self, channel: Channel, position: int) -> bool:
        return 0 < channel.start - position <= min(MOST, channel.room)

    def _read(self, channel: Channel, position: int) -> None:
        after = Place(channel.epoch, position)
        with self.turn:
            page = read_page(self.hub.engine, channel.workspace_id, after, channel.start - position)
        self.hub.between(lambda: channel.recall(page.events))
