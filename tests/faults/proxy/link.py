"""One link: a listener, the server behind it, and the mode that it is in."""

import socket
from collections.abc import Iterable
from contextlib import suppress
from random import Random
from select import EPOLLIN

from tests.faults.proxy.loop import Loop
from tests.faults.proxy.mode import PASS, Mode
from tests.faults.proxy.pair import Pair
from tests.faults.proxy.side import RESET

HOST = "127.0.0.1"
BACKLOG = 1024
BUFFER = 131_072
"""Bytes that the kernel keeps for a socket of ours. Its own megabytes would hide a slow reader from the server."""


class Link:
    """`carried` counts the bytes that went through; `is_plain` is what the quickest way of a byte asks."""

    def __init__(self, loop: Loop, port: int, target: int) -> None:
        self.loop, self.port, self.target = loop, port, (HOST, target)
        self.mode, self.is_plain, self.carried = PASS, True, 0
        self.pairs: set[Pair] = set()
        self._random = Random()
        self._listener: socket.socket | None = None
        self._watched = False
        self._tend_listener()

    def set(self, mode: Mode) -> None:
        before, self.mode = self.mode, PASS if mode.name == "reset" else mode
        self.is_plain = self.mode == PASS
        self._random = Random(mode.seed)
        if mode.name in ("refuse", "reset"):
            self._reset(self.pairs)
        if before.name == "swallow":
            self._reset(pair for pair in self.pairs if pair.lost)
            self._turn_away()
        for pair in list(self.pairs):
            pair.changed()
        self._tend_listener()

    def bytes_to_live(self) -> int | None:
        return self._random.randint(self.mode.least, self.mode.most) if self.mode.name == "cut" else None

    def _tend_listener(self) -> None:
        """Closed, connections are refused; open but not looked at, the kernel takes them and they stay silent."""
        if self.mode.name == "refuse":
            self._watch(False)
            if self._listener:
                self._listener.close()
            self._listener = None
        else:
            self._listener = self._listener or self._listen()
            self._watch(self.mode.is_open)

    def _listen(self) -> socket.socket:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # What it takes has the buffers of the listener.
        for side in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            listener.setsockopt(socket.SOL_SOCKET, side, BUFFER)
        listener.bind((HOST, self.port))
        listener.listen(BACKLOG)
        listener.setblocking(False)
        return listener

    def _watch(self, watched: bool) -> None:
        if self._listener and watched != self._watched:
            if watched:
                self.loop.watch(self._listener.fileno(), EPOLLIN, lambda _: self._accept())
            else:
                self.loop.forget(self._listener.fileno())
            self._watched = watched

    def _accept(self) -> None:
        for client in self._waiting():
            Pair(self, client)

    def _turn_away(self) -> None:
        for client in self._waiting():
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            client.close()

    def _waiting(self) -> Iterable[socket.socket]:
        with suppress(BlockingIOError):
            while self._listener:
                try:
                    yield self._listener.accept()[0]
                except ConnectionAbortedError:
                    continue

    def _reset(self, pairs: Iterable[Pair]) -> None:
        for pair in list(pairs):
            pair.reset()
