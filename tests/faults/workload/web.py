"""A web process as its clients reach it: HTTP/1.1 over connections that are kept, one request at a time on each."""

from collections import deque
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from socket import MSG_PEEK
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import gevent
import orjson

from tests.faults.workload.history import now

LONGEST_IDLE = 20.0
"""Seconds that an unused connection is kept; gunicorn keeps it for 30."""


class Request(NamedTuple):
    method: str
    path: str
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = {}


class Answer(NamedTuple):
    """`status` is None if no whole answer came. Then it may yet be carried out, unless nothing was `sent`."""

    web: str
    began: float
    ended: float
    status: int | None
    body: bytes
    sent: bool

    @property
    def is_clear(self) -> bool:
        """Whether it is known now what became of the request, once and for all."""
        return not self.sent if self.status is None else self.status < 500

    @property
    def fields(self) -> dict[str, Any]:
        """Of the JSON object in the body; empty if there is none."""
        try:
            read = orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return {}
        return read if isinstance(read, dict) else {}


class Web:
    """`name` is what the history calls it."""

    def __init__(self, name: str, url: str) -> None:
        self.name = name
        self.host, self.port = urlsplit(url).hostname or "", urlsplit(url).port
        self.idle: deque[tuple[float, HTTPConnection]] = deque()

    def ask(self, request: Request, token: str | None, seconds: float) -> Answer:
        """Never raises for what the network or the other side does; takes up to `seconds` in all."""
        began, sent, status, body, connection = now(), False, None, b"", None
        timeout = gevent.Timeout.start_new(seconds)
        try:
            connection = self._connection()
            data, headers = _written(request, token)
            began, sent = now(), True
            connection.request(request.method, request.path, data, headers)
            response = connection.getresponse()
            body = response.read()
            status = response.status
        except (OSError, HTTPException):
            pass
        except gevent.Timeout as error:
            if error is not timeout:
                raise
        finally:
            ended = now()
            timeout.close()
            self._put_back(connection, status)
        return Answer(self.name, began, ended, status, body, sent)

    def _connection(self) -> HTTPConnection:
        """One that is open, as far as one can know: a web that has ended would have closed it."""
        while self.idle:
            since, connection = self.idle.pop()
            if now() - since < LONGEST_IDLE and _is_quiet(connection):
                return connection
            connection.close()
        connection = HTTPConnection(self.host, self.port)
        connection.connect()
        return connection

    def _put_back(self, connection: HTTPConnection | None, status: int | None) -> None:
        if connection is None:
            return
        if status is None or connection.sock is None:
            connection.close()
        else:
            self.idle.append((now(), connection))


def _is_quiet(connection: HTTPConnection) -> bool:
    """Whether nothing is to be read: neither an end nor the rest of an answer."""
    connection.sock.settimeout(0)
    try:
        connection.sock.recv(1, MSG_PEEK)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        connection.sock.settimeout(None)
    return False


def _written(request: Request, token: str | None) -> tuple[bytes | None, dict[str, str]]:
    headers = dict(request.headers)
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    if request.body is None:
        return None, headers
    return orjson.dumps(request.body), headers | {"Content-Type": "application/json"}
