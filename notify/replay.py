"""Brings a stream that is not live yet to where the hub's ring takes over: what it missed, as fast as it reads."""

from collections.abc import Sequence
from time import monotonic

import gevent
from gevent.lock import BoundedSemaphore

from fechatter.cursor import Place
from fechatter.feed.pages import Page, Trimmed, read_personal_page
from fechatter.feed.placed import Placed
from notify.channel import RING, Channel
from notify.hub import Hub
from notify.recall import Recall
from notify.stream import Stream
from notify.wire import LONGEST_STALL

AT_ONCE = 4
"""Replays that may read from PostgreSQL at the same time in one process, beside the openings. Nobody waits for a client
in there."""

PIECE = 64 * 1024
"""Bytes that are written at a time, and that a reader may still lack when the next ones come."""

CLOSE = 16
"""Events that a stream may lack when it is to go live: the hub writes these in one go, and waits for no reader."""

LONGEST_READ = 60.0
"""Seconds in which a reader must have taken a piece."""

STALE = 1.0
"""Seconds after which events that were read and still wait for a slow reader are read again, however little each piece
of them waits: a message may have been deleted since."""

TOO_STALE = 3.0
"""Seconds after which events that waited for the hub to be informed are not sent: the client asks again."""


class Replay:
    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.turn = BoundedSemaphore(AT_ONCE)
        self.recall = Recall(hub, self.turn)

    def bring_close(self, stream: Stream) -> None:
        """Returns when the stream is near the hub everywhere, or has ended. Raises Trimmed."""
        assert stream.places is not None
        self.hub.track(stream.places)
        for workspace_id in sorted(stream.places):
            began = monotonic()
            while not stream.ended and workspace_id in stream.places:
                channel, place = self._channel(workspace_id), stream.places[workspace_id]
                if channel.place < place:
                    self._wait_for_hub(stream, channel, began)
                elif channel.epoch != place.epoch:
                    raise Trimmed
                elif self.recall.is_for(channel, place.position):
                    self.recall.fill(channel, place.position)
                elif not channel.reaches_back_to(place.position):
                    self._replay_page(stream, workspace_id)
                elif channel.position - place.position > CLOSE:
                    self._write(stream, workspace_id, channel.behind(place.position, RING))
                else:
                    break

    def _channel(self, workspace_id: int) -> Channel:
        """Followed anew if the hub has dropped it meanwhile. Raises Trimmed if the feed is gone."""
        self.hub.track([workspace_id])
        return self.hub.channels[workspace_id]

    def _wait_for_hub(self, stream: Stream, channel: Channel, began: float) -> None:
        """Another process may have shown the client more than this hub has read so far; or the feed has a new epoch,
        of which the hub learns by the reading: it then drops this channel, and the next look finds the new one."""
        self.hub.read_gap(channel)
        gevent.sleep(0.02)
        if monotonic() - began > LONGEST_STALL:
            stream.close("behind")

    def wait_until_informed(self, stream: Stream) -> None:
        """A process that was stopped must ask first who has signed out meanwhile, here as in the fan-out."""
        began = monotonic()
        while self.hub.informed.is_late and not stream.ended:
            gevent.sleep(0.02)
            if monotonic() - began > TOO_STALE:
                stream.close("behind")

    def _replay_page(self, stream: Stream, workspace_id: int) -> None:
        assert stream.places is not None
        place, asked = stream.places[workspace_id], frozenset(stream.memberships[workspace_id].chats)
        with self.turn:
            page: Page = read_personal_page(self.hub.engine, workspace_id, place, stream.user_id, asked)
        if self._write(stream, workspace_id, page.events, asked):
            stream.places[workspace_id] = Place(place.epoch, max(page.reaches, place.position))

    def _write(
        self, stream: Stream, workspace_id: int, events: Sequence[Placed], asked: frozenset[int] | None = None
    ) -> bool:
        """Whether all were written; if not, the stream stands behind the last that was, to read on from there.

        `asked`: the chats whose events these are (None: they are all there are). Where an event lets its person into
        another, what follows is read again with that one in it.
        """
        assert stream.places is not None
        began, piece, chats = monotonic(), bytearray(), stream.memberships[workspace_id].chats
        for frame in stream.take_each(workspace_id, events):
            piece += frame
            entered = asked is not None and not asked.issuperset(chats)
            if entered or workspace_id not in stream.places:
                self._send(stream, piece)
                return False
            if len(piece) >= PIECE:
                self._send(stream, piece)
                piece.clear()
                _wait_for_reader(stream)
                if stream.ended or monotonic() - began > STALE:
                    return False
        self._send(stream, piece)
        _wait_for_reader(stream)
        return True

    def _send(self, stream: Stream, piece: bytearray) -> None:
        if piece:
            self.wait_until_informed(stream)
            stream.send(bytes(piece))


def _wait_for_reader(stream: Stream) -> None:
    """So that a replay keeps little in memory."""
    began = monotonic()
    while stream.buffered > PIECE and not stream.ended:
        if monotonic() - began > LONGEST_READ:
            stream.close("slow")
        gevent.sleep(0.01)
