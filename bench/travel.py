"""Messages on their whole way, at a fixed rate: from the post to each stream that is to have them."""

import time
from collections.abc import Mapping
from typing import NamedTuple

from bench.http_load import Exchange, load
from bench.post import CONNECTIONS
from bench.post_ours import Ours
from bench.posting import posts
from launcher.errors import LaunchError

PATIENCE = 20.0


class Way(NamedTuple):
    """A message on one stream; `received` is as the times of its exchange."""

    client_id: str
    exchange: Exchange
    received: int


def travel(ours: Ours, rate: float, seconds: float) -> list[Way]:
    """So many posts a second, whether or not the server keeps up: each message on each stream that it is for."""
    made = posts(ours.system.url("web"), ours.many_seats, int(rate * seconds) + 1)
    ours.listeners.forget()
    got = load(ours.system.url("web"), made.requests, CONNECTIONS, seconds, rate=rate, repeat=False, exchanges=True)
    by_id = {f"{made.mark}-{one.number}": one for one in got.exchanges}
    until = time.monotonic() + PATIENCE
    while len(ways := _ways(ours, by_id)) < ours.readers * len(by_id):
        if time.monotonic() > until:
            raise LaunchError(f"of {ours.readers} x {len(by_id)} events {len(ways)} came")
        time.sleep(0.5)
    if len(set(ways)) < len(ways):
        raise LaunchError("an event came twice on a stream")
    return ways


def _ways(ours: Ours, by_id: Mapping[str, Exchange]) -> list[Way]:
    arrivals = [one for number in range(len(ours.listeners.people)) for one in ours.listeners.arrivals(number)]
    return [Way(one.client_id, by_id[one.client_id], one.at) for one in arrivals]
