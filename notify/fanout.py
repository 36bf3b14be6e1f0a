"""Writes events to live streams: encoded once, joined for all who get the same, always in the feed's order."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from os import write
from time import monotonic

from fechatter.feed.memberships import TURNING
from fechatter.feed.passing import Passing
from fechatter.feed.placed import Placed
from notify import frames
from notify.channel import Channel, detach
from notify.encoded import Encoded
from notify.groups import Audience, Groups, Which, are_apart, bits, grouped, merged
from notify.stream import Stream, ends_workspace

Breathe = Callable[[], None]
SENDS_BEFORE_BREATH = 500

PASSED_TOGETHER = 200
"""Passing events in one write, some 40 KB: when thousands come at once, readers take some before there is more."""


class Fanout:
    """`channels` and `users` are all that the hub has; `breathe` lets other greenlets run, and is called between
    sends only.

    Nothing but the caller's own greenlet may write to live streams meanwhile: the bytes of a run that some have
    and others do not yet have would else be overtaken.
    """

    def __init__(
        self, channels: Mapping[int, Channel], users: Mapping[int, Collection[Stream]], breathe: Breathe
    ) -> None:
        self.channels, self.users, self.breathe = channels, users, breathe
        self.delivered = 0
        self.sends_left = SENDS_BEFORE_BREATH

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

    def _plain(self, channel: Channel, run: Sequence[Placed]) -> None:
        """Events that change nobody's audience."""
        if run:
            channel.advance(run)
            self._send(channel, run, self._groups(channel, run))

    def _groups(self, channel: Channel, run: Sequence[Placed]) -> Groups:
        chats, audiences, newest, is_old = dict[int, Which](), list[Audience](), channel.newest, False
        for index, event in enumerate(run):
            _, outbox_id, audience, chat_id, *_ = event
            is_old = is_old or outbox_id < newest
            if audience == "chat":
                chats[chat_id or 0] = chats.get(chat_id or 0, 0) | 1 << index
            else:
                audiences.append((self._receivers(channel, event), 1 << index))
        if is_old:
            for chat_id, which in chats.items():
                audiences += _by_since(channel, chat_id, run, which)
            return grouped(audiences)
        members = [channel.chats.get(chat_id, {}) for chat_id in chats]
        if not audiences and are_apart(members):
            return {
                (w, which): streams for c, which in chats.items() for w, streams in channel.by_workspaces(c).items()
            }
        return grouped([*audiences, *zip(members, chats.values(), strict=True)])

    def _turning(self, channel: Channel, event: Placed) -> None:
        """An event that begins or ends somebody's seeing stands alone; each candidate's membership decides.

        Who leaves the workspace by it gets it with an `id:` that names the workspace no more.
        """
        channel.advance([event])
        receivers = self._receivers(channel, event)
        for stream in self._concerned(channel, event):
            membership = channel.streams[stream]
            if event.chat_id is not None:
                channel.reseat(stream, event.chat_id, membership.chats.get(event.chat_id))
            if membership.since is None and ends_workspace(event, stream.user_id):
                detach(self.channels, stream, channel.workspace_id)
        self._send(channel, [event], grouped([(receivers, 1)]))

    def pass_on(self, channel: Channel, events: Sequence[Passing]) -> None:
        """Typing and presence: to live streams only, without an id, and to nobody whose removal is not here yet."""
        known = [event for event in events if event.head <= channel.position]
        now = monotonic()
        channel.lately.extend((now, event) for event in known if event.type == "presence")
        for first in range(0, len(known), PASSED_TOGETHER):
            self._pass_on(channel, known[first : first + PASSED_TOGETHER])

    def pass_on_lately(self, stream: Stream) -> None:
        """Who came and who went while the stream was held: it was promised, with its `ready`, to hear of that."""
        for channel in (self.channels[workspace_id] for workspace_id in stream.workspaces):
            if channel.lately and channel.lately[-1][0] >= stream.held_at and _is_present(channel, stream):
                missed = [event for at, event in channel.lately if at >= stream.held_at]
                others = [event for event in missed if stream.user_id not in event.except_users]
                stream.send(b"".join(frames.passing_frame(event.type, event.body) for event in others))

    def _pass_on(self, channel: Channel, run: Sequence[Passing]) -> None:
        chats, excepted = dict[int | None, Which](), dict[int, Which]()
        for index, event in enumerate(run):
            chats[event.chat_id] = chats.get(event.chat_id, 0) | 1 << index
            for user_id in event.except_users:
                excepted[user_id] = excepted.get(user_id, 0) | 1 << index
        groups: dict[Which, list[Stream]] = {}
        for stream, which in merged((_present(channel, c), which) for c, which in chats.items()).items():
            groups.setdefault(which & ~excepted.get(stream.user_id, 0), []).append(stream)
        encoded = [frames.passing_frame(event.type, event.body) for event in run]
        for which, streams in groups.items():
            self._write(streams, b"".join(encoded[index] for index in bits(which)))

    def _send(self, channel: Channel, run: Sequence[Placed], groups: Groups) -> None:
        if not groups:
            return
        encoded = Encoded(self.channels, channel, run)
        for (workspaces, which), streams in groups.items():
            self._write(streams, encoded.joined(workspaces, which))
            self.delivered += len(streams) * which.bit_count()

    def _write(self, streams: Sequence[Stream], data: bytes) -> None:
        """The same bytes to each. One that has been closed meanwhile, or fell behind, refuses the direct write."""
        if not data:
            return
        done = 0
        while len(streams) - done >= self.sends_left:
            write_to_each(streams[done : done + self.sends_left], data)
            done, self.sends_left = done + self.sends_left, SENDS_BEFORE_BREATH
            self.breathe()
        write_to_each(streams[done:] if done else streams, data)
        self.sends_left -= len(streams) - done

    def _receivers(self, channel: Channel, event: Placed) -> list[Stream]:
        """The live streams that get the event; it takes effect on their memberships by this."""
        return [stream for stream in self._candidates(channel, event) if channel.streams[stream].receives(event)]

    def _candidates(self, channel: Channel, event: Placed) -> Collection[Stream]:
        """Who may get an event. The end of a chat also reaches streams that read their memberships behind it, and are
        in the chat no more; an event that is about somebody reaches that person's."""
        if event.audience == "user":
            return self._own(channel, event)
        if event.audience == "chat" and event.type != "chat.deleted":
            return {*self._own(channel, event), *channel.chats.get(event.chat_id or 0, ())}
        return list(channel.streams)

    def _concerned(self, channel: Channel, event: Placed) -> Collection[Stream]:
        """Whose membership an event may have changed: the person's own, or everybody's when the thing is deleted."""
        if event.type.endswith(".deleted"):
            return self._candidates(channel, event)
        return self._own(channel, event)

    def _own(self, channel: Channel, event: Placed) -> list[Stream]:
        """Live streams of the person whom the event is about, if any."""
        return [stream for stream in self.users.get(event.to_user or 0, ()) if stream in channel.streams]


def write_to_each(streams: Sequence[Stream], data: bytes) -> None:
    size = len(data)
    for stream in streams:
        try:
            sent = write(stream.direct, data)
        except OSError:
            sent = 0
        if sent != size:
            stream.send(data, sent)


def _present(channel: Channel, chat_id: int | None) -> Iterable[Stream]:
    """In the chat, or in the whole workspace: not who is still here but knows already that it is a member no more."""
    if chat_id is not None:
        return channel.chats.get(chat_id, ())
    return [stream for stream in channel.streams if _is_present(channel, stream)]


def _is_present(channel: Channel, stream: Stream) -> bool:
    return channel.streams[stream].since is not None


def _by_since(channel: Channel, chat_id: int, run: Sequence[Placed], which: Which) -> Iterator[Audience]:
    """Of the run's events in the chat each stream gets those behind its person's addition."""
    for stream in channel.chats.get(chat_id, ()):
        since = channel.streams[stream].chats[chat_id]
        yield (stream,), sum(1 << index for index in bits(which) if run[index].outbox_id >= since)
