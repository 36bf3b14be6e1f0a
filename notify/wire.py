"""Sockets that gunicorn has let go of: written without blocking, buffered within bounds, watched by one epoll."""

import logging
import socket
from collections import deque
from select import EPOLLERR, EPOLLHUP, EPOLLIN, EPOLLOUT, EPOLLRDHUP
from time import monotonic

import gevent
from gevent.monkey import get_original

log = logging.getLogger(__name__)

MOST_BUFFERED = 1024 * 1024
"""Bytes that a reader may be behind (beyond the kernel's own buffer) before it is cut; it resumes by its cursor."""

LONGEST_STALL = 20.0
"""Seconds without taking a single byte after which a reader is cut."""

GONE = EPOLLHUP | EPOLLERR | EPOLLRDHUP
WATCHED = EPOLLIN | EPOLLRDHUP
FLAGS = socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL

RealSocket = get_original("socket", "socket")


class Wire:
    """One client's socket. `ended` is why it was closed, None while it is open."""

    __slots__ = ("__weakref__", "buffer", "buffered", "ended", "last_word", "poller", "sock", "stalled_at")

    def __init__(self) -> None:
        self.sock: socket.socket | None = None
        self.poller: Poller | None = None
        self.buffer: deque[bytes | memoryview] | None = None
        self.buffered = 0
        self.stalled_at = 0.0
        self.last_word: str | None = None
        self.ended: str | None = None

    def attach(self, descriptor: int, poller: "Poller", head: bytes) -> None:
        """Takes over the socket; `head` is written now, then what was sent to the wire before."""
        sock = RealSocket(fileno=descriptor)
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(LONGEST_STALL * 1000))
        self.sock, self.poller = sock, poller
        if self.ended:
            sock.close()
            return
        poller.watch(self)
        self.buffer = deque([head, *(self.buffer or ())])
        self.buffered += len(head)
        self.stalled_at = monotonic()
        self.flush()

    def send(self, data: bytes) -> None:
        """Writes what the kernel takes and keeps the rest, within bounds. Never blocks, never raises."""
        if self.ended or self.last_word:
            return
        if self.buffer or self.sock is None:
            self._keep(data)
            return
        try:
            sent = self.sock.send(data, FLAGS)
        except BlockingIOError:
            sent = 0
        except OSError:
            self.close("gone")
            return
        if sent < len(data):
            self._keep(memoryview(data)[sent:])

    def _keep(self, data: bytes | memoryview) -> None:
        if self.buffered + len(data) > MOST_BUFFERED:
            self.close("slow")
            return
        if self.buffer is None:
            self.buffer = deque()
        if not self.buffer:
            self.stalled_at = monotonic()
            if self.poller:
                self.poller.watch_writing(self)
        self.buffer.append(data)
        self.buffered += len(data)

    def flush(self) -> None:
        """Writes from the buffer until it is empty or the kernel takes no more."""
        while self.buffer and self.sock:
            data = self.buffer[0]
            try:
                sent = self.sock.send(data, FLAGS)
            except BlockingIOError:
                if self.poller:
                    self.poller.watch_writing(self)
                return
            except OSError:
                self.close("gone")
                return
            self.stalled_at = monotonic()
            self.buffered -= sent
            if sent < len(data):
                self.buffer[0] = memoryview(data)[sent:]
            else:
                self.buffer.popleft()
        self.buffer = None
        if self.last_word:
            self.close(self.last_word)
        elif self.poller:
            self.poller.watch_reading(self)

    def finish(self, data: bytes, reason: str) -> None:
        """Sends the last words, then closes as soon as they are written."""
        self.send(data)
        if not self.ended:
            self.last_word = reason
            if not self.buffer and self.sock:
                self.close(reason)

    def close(self, reason: str) -> None:
        if self.ended:
            return
        self.ended = reason
        self.buffer, self.buffered = None, 0
        if self.sock:
            if self.poller:
                self.poller.forget(self)
            self.sock.close()
        self.closed()

    def closed(self) -> None:
        """Told once, right after the socket was closed; must not block."""


class Poller:
    """One epoll for all wires, itself one watcher of gevent's loop: its callbacks run between greenlets."""

    def __init__(self) -> None:
        self.epoll = get_original("select", "epoll")()
        self.wires: dict[int, Wire] = {}
        self.stalled: set[Wire] = set()
        self.watcher = gevent.get_hub().loop.io(self.epoll.fileno(), 1)
        self.watcher.start(self.ready)

    def watch(self, wire: Wire) -> None:
        descriptor = _descriptor(wire)
        self.wires[descriptor] = wire
        self.epoll.register(descriptor, WATCHED)

    def watch_writing(self, wire: Wire) -> None:
        self.stalled.add(wire)
        self.epoll.modify(_descriptor(wire), WATCHED | EPOLLOUT)

    def watch_reading(self, wire: Wire) -> None:
        if wire in self.stalled:
            self.stalled.discard(wire)
            self.epoll.modify(_descriptor(wire), WATCHED)

    def forget(self, wire: Wire) -> None:
        self.stalled.discard(wire)
        descriptor = _descriptor(wire)
        if self.wires.pop(descriptor, None):
            self.epoll.unregister(descriptor)

    def ready(self) -> None:
        """Must not raise: gevent would stop watching, and no reader's end would ever be seen again."""
        for descriptor, events in self.epoll.poll(0):
            if wire := self.wires.get(descriptor):
                try:
                    self._serve(wire, events)
                except Exception:
                    log.exception("a socket could not be served")
                    wire.close("failed")

    @staticmethod
    def _serve(wire: Wire, events: int) -> None:
        if events & EPOLLOUT:
            wire.flush()
        if events & GONE or (events & EPOLLIN and _said_goodbye(wire)):
            wire.close("gone")

    def cut_stalled(self) -> None:
        """Cuts every reader that has taken nothing for too long."""
        now = monotonic()
        for wire in [w for w in self.stalled if now - w.stalled_at > LONGEST_STALL]:
            wire.close("slow")


def _descriptor(wire: Wire) -> int:
    assert wire.sock is not None
    return wire.sock.fileno()


def _said_goodbye(wire: Wire) -> bool:
    """Reads and drops what a client sends after its request; whether it has closed."""
    if wire.sock is None:
        return False
    try:
        return wire.sock.recv(4096, socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
