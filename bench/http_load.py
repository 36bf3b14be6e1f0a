"""Load over HTTP, made by a program in C, and what came of it."""

import json
import struct
import subprocess
import tempfile
from array import array
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from bench.tools import built
from launcher.errors import LaunchError

HEAD = struct.Struct("=QQ")
"""Before each body: the number of its request, and its size."""


class Exchange(NamedTuple):
    """One request and its answer; times in nanoseconds of the monotonic clock (`time.monotonic_ns`).

    `number` counts requests as they were taken. `due` is `sent` unless there was a rate that could not be kept.
    """

    number: int
    status: int
    due: int
    sent: int
    answered: int


@dataclass(frozen=True)
class Loaded:
    """Milliseconds from when a request was due to its whole answer; `cpu_seconds` are those of the load's program."""

    seconds: float
    statuses: Mapping[int, int]
    p50: float
    p90: float
    p99: float
    p999: float
    max: float
    cpu_seconds: float
    bytes_in: int
    bytes_out: int
    opened: int
    exchanges: Sequence[Exchange] = ()
    bodies: Mapping[int, bytes] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return sum(self.statuses.values())

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.count / self.seconds

    @property
    def client_core(self) -> float:
        """How much of its core the load's program used, 0 to 1."""
        return self.cpu_seconds / self.seconds


def load(
    url: str,
    requests: Sequence[bytes],
    connections: int,
    seconds: float,
    expected: Collection[int] = (201,),
    rate: float | None = None,
    repeat: bool = True,
    exchanges: bool = False,
    bodies: bool = False,
) -> Loaded:
    """Send these requests in turn to the server at `url`, over so many connections, for so long.

    Without a rate each connection sends its next request when it has its answer. With `repeat=False` each request is
    sent once at most, and the load ends with them. `exchanges=True` keeps the times of each,
    `bodies=True` what was answered, by the number of the request.
    Raises LaunchError if any answer has a status that is not expected, or does not come.
    """
    with tempfile.TemporaryDirectory(prefix="fechatter-load-") as folder:
        file, log, kept = (Path(folder) / name for name in ("requests", "log", "bodies"))
        file.write_bytes(b"".join(b"%d\n%b" % (len(one), one) for one in requests))
        place = urlsplit(url)
        told = ["-c", str(connections), "-s", str(seconds), "-e", ",".join(map(str, expected))]
        told += ["-r", str(rate)] if rate else []
        told += [] if repeat else ["-1"]
        told += ["-l", str(log)] if exchanges else []
        told += ["-b", str(kept)] if bodies else []
        command = [str(built("http_load")), *told, str(place.hostname), str(place.port), str(file)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60)
        if done.returncode:
            raise LaunchError(f"the load on {url} failed: {done.stderr.strip()}")
        found = _checked(url, json.loads(done.stdout), frozenset(expected))
        return Loaded(**found, exchanges=_exchanges(log) if exchanges else (), bodies=_bodies(kept) if bodies else {})


def render(method: str, url: str, body: bytes | None = None, **headers: str) -> bytes:
    """One whole request; `_` in a header's name stands for `-`."""
    place = urlsplit(url)
    target = (place.path or "/") + (f"?{place.query}" if place.query else "")
    lines = [f"{method} {target} HTTP/1.1", f"Host: {place.netloc}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    lines += [] if body is None else [f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + (body or b"")


def _exchanges(log: Path) -> Sequence[Exchange]:
    numbers = array("Q", log.read_bytes())
    return [Exchange(*numbers[at : at + 5]) for at in range(0, len(numbers), 5)]


def _bodies(kept: Path) -> Mapping[int, bytes]:
    data, at, found = kept.read_bytes(), 0, dict[int, bytes]()
    while at < len(data):
        number, size = HEAD.unpack_from(data, at)
        found[number] = data[at + HEAD.size : at + HEAD.size + size]
        at += HEAD.size + size
    return found


def _checked(url: str, told: dict[str, Any], expected: frozenset[int]) -> dict[str, Any]:
    """What is to be known of the load."""
    unexpected, unanswered, unsent = (told.pop(name) for name in ("unexpected", "unanswered", "unsent"))
    statuses = {int(status): int(number) for status, number in told.pop("statuses").items()}
    if set(statuses) - expected:
        raise LaunchError(f"answers of {url} by status (0: none): {statuses}; the first unexpected: {unexpected}")
    if unanswered or unsent:
        raise LaunchError(f"{url} left {unanswered} requests without an answer" + (", others unsent" if unsent else ""))
    if not statuses:
        raise LaunchError(f"{url} was asked nothing: {told}")
    return told | {"statuses": statuses}
