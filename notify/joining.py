"""The way of a stream from its cursor to live: where it starts, its replay, and how it joins the fan-out."""

import logging
from collections.abc import Mapping
from time import monotonic

import gevent
from sqlalchemy.exc import SQLAlchemyError

from fechatter.chat_list_cache import outdate_lists
from fechatter.cursor import Cursor, Place
from fechatter.feed.pages import Trimmed
from fechatter.feed.relay import Publish, relay
from fechatter.feed.standing import Standing, has_end_to_tell, place_before_joining, read_standing
from notify import frames
from notify.channel import RING
from notify.hub import Hub
from notify.replay import Replay
from notify.room import Room
from notify.stream import Stream
from notify.wire import LONGEST_STALL

log = logging.getLogger(__name__)

AGAIN = 0.5
"""Seconds from one look that failed to the next."""

TRIES = 3
"""How often a stream may find, when it is to go live, that the hub has moved out of its reach."""


class SessionEnded(Exception):
    """The stream's session is over, for this reason; nothing was opened."""


class Joining:
    """Opens streams, replays to them, and takes them live."""

    def __init__(self, hub: Hub, publish: Publish, room: Room) -> None:
        self.hub, self.publish, self.room = hub, hub.heard_before(publish), room
        self.replay = Replay(hub)

    # --- where a stream starts ---

    def open(self, user_id: int, session_id: int, cursor: Cursor | None, stated: bool) -> Stream:
        """A held stream that has `ready` (and `reset`) to send. `stated`: the client named one.

        The memberships and the feeds' heads are of one moment, and the stream was registered before it: whatever
        comes later reaches it as an event behind its places, or as a change that asks for another look.
        Raises SessionEnded and TooMany.
        """
        stream = Stream(self.hub.poller, user_id, session_id)
        self.hub.register(stream)
        try:
            self.room.take(stream)
            self._start(stream, cursor, stated)
        except BaseException:
            self.hub.put(lambda: self.hub.forget(stream))
            raise
        return stream

    def _start(self, stream: Stream, cursor: Cursor | None, stated: bool) -> None:
        standing = self._look(stream, cursor or {})
        if cursor is None:
            standing = self._at_present(stream, standing)
            places = None if stated else present(standing)
        else:
            places = self._places(stream, standing, cursor)
        if places is None:
            stream.places = present(standing)
            outdate_lists(self.hub.engine, stream.user_id)
            stream.send(frames.ready(stream.user_id, None) + frames.reset(stream.places))
        else:
            stream.places = places
            stream.send(frames.ready(stream.user_id, cursor if cursor is not None else places))

    def _at_present(self, stream: Stream, standing: Standing) -> Standing:
        """What was answered before this stream was asked for lies behind it, not ahead of it."""
        for workspace_id in standing.pending:
            relay(self.hub.engine, workspace_id, self.publish)
        return self._look(stream, {}) if standing.pending else standing

    def _look(self, stream: Stream, named: Mapping[int, Place]) -> Standing:
        standing = read_standing(self.hub.engine, stream.session_id, stream.user_id, named)
        if standing.expires_at is None:
            raise SessionEnded(standing.end_reason)
        stream.expires_at, stream.memberships = standing.expires_at.timestamp(), standing.memberships
        return standing

    def _places(self, stream: Stream, standing: Standing, cursor: Cursor) -> dict[int, Place] | None:
        """Where each workspace goes on; None if the cursor names what is no longer kept, or never was ours."""
        places = {w: place for w, place in cursor.items() if self._is_owed(stream, standing, w, place)}
        if not all(continues(standing, workspace_id, place) for workspace_id, place in places.items()):
            return None
        for workspace_id, membership in standing.memberships.items():
            if membership.since is None or workspace_id in places:
                continue
            feed = standing.feeds[workspace_id]
            place = place_before_joining(self.hub.engine, stream.user_id, workspace_id, membership.since, feed)
            if place is None:
                return None
            places[workspace_id] = place
        return places

    def _is_owed(self, stream: Stream, standing: Standing, workspace_id: int, place: Place) -> bool:
        """A workspace that is no longer its person's stays only until the end of that was told."""
        membership, feed = standing.memberships.get(workspace_id), standing.feeds.get(workspace_id)
        if membership is None or membership.since is not None or feed is None or place.position < feed.tail:
            return True
        return has_end_to_tell(self.hub.engine, stream.user_id, workspace_id, membership.until, place)

    # --- from there to live ---

    def follow(self, stream: Stream) -> None:
        """Replays and takes the stream live; on trouble it is cut, and its client comes back with its cursor."""
        try:
            for _ in range(TRIES):
                self.replay.bring_close(stream)
                self.replay.wait_until_informed(stream)
                if stream.ended or self.hub.between(lambda: self._go_live(stream)):
                    return
            stream.close("behind")
        except Trimmed:
            stream.close("trimmed")
        except SQLAlchemyError as error:
            log.warning("a stream could not be replayed: %s", type(error).__name__)
            stream.close("unavailable")
        except Exception:
            log.exception("a stream could not be replayed")
            stream.close("failed")

    def _go_live(self, stream: Stream) -> bool:
        """Drains the ring and joins the fan-out in one go, in the consumer. False: the ring has moved on meanwhile, or
        the hub must ask first who has signed out."""
        if stream.ended or stream.places is None:
            return True
        if self.hub.informed.is_late or any(not self._in_reach(w, place) for w, place in stream.places.items()):
            return False
        parts = []
        for workspace_id in list(stream.places):
            channel = self.hub.channels[workspace_id]
            parts += stream.take_each(workspace_id, channel.behind(stream.places[workspace_id].position, RING))
        stream.send(b"".join(parts))
        if stream.ended:
            return True
        self.hub.seat(stream)
        if stream.again:
            self.look_again(stream)
        return True

    def _in_reach(self, workspace_id: int, place: Place) -> bool:
        """A channel that is not as far as the stream must catch up first: what it still has is skipped then."""
        channel = self.hub.channels.get(workspace_id)
        if channel is None or channel.epoch != place.epoch or channel.position < place.position:
            return False
        return channel.reaches_back_to(place.position)

    # --- when something changed that no feed of the stream carries ---

    def look_again(self, stream: Stream) -> None:
        """Attaches a workspace joined meanwhile, or ends the stream with its session. For the consumer only."""
        if stream.places is not None:
            stream.again = True
            return
        stream.again = False
        self.hub.hold(stream)
        gevent.spawn(self._look_again, stream)

    def _look_again(self, stream: Stream) -> None:
        """The stream is held and says nothing, so an outage of PostgreSQL is waited for: it cuts no stream."""
        until = monotonic() + LONGEST_STALL
        while not stream.ended:
            try:
                assert stream.places is not None
                places = self._places(stream, self._look(stream, stream.places), stream.places)
            except SessionEnded as ended:
                stream.bye(str(ended))  # which ends it only when its reader has taken what stands before
                return
            except SQLAlchemyError:
                if monotonic() > until:
                    stream.close("unavailable")
                gevent.sleep(AGAIN)
            except Exception:
                log.exception("a stream could not look again")
                stream.close("failed")
            else:
                if places is None:
                    stream.close("trimmed")
                    return
                stream.places = places
                self.follow(stream)
                return


def present(standing: Standing) -> dict[int, Place]:
    """Where the feeds of the person's workspaces stood when its memberships were read."""
    mine = [w for w, membership in standing.memberships.items() if membership.since is not None]
    return {w: Place(standing.feeds[w].epoch, standing.feeds[w].head) for w in mine}


def continues(standing: Standing, workspace_id: int, place: Place) -> bool:
    """Whether the feed can be read on from this place: by PostgreSQL's word, since a hub may lag behind another."""
    feed = standing.feeds.get(workspace_id)
    if feed is None or workspace_id not in standing.memberships:
        return False
    return place.epoch == feed.epoch and feed.tail <= place.position <= feed.head
