"""One request to a push service: to the address that was checked and no other, within a time, and of its answer no more
than the head. It is what pywebpush is given as its session."""

import re
import socket
import ssl
from collections.abc import Collection, Mapping
from email.utils import parsedate_to_datetime
from time import monotonic, time
from typing import NamedTuple

from fechatter.push.addresses import Endpoint, Resolve, Unsafe, addresses_of, read_endpoint, resolved

PATIENCE = 10.0
"""Seconds for all of it, looking up the name aside, for which the system has bounds of its own."""

LARGEST_HEAD = 16 * 1024
MOST_ADDRESSES = 2
STATUS = re.compile(rb"HTTP/1\.[01] ([1-9][0-9]{2})[ \r]")
HEADER = re.compile(r"[A-Za-z-]+")
VALUE = re.compile(r"[ -~]*")


class Answer(NamedTuple):
    """`text` is always empty: what a push service says besides is nobody's business, and might be anything."""

    status_code: int
    headers: Mapping[str, str]
    text: str = ""

    @property
    def retry_after(self) -> int | None:
        """Seconds, None where it says nothing that can be understood."""
        told = self.headers.get("retry-after", "")
        if told.isascii() and told.isdigit():
            return int(told[:9])
        try:
            return max(0, int(parsedate_to_datetime(told).timestamp() - time()))
        except (ValueError, TypeError, OverflowError):
            return None


class CheckedSession:
    """Follows no redirect, keeps no connection, heeds no proxy. `trusted` are origins that may lead anywhere."""

    def __init__(
        self, trusted: Collection[str] = (), resolve: Resolve = resolved, tls: ssl.SSLContext | None = None
    ) -> None:
        self.trusted, self.resolve = trusted, resolve
        self.tls = tls or ssl.create_default_context()
        self.tls.minimum_version = ssl.TLSVersion.TLSv1_2

    def post(self, url: str, data: bytes, headers: Mapping[str, str], timeout: float = PATIENCE) -> Answer:
        """Raises Unsafe, and any other OSError where there is no answer in time."""
        endpoint = read_endpoint(url, self.trusted)
        addresses = addresses_of(endpoint, self.resolve)[:MOST_ADDRESSES]
        until = monotonic() + timeout
        with self._connect(endpoint, addresses, until) as sock:
            sock.settimeout(_left(until))
            sock.sendall(_request(endpoint, data, headers))
            return _answer(sock, until)

    def _connect(self, endpoint: Endpoint, addresses: Collection[str], until: float) -> ssl.SSLSocket:
        error: OSError = OSError("no address")
        for number, address in enumerate(addresses):
            try:
                # The address, not the name: looked up again, it could be another one.
                raw = socket.create_connection((address, endpoint.port), _left(until) / (len(addresses) - number))
            except OSError as failure:
                error = failure
                continue
            try:
                raw.settimeout(_left(until))
                return self.tls.wrap_socket(raw, server_hostname=endpoint.host)
            except BaseException:
                raw.close()
                raise
        raise error


def _left(until: float) -> float:
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError("no answer in time")
    return left


def _request(endpoint: Endpoint, data: bytes, headers: Mapping[str, str]) -> bytes:
    named = {"host": endpoint.origin.removeprefix("https://"), "connection": "close", "user-agent": "Fechatter"}
    named |= {name.lower(): str(value) for name, value in headers.items()} | {"content-length": str(len(data))}
    if not all(HEADER.fullmatch(name) and VALUE.fullmatch(value) for name, value in named.items()):
        raise Unsafe("not a header")
    lines = [f"POST {endpoint.target} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items()), "", ""]
    return "\r\n".join(lines).encode("ascii") + data


def _answer(sock: ssl.SSLSocket, until: float) -> Answer:
    """The first that is final; what stands behind its head is not read."""
    said, left = b"", LARGEST_HEAD
    while left > 0:
        head, ended, rest = said.partition(b"\r\n\r\n")
        if ended:
            answer = _read_head(head)
            if answer.status_code >= 200:
                return answer
            said = rest
            continue
        sock.settimeout(_left(until))
        if not (more := sock.recv(min(4096, left))):
            raise OSError("it has hung up")
        said, left = said + more, left - len(more)
    raise OSError("its answer is too long")


def _read_head(head: bytes) -> Answer:
    status = STATUS.match(head + b"\r")
    if not status:
        raise OSError("it does not speak HTTP")
    lines = (line.decode("latin-1").partition(":") for line in head.split(b"\r\n")[1:])
    return Answer(int(status[1]), {name.strip().lower(): value.strip() for name, _, value in lines})
