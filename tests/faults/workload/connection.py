"""One connection to the event stream, from its request to its end."""

from urllib.parse import urlsplit

import gevent
from gevent import socket

from tests.faults.workload.chain import Chain
from tests.faults.workload.history import now
from tests.faults.workload.paces import Pace
from tests.faults.workload.sse import Parser

LONGEST_HEAD = 10.0
QUIET, SILENCE, LAST_WORDS = 16.0, 25.0, 3.0
"""Seconds without a byte: worth a line; the end of a connection; the same after `bye`."""

SESSION_IS_OVER = frozenset({"signed_out", "revoked", "expired"})


class Connection:
    """The next of its chain. `bye` is the reason that the service gave for ending it, if it did."""

    def __init__(self, chain: Chain, notify: tuple[str, str], pace: Pace) -> None:
        self.chain, self.run, self.pace = chain, chain.run, pace
        self.notify, self.url = notify
        self.bye: str | None = None
        chain.connections += 1

    @property
    def session_is_over(self) -> bool:
        return self.bye in SESSION_IS_OVER

    def follow(self, token: str) -> int | None:
        """Reads until the end, or until the pace says to cut; the HTTP status, None if none came."""
        chain, number = self.chain, self.chain.connections
        chain.log("open", number, chain.person.id, chain.session.id, chain.cursor, self.notify, chain.style)
        sock = socket.socket()
        try:
            status, rest = self._begin(sock, token)
            time = now()
            chain.log("head", number, status, time=time)
            if status == 200:
                self._read_to_end(sock, rest, time)
            return status
        finally:
            sock.close()

    def _begin(self, sock: socket.socket, token: str) -> tuple[int | None, bytes]:
        """The status, and what has come behind the head."""
        if self.pace.receive_buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.pace.receive_buffer)
        head, end = b"", b""
        try:
            with gevent.Timeout(LONGEST_HEAD, TimeoutError):
                sock.connect((urlsplit(self.url).hostname, urlsplit(self.url).port))
                sock.sendall(self._request(token))
                while not end and (data := sock.recv(4096)):
                    head, end, rest = (head + data).partition(b"\r\n\r\n")
        except OSError:
            return None, b""
        return (_status(head), rest) if end else (None, b"")

    def _request(self, token: str) -> bytes:
        resume = f"Last-Event-ID: {self.chain.cursor}\r\n" if self.chain.cursor is not None else ""
        return (
            f"GET /api/notifications/events HTTP/1.1\r\nHost: {urlsplit(self.url).netloc}\r\n"
            f"Accept: text/event-stream\r\nAuthorization: Bearer {token}\r\n{resume}\r\n"
        ).encode()

    def _read_to_end(self, sock: socket.socket, data: bytes, time: float) -> None:
        why = "cut"  # by ourselves, also when this greenlet is told to end
        try:
            why = self._read(sock, data, time)
        finally:
            self.chain.log("end", self.chain.connections, "signed_out" if self.session_is_over else why)

    def _read(self, sock: socket.socket, data: bytes, time: float) -> str:
        """`data` has come behind the head, at `time`; why it has ended."""
        parser = Parser()
        sock.settimeout(SILENCE)
        while True:
            for event in parser.feed(data):
                self.bye = self.chain.take(event, time) or self.bye
            if self.bye:
                sock.settimeout(LAST_WORDS)
            if self.run.draining.is_set():
                self.pace = Pace(self.pace.rng)
            if not self.pace.goes_on(time, len(data)):
                return "cut"
            if pause := self.pace.pause(time):
                self.run.draining.wait(pause)
            asked = now()
            try:
                data = sock.recv(self.pace.most())
            except TimeoutError:
                return "cut" if self.bye else "timeout"
            except OSError:
                return "reset_by_peer"
            finally:
                time = now()
                if time - asked > QUIET:
                    self.chain.log("quiet", self.chain.connections, round(time - asked, 3), time=time)
            if not data:
                return "eof"


def _status(head: bytes) -> int | None:
    words = head.split(b" ", 2)
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else None
