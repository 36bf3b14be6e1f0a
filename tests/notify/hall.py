"""The fan-out alone, in the test's own process: live streams on real sockets, and events that tests make up."""

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fcntl import ioctl
from termios import TIOCOUTQ
from time import monotonic
from typing import NamedTuple

import orjson
from sqlalchemy import Engine

from fechatter.cursor import Place
from fechatter.feed.memberships import Membership
from fechatter.feed.passing import Passing, passing
from fechatter.feed.placed import Placed
from fechatter.redis_link import RedisLink
from launcher.ports import free_port
from notify.channel import Channel, enter
from notify.fanout import Fanout
from notify.hub import Hub
from notify.presence import Presence
from notify.stream import Stream
from notify.wire import Poller
from tests.notify.raw_stream import RawStream

HEAD = b"HTTP/1.1 200 OK\r\n\r\n"


class Seat(NamedTuple):
    """A live stream and its client."""

    stream: Stream
    client: RawStream
    is_slow: bool = False

    def contents(self) -> list[str]:
        """Of all messages that have come so far."""
        self.read()
        return self.client.contents()

    def read(self) -> None:
        """All that the system has taken so far; of a slow client what has come."""
        end = monotonic() + 30
        while self.client.read() or (self._is_under_way() and monotonic() < end):
            pass

    def _is_under_way(self) -> bool:
        """On a busy machine what was written does not come at once."""
        if self.stream.ended:
            return not self.client.ended
        if self.is_slow:
            return False
        self.client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)  # says at once what has come
        return any(ioctl(self.stream.descriptor, TIOCOUTQ, bytes(4)))


class Hall:
    """Workspaces of which nothing has happened yet. `breathe` may be replaced; it is called between sends."""

    def __init__(self, *workspace_ids: int) -> None:
        self.channels = {workspace_id: Channel(workspace_id, Place(1, 0)) for workspace_id in workspace_ids}
        self.users: dict[int, tuple[Stream, ...]] = {}
        self.poller = Poller(lambda wire: None)
        self.fanout = Fanout(self.channels, self.users, lambda: self.breathe())
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.seats: list[Seat] = []
        self.breaths = 0

    def breathe(self) -> None:
        self.breaths += 1

    def client(self, receive_buffer: int = 0) -> RawStream:
        return RawStream(self.listener.getsockname()[1], "none", receive_buffer=receive_buffer)

    def accept(self, user_id: int, client: RawStream, is_slow: bool = False) -> Seat:
        """A stream that is not live, of the client that came last."""
        accepted, _ = self.listener.accept()
        accepted.recv(65536)
        stream = Stream(self.poller, user_id, session_id=user_id)
        stream.attach(accepted, HEAD)
        self.seats.append(Seat(stream, client, is_slow))
        return self.seats[-1]

    def live(self, user_id: int, chats: Mapping[int, Mapping[int, int]], receive_buffer: int = 0) -> Seat:
        """A stream of who is in these chats since then, by workspace."""
        seat = self.accept(user_id, self.client(receive_buffer), receive_buffer > 0)
        self.users[user_id] = (*self.users.get(user_id, ()), seat.stream)
        self.enter(seat, chats)
        return seat

    def enter(self, seat: Seat, chats: Mapping[int, Mapping[int, int]], since: int | None = 1) -> None:
        """Makes a held stream live."""
        self.hold(seat, chats, since)
        enter(self.channels, seat.stream)
        self.fanout.pass_on_lately(seat.stream)

    def hold(self, seat: Seat, chats: Mapping[int, Mapping[int, int]], since: int | None = 1) -> None:
        """Brings a stream that is not live as far as these workspaces have come."""
        stream = seat.stream
        stream.places = {workspace_id: self.channels[workspace_id].place for workspace_id in chats}
        stream.memberships = {w: Membership(stream.user_id, since, 1, chats=dict(ids)) for w, ids in chats.items()}

    def deliver(self, workspace_id: int, *events: Placed) -> None:
        self.fanout.deliver(self.channels[workspace_id], events)

    def pass_on(self, workspace_id: int, *events: Passing) -> None:
        self.fanout.pass_on(self.channels[workspace_id], events)

    def close(self) -> None:
        for stream, client, _ in self.seats:
            stream.close("test")
            client.close()
        self.poller.watcher.stop()
        self.poller.epoll.close()
        self.listener.close()


@contextmanager
def hall(*workspace_ids: int) -> Iterator[Hall]:
    made = Hall(*workspace_ids)
    try:
        yield made
    finally:
        made.close()


@contextmanager
def hub_of(engine: Engine, channels: Mapping[int, Channel]) -> Iterator[Hub]:
    """A hub that follows these, without a Redis. Its loop does not run."""
    hub = Hub(engine, lambda _: None, lambda _: None, Presence(RedisLink(f"redis://127.0.0.1:{free_port()}")))
    hub.channels.update(channels)
    try:
        yield hub
    finally:
        hub.poller.watcher.stop()
        hub.poller.epoll.close()


def message(position: int, chat_id: int, outbox_id: int | None = None, text: str | None = None) -> Placed:
    """It says its position, unless it is to say something else."""
    body = {"type": "message.created", "chat_id": chat_id, "message": {"content": text or str(position)}}
    return _event(position, outbox_id, "chat", chat_id, None, "message.created", body)


def left_workspace(position: int, user_id: int) -> Placed:
    body = {"type": "workspace.member_removed", "user_id": user_id, "role": None}
    return _event(position, None, "workspace", None, user_id, "workspace.member_removed", body)


def left_chat(position: int, chat_id: int, user_id: int) -> Placed:
    body = {"type": "member.removed", "chat_id": chat_id, "user_id": user_id, "role": None}
    return _event(position, None, "chat", chat_id, user_id, "member.removed", body)


def entered_chat(position: int, chat_id: int, user_id: int) -> Placed:
    body = {"type": "chat.created", "chat_id": chat_id}
    return _event(position, None, "user", chat_id, user_id, "chat.created", body)


def online(workspace_id: int, user_id: int, head: int = 0) -> Passing:
    return passing(workspace_id, "presence", {"user_id": user_id, "state": "online"}, [user_id], head=head)


def typing(workspace_id: int, chat_id: int, *user_ids: int) -> Passing:
    """The first types; it and the others hear nothing of it."""
    return passing(workspace_id, "typing", {"user_id": user_ids[0]}, user_ids, chat_id)


def _event(
    position: int,
    outbox_id: int | None,
    audience: str,
    chat_id: int | None,
    to_user: int | None,
    type_: str,
    body: object,
) -> Placed:
    """Ten outbox ids for each position, so that there is room between."""
    at = 10 * position if outbox_id is None else outbox_id
    return Placed(position, at, audience, chat_id, to_user, None, type_, orjson.dumps(body).decode())
