"""What one would pick instead of notify: two Flask apps that go by Redis, and nginx with nchan."""

import json
import os
import socket
import tempfile
import time
from abc import abstractmethod
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path

from flask_sse import Message
from redis import Redis

from bench.contender import TYPE, Action, Contender, event_json
from bench.nchan import Nginx, command
from bench.streams import Head, Mark
from bench.system import HOST
from launcher import environment
from launcher.errors import LaunchError
from launcher.ports import free_port
from launcher.process import Process

PATIENCE = 30.0


class Served(Contender):
    """A server in a process of its own; its log is shown if it does not start."""

    def __enter__(self) -> "Served":
        self.port = free_port()
        self.log = tempfile.NamedTemporaryFile(prefix="fechatter-bench-")
        self.process = self.made()
        self.process.output = self.log.fileno()
        self.process.start()
        try:
            wait_for(self._is_up, f"{self.name} did not start", self.said)
        except BaseException:
            self.process.stop()
            raise
        self.roots = [self.process.pid]
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stop(1)
        self.log.close()

    def said(self) -> str:
        return Path(self.log.name).read_text(errors="replace")[-2000:]

    @abstractmethod
    def made(self) -> Process: ...

    def _is_up(self) -> bool:
        try:
            socket.create_connection((HOST, self.port), timeout=1).close()
        except OSError:
            return False
        return self.process.is_alive


class FlaskApp(Served):
    """gunicorn with one gevent worker, and events by way of Redis."""

    module = ""

    def __init__(self, redis_url: str) -> None:
        self.redis_url = redis_url
        self.redis = Redis.from_url(redis_url)
        self.pipeline = self.redis.pipeline(transaction=False)

    def made(self) -> Process:
        gunicorn = [str(environment.folder() / "bin" / "gunicorn"), "--worker-class", "gevent"]
        gunicorn += ["--log-level", "warning", "--worker-connections", "20000", "--backlog", "4096"]
        gunicorn += ["--bind", f"{HOST}:{self.port}", f"bench.baselines.{self.module}:app"]
        told = {"PATH": os.environ.get("PATH", os.defpath), "REDIS_URL": self.redis_url}
        return Process(self.name, gunicorn, environment=told)

    def prepare(self, marks: Iterator[Mark], most: int) -> list[Action]:
        return [partial(self.pipeline.publish, *self.published(mark)) for mark in islice(marks, most)]

    @abstractmethod
    def published(self, mark: Mark) -> tuple[str, bytes]: ...

    def push(self) -> None:
        self.pipeline.execute()


class FlaskSse(FlaskApp):
    """A stream's answer begins with its first event; that it is there shows in Redis. Nobody there notices the end of
    one before the next event, so the channels of each opening are new."""

    name, module, ready = "flask-sse", "flask_sse_streams", "sent"
    openings = 0

    def heads(self, streams: int, chats: int) -> list[Head]:
        self.openings += 1
        self.channels = [self._channel(chat) for chat in range(chats)]
        return super().heads(streams, chats)

    def path(self, chat: int) -> str:
        return f"/stream?channel={self._channel(chat)}"

    def settle(self, streams: int) -> None:
        def subscribed() -> bool:
            return sum(count for _, count in self.redis.pubsub_numsub(*self.channels)) == streams

        wait_for(subscribed, "not all streams of flask-sse have subscribed", self.said)

    def published(self, mark: Mark) -> tuple[str, bytes]:
        message = Message(event_json(mark).decode(), type=TYPE)
        return self._channel(mark.chat), json.dumps(message.to_dict()).encode()

    def _channel(self, chat: int) -> str:
        return f"{self.openings}-{chat}"


class Naive(FlaskApp):
    name, module = "greenlet and queue", "naive_streams"

    def settle(self, streams: int) -> None:
        wait_for(lambda: self.redis.pubsub_numpat() == 1, "the greenlets' server has not subscribed", self.said)

    def published(self, mark: Mark) -> tuple[str, bytes]:
        return str(mark.chat), event_json(mark)


class Nchan(Served):
    """Events are posted over one connection without waiting for each answer; all answers are checked."""

    name = "nginx + nchan"

    def __init__(self, nginx: Nginx) -> None:
        self.nginx = nginx

    def __enter__(self) -> "Nchan":
        self.folder = tempfile.TemporaryDirectory(prefix="fechatter-nginx-")
        super().__enter__()
        self.posting = socket.create_connection((HOST, self.port))
        self.posting.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.requests, self.answers, self.unanswered = list[bytes](), b"", 0
        return self

    def __exit__(self, *_: object) -> None:
        self.posting.close()
        super().__exit__()
        self.folder.cleanup()

    def made(self) -> Process:
        started = command(self.nginx, Path(self.folder.name), self.port)
        return Process(self.name, started, environment=self.nginx.environment)

    def path(self, chat: int) -> str:
        return f"/sub/{chat}"

    def prepare(self, marks: Iterator[Mark], most: int) -> list[Action]:
        return [partial(self.requests.append, self._request(mark)) for mark in islice(marks, most)]

    def _request(self, mark: Mark) -> bytes:
        data = event_json(mark)
        head = f"POST /pub/{mark.chat} HTTP/1.1\r\nHost: {HOST}\r\nX-EventSource-Event: {TYPE}\r\n"
        return f"{head}Content-Length: {len(data)}\r\n\r\n".encode() + data

    def push(self) -> None:
        self.posting.sendall(b"".join(self.requests))
        self.unanswered += len(self.requests)
        self.requests.clear()
        self._read(socket.MSG_DONTWAIT)

    def finish(self) -> None:
        while self.unanswered:
            self._read(0)

    def _read(self, flags: int) -> None:
        try:
            answers = self.answers + self.posting.recv(1 << 20, flags)
        except BlockingIOError:
            return
        *lines, self.answers = answers.split(b"\r\n")
        for line in lines:
            # Behind a body, which has no line end of its own, the next answer begins in the same line.
            _, found, status = line.partition(b"HTTP/1.1 ")
            if found and status[:3] not in (b"201", b"202"):
                raise LaunchError(f"nchan answered a post: {status.decode(errors='replace')}")
            self.unanswered -= bool(found)


def wait_for(what: Callable[[], bool], complaint: str, said: Callable[[], str]) -> None:
    until = time.monotonic() + PATIENCE
    while not what():
        if time.monotonic() > until:
            raise LaunchError(f"{complaint}: {said()}")
        time.sleep(0.02)
