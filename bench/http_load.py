"""Load over HTTP, made by a program in C, and what came of it."""

import json
import subprocess
import tempfile
from array import array
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from bench.tools import built
from launcher.errors import LaunchError


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
) -> Loaded:
    """Send these requests in turn to the server at `url`, over so many connections, for so long.

    Without a rate each connection sends its next request when it has its answer. With `repeat=False` each request is
    sent once at most, and the load ends with them. `exchanges=True` keeps the times of each.
    Raises LaunchError if any answer has a status that is not expected, or does not come.
    """
    with tempfile.TemporaryDirectory(prefix="fechatter-load-") as folder:
        file, log = Path(folder) / "requests", Path(folder) / "log"
        file.write_bytes(b"".join(b"%d\n%b" % (len(one), one) for one in requests))
        place = urlsplit(url)
        told = ["-c", str(connections), "-s", str(seconds), "-e", ",".join(map(str, expected))]
        told += ["-r", str(rate)] if rate else []
        told += [] if repeat else ["-1"]
        told += ["-l", str(log)] if exchanges else []
        command = [str(built("http_load")), *told, str(place.hostname), str(place.port), str(file)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60)
        if done.returncode:
            raise LaunchError(f"the load on {url} failed: {done.stderr.strip()}")
        return _checked(url, json.loads(done.stdout), frozenset(expected), _exchanges(log) if exchanges else ())


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


def _checked(url: str, told: dict[str, object], expected: frozenset[int], exchanges: Sequence[Exchange]) -> Loaded:
    unexpected, unanswered, unsent = (told.pop(name) for name in ("unexpected", "unanswered", "unsent"))
    statuses = {int(status): int(number) for status, number in told.pop("statuses").items()}  # type: ignore[attr-defined]
    if set(statuses) - expected:
        raise LaunchError(f"answers of {url} by status (0: none): {statuses}; the first unexpected: {unexpected}")
    if unanswered or unsent:
        raise LaunchError(f"{url} left {unanswered} requests without an answer" + (", others unsent" if unsent else ""))
    if not statuses:
        raise LaunchError(f"{url} was asked nothing: {told}")
    return Loaded(statuses=statuses, exchanges=exchanges, **told)  # type: ignore[arg-type]
