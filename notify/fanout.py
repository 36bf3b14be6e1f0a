"""Writes events to live streams: encoded once, joined for all who get the same, always in the feed's order."""

from collections.abc import Callable, Collection, Iterable, Sequence

from fechatter.cursor import Place, write_place
from fechatter.feed.memberships import TURNING
from fechatter.feed.passing import Passing
from fechatter.feed.placed import Placed
from notify import frames
from notify.channel import Channel
from notify.stream import Stream, ends_workspace

Breathe = Callable[[], None]

SENDS_BEFORE_BREATH = 500


class Fanout:
    """`channels` is all that the hub has; `breathe` lets other greenlets run, and is called between sends only.

    Nothing but the caller's own greenlet may write to live streams meanwhile: the bytes of a run that some have
    and others do not yet have would else be overtaken.
    """

    def __init__(self, channels: dict[int, Channel], breathe: Breathe) -> None:
        self.channels, self.breathe = channels, breathe
        self.delivered = self.sends = 0

    def deliver(self, channel: Channel, events: Sequence[Placed]) -> None:
        """Sends events that follow the channel's position without a hole."""
        run: list[Placed] = []
        for event in events:
            if event.type not in TURNING:
                run.append(event)
                continue
            self._plain(channel, run)
            run = []
            self._turning(channel, event)
        self._plain(channel, run)

    def _plain(self, channel: Channel, run: list[Placed]) -> None:
        """Events that change nobody's audience."""
        if not run:
            return
        channel.advance(run)
        if len(run) == 1 or (run[0].audience == "chat" and len({(e.audience, e.chat_id) for e in run}) == 1):
            # By since: who was added within the run's outbox ids is looked at event by event.
            whole, partly = self._split(channel, run)
            self._write(channel, run, ((stream, None) for stream in whole), len(whole))
            self._grouped(channel, run, partly)
        else:
            self._grouped(channel, run, None)

    @staticmethod
    def _split(channel: Channel, run: list[Placed]) -> tuple[list[Stream], set[Stream]]:
        """Who gets the whole of a run with one audience, and who may get a part of it."""
        first = run[0]
        if first.audience != "chat":
            return list(listeners(channel, first)), set()
        members = channel.chats.get(first.chat_id or 0, {})
        lowest = min(event.outbox_id for event in run)
        whole = [stream for stream, since in members.items() if since <= lowest]
        return whole, set() if len(whole) == len(members) else set(members).difference(whole)

    def _grouped(self, channel: Channel, run: list[Placed], only: set[Stream] | None) -> None:
        got: dict[Stream, list[int]] = {}
        if only is None or only:
            for index, event in enumerate(run):
                for stream in listeners(channel, event):
                    if only is None or stream in only:
                        got.setdefault(stream, []).append(index)
        self._write(channel, run, ((stream, tuple(which)) for stream, which in got.items()), len(got))

    def _turning(self, channel: Channel, event: Placed) -> None:
        """An event that begins or ends somebody's seeing stands alone; each candidate's membership decides.

        Who leaves the workspace by it gets it with an `id:` that names the workspace no more.
        """
        channel.advance([event])
        workspace_id, chat_id = channel.workspace_id, event.chat_id
        receivers = [s for s in _candidates(channel, event) if s.memberships[workspace_id].receives(event)]
        for stream in _concerned(channel, event):
            membership = stream.memberships[workspace_id]
            if chat_id is not None:
                channel.reseat(stream, chat_id, membership.chats.get(chat_id))
            if membership.since is None and ends_workspace(event, stream.user_id):
                self._detach(channel, stream)
        self._write(channel, [event], ((stream, None) for stream in receivers), len(receivers))

    def _detach(self, channel: Channel, stream: Stream) -> None:
        for chat_id in [c for c, members in channel.chats.items() if stream in members]:
            channel.reseat(stream, chat_id, None)
        channel.remove(stream)
        stream.workspaces = tuple(w for w in stream.workspaces if w != channel.workspace_id)

    def pass_on(self, channel: Channel, passing: Passing) -> None:
        """Typing and presence: to live streams only, without an id, and to nobody whose removal is not here yet."""
        if channel.position < passing.head:
            return
        data = frames.passing_frame(passing.type, passing.body)
        if passing.chat_id is None:
            # One whose removal is not relayed yet is still here, and hears nothing of these people any more.
            streams = [s for s in channel.streams if s.memberships[channel.workspace_id].since is not None]
        else:
            streams = list(channel.chats.get(passing.chat_id, ()))
        for stream in streams:
            if stream.user_id not in passing.except_users:
                stream.send(data)

    def _write(
        self,
        channel: Channel,
        run: list[Placed],
        receivers: Iterable[tuple[Stream, tuple[int, ...] | None]],
        count: int,
    ) -> None:
        """`receivers`: who gets which of the run's events (None: all). The list is taken before the first send."""
        joined: dict[tuple[tuple[int, ...], tuple[int, ...] | None], bytes] = {}
        encoded = [frames.event_frame(event) for event in run] if count else []
        for stream, which in list(receivers):
            key = (stream.workspaces, which)
            data = joined.get(key)
            if data is None:
                data = joined[key] = self._join(channel, run, encoded, key[0], which)
            stream.send(data)
            self.sends += 1
            if self.sends % SENDS_BEFORE_BREATH == 0:
                self.breathe()
            self.delivered += len(run) if which is None else len(which)

    def _join(
        self,
        channel: Channel,
        run: list[Placed],
        encoded: list[bytes],
        workspaces: tuple[int, ...],
        which: tuple[int, ...] | None,
    ) -> bytes:
        """The chosen events with the ids of a stream of these workspaces: all other feeds stand where they stand."""
        places = {w: self.channels[w].written_place for w in workspaces}
        parts = []
        for index in range(len(run)) if which is None else which:
            if channel.workspace_id in places:
                place = Place(channel.epoch, run[index].position)
                places[channel.workspace_id] = write_place(channel.workspace_id, place)
            parts += [encoded[index], frames.shared_id_line(places.values())]
        return b"".join(parts)


def listeners(channel: Channel, event: Placed) -> Collection[Stream]:
    """The live streams that get an event which changes no audience."""
    at, members = event.outbox_id, channel.chats.get(event.chat_id or 0, {})
    match event.audience:
        case "chat":
            return [stream for stream, since in members.items() if since <= at]
        case "user":
            own = channel.users.get(event.to_user or 0, ())
            return [stream for stream in own if (since := members.get(stream)) is not None and since <= at]
        case _:
            workspace_id = channel.workspace_id
            return [stream for stream in channel.streams if stream.memberships[workspace_id].receives(event)]


def _candidates(channel: Channel, event: Placed) -> Collection[Stream]:
    """Who may get an event that changes audiences. The end of a chat also reaches streams that read their
    memberships behind it, and are in the chat no more."""
    own = channel.users.get(event.to_user or 0, set())
    if event.audience == "user":
        return list(own)
    if event.audience == "chat" and event.type != "chat.deleted":
        return own.union(channel.chats.get(event.chat_id or 0, {}))
    return list(channel.streams)


def _concerned(channel: Channel, event: Placed) -> Collection[Stream]:
    """Whose membership the event may have changed: the person's own, or everybody's when the thing is deleted."""
    if event.type.endswith(".deleted"):
        return _candidates(channel, event)
    return list(channel.users.get(event.to_user or 0, ()))
