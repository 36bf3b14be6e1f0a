"""One socket of a connection through the proxy: what is read from it, and what waits to be written to it."""

import socket
from collections import deque
from select import EPOLLERR, EPOLLHUP, EPOLLIN, EPOLLOUT
from struct import pack
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.proxy.pair import Pair

AT_ONCE = 65_536
MOST_WAITING = 262_144
"""Bytes for one side above which the other is not read: a slow reader is felt by who writes to it."""

SLICE = 0.05
"""Seconds for which a throttled side writes at once."""

RESET = pack("ii", 1, 0)


class Side:
    """`ended`: it sends no more. `shut`: it was told that the other side sends no more. `blocked`: the kernel takes no
    more for it. `queue` waits for it as (due, bytes), b"" being the end; `waiting` counts those bytes."""

    __slots__ = (
        "alarm",
        "blocked",
        "connecting",
        "ended",
        "free_at",
        "interest",
        "other",
        "pair",
        "queue",
        "shut",
        "socket",
        "waiting",
    )

    def __init__(self, pair: "Pair", sock: socket.socket, connecting: bool = False) -> None:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.pair, self.socket, self.connecting = pair, sock, connecting
        self.other: Side = self
        self.queue: deque[tuple[float, bytes]] = deque()
        self.waiting = 0
        self.ended = self.blocked = self.shut = False
        self.interest = 0
        self.free_at = 0.0
        self.alarm: float | None = None

    def ready(self, events: int) -> None:
        if self.connecting:
            self.pair.answered()
            return
        if events & EPOLLOUT:
            self.blocked = False
            self.flush()
        if self.pair.closed or not events & (EPOLLIN | EPOLLHUP | EPOLLERR):
            return
        if self.ended:
            self.pair.lose(self)
        else:
            self.read()

    def read(self) -> None:
        try:
            data = self.socket.recv(AT_ONCE)
        except BlockingIOError:
            return
        except OSError:
            self.pair.lose(self)
            return
        if data and not self.other.queue and self.pair.link.is_plain:
            self.pair.link.carried += len(data)
            self.other.send(data)
            return
        self.ended = not data
        self.pair.take(self, data)

    def put(self, data: bytes) -> None:
        """Write this when it is due; b"" is the end of what the other side sends."""
        if self.shut:
            return
        self.queue.append((monotonic() + self.pair.link.mode.delay, data))
        self.waiting += len(data)
        self.flush()

    def flush(self) -> None:
        """Write what is due and goes in; come back for the rest."""
        now, mode = monotonic(), self.pair.link.mode
        while self.queue and not self.blocked and mode.name != "stall" and not self.pair.closed:
            due, data = self.queue[0]
            due = max(due if mode.delay else 0.0, self.free_at if mode.rate else 0.0)
            if due > now:
                self._wake_at(due)
                break
            self.queue.popleft()
            self.waiting -= len(data)
            if mode.rate and len(data) > (most := max(1, int(mode.rate * SLICE))):
                self._give_back(data[most:])
                data = data[:most]
            self.free_at = now + len(data) / mode.rate if mode.rate else 0.0
            self.send(data)
        if not self.pair.closed:
            self.settle()
            self.other.settle()

    def send(self, data: bytes) -> None:
        try:
            if data:
                sent = self.socket.send(data)
            else:
                sent, self.shut = 0, True
                self.socket.shutdown(socket.SHUT_WR)
                self.pair.close_if_over()
        except BlockingIOError:
            sent = 0
        except OSError:
            self.pair.lose(self)
            return
        if sent < len(data):
            self.blocked = True
            self._give_back(data[sent:])
            self.settle()
            self.other.settle()

    def settle(self) -> None:
        """Ask for what this side can use now. Nothing at all in a stall: not even its end is to be seen."""
        if self.pair.link.mode.name == "stall" or (self.ended and self.shut):
            self.forget()
            return
        reads = not (self.ended or self.connecting or self.other.connecting) and self.other.waiting <= MOST_WAITING
        # Errors are told anyway; to ask for them tells a socket that is watched for nothing else from one that is not.
        wanted = EPOLLERR | (EPOLLIN if reads else 0) | (EPOLLOUT if self.blocked or self.connecting else 0)
        if self.interest == 0:
            self.pair.link.loop.watch(self.socket.fileno(), wanted, self.ready)
        elif wanted != self.interest:
            self.pair.link.loop.change(self.socket.fileno(), wanted)
        self.interest = wanted

    def close(self, reset: bool) -> None:
        self.forget()
        if reset:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.socket.close()

    def forget(self) -> None:
        if self.interest:
            self.pair.link.loop.forget(self.socket.fileno())
            self.interest = 0

    def _give_back(self, data: bytes) -> None:
        self.queue.appendleft((0.0, data))
        self.waiting += len(data)

    def _wake_at(self, moment: float) -> None:
        if self.alarm is None or moment < self.alarm:
            self.alarm = moment
            self.pair.link.loop.call_at(moment, self._wake)

    def _wake(self) -> None:
        self.alarm = None
        if not self.pair.closed:
            self.flush()
