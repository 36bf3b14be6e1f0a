"""What came shortly before this process began to follow a feed: read once for all the streams that lack it.

When a process was restarted its streams come back all together, each a little behind.
"""

from gevent.event import AsyncResult
from gevent.lock import BoundedSemaphore

from fechatter.cursor import Place
from fechatter.feed.pages import PAGE, read_page
from notify.channel import Channel
from notify.hub import Hub

MOST = PAGE
"""Events before the first that the ring has. Who lacks more reads from PostgreSQL what concerns its person alone."""


class Recall:
    """`turn` is held while PostgreSQL is asked. Of a channel one asks at a time; who comes meanwhile waits for that
    one, and fails with it."""

    def __init__(self, hub: Hub, turn: BoundedSemaphore) -> None:
        self.hub, self.turn = hub, turn
        self.readings: dict[Channel, AsyncResult[None]] = {}

    def is_for(self, channel: Channel, position: int) -> bool:
        """Whether the ring does not reach back to there, and may be made to."""
        return 0 < channel.start - position <= min(MOST, channel.room)

    def fill(self, channel: Channel, position: int) -> None:
        """Has the ring reach back to there, or as far as somebody else just needs; look at the channel anew behind it.

        Raises Trimmed, and SQLAlchemyError.
        """
        if under_way := self.readings.get(channel):
            under_way.get()
            return
        reading = self.readings[channel] = AsyncResult()
        try:
            self._read(channel, position)
            reading.set(None)
        except Exception as error:
            reading.set_exception(error)
            raise
        finally:
            del self.readings[channel]

    def _read(self, channel: Channel, position: int) -> None:
        with self.turn:
            if not self.is_for(channel, position):
                return
            after = Place(channel.epoch, position)
            page = read_page(self.hub.engine, channel.workspace_id, after, channel.start - position)
        self.hub.between(lambda: self.hub.follows(channel) and channel.recall(page.events))
