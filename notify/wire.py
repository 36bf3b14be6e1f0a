"""Sockets that gunicorn has let go of: written without blocking, buffered within bounds, watched by one epoll."""

import logging
import os
import socket
from collections import deque
from collections.abc import Callable
from select import EPOLLERR, EPOLLHUP, EPOLLIN, EPOLLOUT, EPOLLRDHUP
from time import monotonic
from typing import Any

import gevent
from gevent.monkey import get_original

log = logging.getLogger(__name__)

MOST_BUFFERED = 1024 * 1024
"""Bytes that a reader may be behind (beyond the kernel's own buffer) before it is cut; it resumes by its cursor."""

LONGEST_STALL = 20.0
"""Seconds without taking a single byte after which a reader is cut."""

GONE = EPOLLHUP | EPOLLERR | EPOLLRDHUP
WATCHED = EPOLLIN | EPOLLRDHUP
NONE = -1
"""What stands for a descriptor where there is none: the system refuses to write to it."""


class Backlog:
    """What a wire has still to write, in order. `moved_at` is when the reader last took some of it, or when it began;
    `last_word` why the wire is closed as soon as all is written, if it is."""

    __slots__ = ("last_word", "moved_at", "parts", "size")

    def __init__(self) -> None:
        self.parts: deque[bytes | memoryview] = deque()
        self.size = 0
        self.moved_at = monotonic()
        self.last_word: str | None = None

    def taken(self, sent: int) -> None:
        """So much of the first part is written."""
        self.moved_at = monotonic()
        self.size -= sent
        part = self.parts.popleft()
        if sent < len(part):
            self.parts.appendleft(memoryview(part)[sent:])


class Wire:
    """One client's socket. `ended` is why it was closed, None while it is open.

    `descriptor` is the socket's from `attach` to the end. `direct` is the same while nothing has to be written before,
    else NONE: a write to it is in order, or refused by the system.
    """

    __slots__ = ("backlog", "descriptor", "direct", "ended", "poller")

    def __init__(self, poller: "Poller") -> None:
        self.poller = poller
        self.descriptor = self.direct = NONE
        self.backlog: Backlog | None = None
        self.ended: str | None = None

    @property
    def is_attached(self) -> bool:
        return self.descriptor != NONE

    @property
    def buffered(self) -> int:
        return self.backlog.size if self.backlog else 0

    def attach(self, sock: socket.socket, head: bytes) -> None:
        """Takes over the socket; `head` is written now, then what was sent to the wire before."""
        if self.ended:
            sock.close()
            return
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(LONGEST_STALL * 1000))
        self.descriptor = sock.detach()
        os.set_blocking(self.descriptor, False)
        self.poller.watch(self)
        backlog = self.backlog = self.backlog or Backlog()
        backlog.parts.appendleft(head)
        backlog.size += len(head)
        backlog.moved_at = monotonic()
        self.flush()
        if self.backlog:
            self.poller.watch_writing(self)

    def send(self, data: bytes, sent: int = 0) -> None:
        """Writes what the kernel takes and keeps the rest, within bounds. Never blocks, never raises.

        `sent`: how many of the bytes a write to `direct` has just taken, if any.
        """
        if not sent and self.direct != NONE:
            sent = self._write(data)
        if sent < len(data):
            self._keep(memoryview(data)[sent:] if sent else data)

    def _write(self, data: bytes | memoryview) -> int:
        """How many bytes the kernel takes now."""
        try:
            return os.write(self.descriptor, data)
        except BlockingIOError:
            return 0
        except OSError:
            self.close("gone")
            return 0

    def _keep(self, data: bytes | memoryview) -> None:
        if self.ended or (self.backlog and self.backlog.last_word):
            return
        if self.buffered + len(data) > MOST_BUFFERED:
            self.close("slow")
            return
        if self.backlog is None:
            self.backlog, self.direct = Backlog(), NONE
            if self.descriptor != NONE:
                self.poller.watch_writing(self)
        self.backlog.parts.append(data)
        self.backlog.size += len(data)

    def flush(self) -> None:
        """Writes what was kept until there is no more of it or the kernel takes nothing."""
        backlog = self.backlog
        while backlog and backlog.parts:
            sent = self._write(backlog.parts[0])
            if not sent:
                return
            backlog.taken(sent)
        self.backlog, self.direct = None, self.descriptor
        if backlog and backlog.last_word:
            self.close(backlog.last_word)
        else:
            self.poller.watch_reading(self)

    def finish(self, data: bytes, reason: str) -> None:
        """Sends the last words, then closes as soon as they are written."""
        self.send(data)
        if self.backlog:
            self.backlog.last_word = reason
        else:
            self.close(reason)

    def close(self, reason: str) -> None:
        if self.ended:
            return
        self.ended, self.backlog = reason, None
        if self.descriptor != NONE:
            self.poller.forget(self)
            os.close(self.descriptor)
            # The system gives the number to the next client.
            self.descriptor = self.direct = NONE
        self.poller.closed(self)


class Poller:
    """One epoll for all wires, itself one watcher of gevent's loop: its callbacks run between greenlets.

    `closed` is told of each wire once, right after its end, and must not block.
    """

    def __init__(self, closed: Callable[[Any], None]) -> None:
        self.closed = closed
        self.epoll = get_original("select", "epoll")()
        self.wires: dict[int, Wire] = {}
        self.stalled: set[Wire] = set()
        self.watcher = gevent.get_hub().loop.io(self.epoll.fileno(), 1)
        self.watcher.start(self.ready)

    def watch(self, wire: Wire) -> None:
        self.epoll.register(wire.descriptor, WATCHED)
        self.wires[wire.descriptor] = wire

    def watch_writing(self, wire: Wire) -> None:
        self.stalled.add(wire)
        self.epoll.modify(wire.descriptor, WATCHED | EPOLLOUT)

    def watch_reading(self, wire: Wire) -> None:
        if wire in self.stalled:
            self.stalled.discard(wire)
            self.epoll.modify(wire.descriptor, WATCHED)

    def forget(self, wire: Wire) -> None:
        self.stalled.discard(wire)
        if self.wires.pop(wire.descriptor, None):
            self.epoll.unregister(wire.descriptor)

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
        long_ago = monotonic() - LONGEST_STALL
        for wire in [w for w in self.stalled if w.backlog and w.backlog.moved_at < long_ago]:
            wire.close("slow")


def _said_goodbye(wire: Wire) -> bool:
    """Reads and drops what a client sends after its request; whether it has closed."""
    try:
        return os.read(wire.descriptor, 4096) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
