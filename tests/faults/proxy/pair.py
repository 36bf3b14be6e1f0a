"""A connection through the proxy: its two sides, and what the link's mode does to what goes between them."""

import socket
from errno import EINPROGRESS
from typing import TYPE_CHECKING

from tests.faults.proxy.side import Side

if TYPE_CHECKING:
    from tests.faults.proxy.link import Link


class Pair:
    """`lost`: bytes of it were dropped, so that it can never be whole again. `left`: bytes until it is cut."""

    __slots__ = ("client", "closed", "left", "link", "lost", "server")

    def __init__(self, link: "Link", client: socket.socket) -> None:
        self.link, self.closed, self.lost = link, False, False
        self.left = link.bytes_to_live()
        upstream = socket.socket()
        self.client, self.server = Side(self, client), Side(self, upstream, connecting=True)
        self.client.other, self.server.other = self.server, self.client
        link.pairs.add(self)
        if upstream.connect_ex(link.target) in (0, EINPROGRESS):
            self.settle()
        else:
            self.reset()

    def answered(self) -> None:
        """The server has taken the connection, or refused it."""
        if self.server.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            self.reset()
        else:
            self.server.connecting = False
            self.settle()

    def take(self, side: Side, data: bytes) -> None:
        """Carry on what a side has sent; b"" is its end."""
        if self.link.mode.name == "swallow":
            self.lost = True
            side.settle()
            return
        if self.left is not None:
            data = data[: self.left] if data else data
            self.left -= len(data)
        self.link.carried += len(data)
        side.other.put(data)
        if self.left == 0 and not self.closed:
            self.reset()

    def lose(self, side: Side) -> None:
        """A side has broken off: so does the other, unless nothing gets through to it."""
        if self.link.mode.name != "swallow":
            self.reset()
            return
        self.lost = side.ended = side.shut = True
        side.queue.clear()
        side.settle()

    def changed(self) -> None:
        """The link has another mode."""
        self.left = self.link.bytes_to_live()
        for side in (self.client, self.server):
            if not self.closed:
                side.flush()

    def settle(self) -> None:
        self.client.settle()
        self.server.settle()

    def close_if_over(self) -> None:
        if self.client.shut and self.server.shut:
            self._close(reset=False)

    def reset(self) -> None:
        if not self.closed:
            self._close(reset=True)

    def _close(self, reset: bool) -> None:
        self.closed = True
        self.link.pairs.discard(self)
        self.client.close(reset)
        self.server.close(reset)
