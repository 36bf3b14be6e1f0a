"""One turn of load over HTTP on a web server: its rate, its times, and what it takes of which process."""

from collections.abc import Collection, Sequence

from bench.http_load import load
from bench.rounds import Sample
from bench.usage import cpu_seconds

CONNECTIONS = 16

WARMING = 4
"""One of so many parts of the requests comes before, and is not counted: what a process does only once is done then."""


def turn(
    url: str,
    requests: Sequence[bytes],
    seconds: float,
    web: int,
    postgres: int,
    expected: Collection[int] = (200,),
    repeat: bool = True,
) -> Sample:
    """`web` and `postgres` are processes, each with its children. Milliseconds; answers a second of the clock, of web's
    CPU and of that of both; `client` is how much of its core the load itself used."""
    first = len(requests) // WARMING
    load(url, requests[:first], CONNECTIONS, seconds / WARMING, expected, repeat=repeat)
    before = cpu_seconds([web]), cpu_seconds([postgres])
    got = load(url, requests[first:], CONNECTIONS, seconds, expected, repeat=repeat)
    served, stored = cpu_seconds([web]) - before[0], cpu_seconds([postgres]) - before[1]
    return {
        "rate": got.rate,
        "by web": got.count / max(served, 0.01),
        "by both": got.count / max(served + stored, 0.01),
        "p50": got.p50,
        "p99": got.p99,
        "client": got.client_core,
    }
