"""Where the time of a message goes, seen from outside: by the clocks of the client, PostgreSQL and Redis."""

import re
import socket
import threading
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple, Self

from sqlalchemy import text

from bench.report import Cell, Table
from bench.system import HOST, System
from bench.travel import Way
from bench.window import quantile
from launcher.errors import LaunchError

COMMAND = re.compile(rb'^\+(\d+)\.(\d{6}) \[[^]]*\] "(SADD|SPOP|PUBLISH)" "(wake:workspaces|feed:\d+)"')
IDS = re.compile(rb'"(\d+)"')
CLIENT_ID = re.compile(rb'client_id[\\" :]+([0-9a-f]+-\d+)')
STAGES = {
    "post to the row in PostgreSQL": "connection, web, the wait for the chat's lock",
    "to the wake-up": "commit, then web names the workspace in Redis",
    "to the start of the relay": "Celery, unless a task is at work: it looks again by itself",
    "to what the relay publishes": "relay_v2, commit, PUBLISH",
    "to the client": "Redis, notify, the stream",
}


class Monitor:
    """All that Redis is told meanwhile, with its own time of each."""

    def __init__(self, system: System) -> None:
        self.port, self.password = system.redis.port, system.redis.password
        self.chunks = list[bytes]()

    def __enter__(self) -> Self:
        self.connection = socket.create_connection((HOST, self.port))
        self.connection.sendall(f"AUTH {self.password}\r\nMONITOR\r\n".encode())
        self.thread = threading.Thread(target=self._read, name="monitor")
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.connection.close()

    def _read(self) -> None:
        while data := self.connection.recv(1 << 18):
            self.chunks.append(data)

    def relays(self) -> "Relays":
        return Relays(b"".join(self.chunks))


class Relays:
    """What the commands say, in microseconds of the day's clock: when each workspace was named, when workspaces were
    taken, and when each message was published, and where."""

    def __init__(self, said: bytes) -> None:
        self.named: dict[int, list[int]] = {}
        self.taken = list[int]()
        self.published: dict[str, tuple[int, int]] = {}
        for line in said.splitlines():
            if found := COMMAND.match(line):
                self._note(int(found[1] + found[2]), found[3], found[4], line[found.end() :])

    def _note(self, at: int, command: bytes, key: bytes, rest: bytes) -> None:
        match command:
            case b"PUBLISH":
                workspace = int(key.removeprefix(b"feed:"))
                self.published |= {one.decode(): (workspace, at) for one in CLIENT_ID.findall(rest)}
            case b"SADD":
                for id in IDS.findall(rest):
                    self.named.setdefault(int(id), []).append(at)
            case _:
                self.taken.append(at)

    def of(self, client_id: str) -> tuple[int, int, int]:
        """The wake-up, the start of the relay and the publishing."""
        workspace, published = self.published[client_id]
        place = bisect_right(self.taken, published)
        if not place:
            return published, published, published
        started, before = self.taken[place - 1], self.taken[place - 2] if place > 1 else 0
        named = self.named.get(workspace, [])
        # What was named since they were last taken; a message may also be there before its workspace is named.
        first = bisect_right(named, before)
        return min(named[first], started) if first < len(named) else started, started, published


class Course(NamedTuple):
    """Milliseconds of one message on one stream."""

    stages: Sequence[float]
    answer: float
    after: float


def measure(system: System, travel: Callable[[], list[Way]]) -> Table:
    with Monitor(system) as monitor:
        # Both clocks are of this machine.
        ahead = time.time_ns() - time.monotonic_ns()
        ways = travel()
    return _table(list(_courses(ways, monitor.relays(), _written(system), ahead)))


def _courses(ways: Sequence[Way], relays: Relays, written: Mapping[str, int], ahead: int) -> Iterator[Course]:
    for way in ways:
        if way.client_id not in relays.published:
            raise LaunchError(f"message {way.client_id} came without having been published")
        sent, answered = ((at + ahead) / 1000 for at in (way.exchange.sent, way.exchange.answered))
        times = [sent, written[way.client_id], *relays.of(way.client_id), (way.received + ahead) / 1000]
        # One that waited for nothing has a wake-up or a start from before it was written.
        for place in range(1, len(times)):
            times[place] = max(times[place], times[place - 1])
        stages = [(after - before) / 1000 for before, after in pairwise(times)]
        yield Course(stages, (answered - times[1]) / 1000, (times[-1] - answered) / 1000)


def _written(system: System) -> Mapping[str, int]:
    """Microseconds of the day's clock, taken behind the chat's lock."""
    query = "SELECT client_id, (extract(epoch FROM created_at) * 1000000)::bigint FROM messages"
    with system.engine.connect() as connection:
        return dict(row._tuple() for row in connection.execute(text(query)))


def _table(courses: Sequence[Course]) -> Table:
    columns = [list(column) for column in zip(*(course.stages for course in courses), strict=True)]
    rows: list[list[Cell]] = [
        [name, *_figures(column), why] for (name, why), column in zip(STAGES.items(), columns, strict=True)
    ]
    rows.append(["post to the client", *_figures([sum(course.stages) for course in courses]), "all of these"])
    rows.append(["row in PostgreSQL to 201", *_figures([course.answer for course in courses]), "beside them"])
    rows.append(["201 to the client", *_figures([course.after for course in courses]), "the difference"])
    return Table(
        "Where the time goes (ms)",
        ["", "mean", "p50", "p99", ""],
        rows,
        "At half of the rate, with MONITOR in Redis, which costs something itself. Means add up, the others do not.",
    )


def _figures(values: list[float]) -> list[Cell]:
    return [sum(values) / len(values), quantile(values, 0.5), quantile(values, 0.99)]
