"""Messages on their whole way, at a fixed rate: from the post to each stream that is to have them."""

import time
from typing import NamedTuple

from bench.http_load import Exchange, load
from bench.post import CONNECTIONS
from bench.post_ours import Ours
from bench.posting import posts

STILL = 0.5
"""Seconds that an event may be on its way behind the relay."""


class Way(NamedTuple):
    """A message on one stream; `received` is as the times of its exchange."""

    client_id: str
    exchange: Exchange
    received: int


def travel(ours: Ours, rate: float, seconds: float) -> list[Way]:
    """So many posts a second, whether or not the server keeps up: each message on each stream that it is for.

    Raises LaunchError unless they all came there once, and in order.
    """
    url, made = ours.system.url("web"), posts(ours.system.url("web"), ours.many_seats, int(rate * seconds) + 1)
    got = load(url, made.requests, CONNECTIONS, seconds, rate=rate, repeat=False, exchanges=True, bodies=True)
    # Nothing is looked at as long as something comes, which would then be noted late.
    ours.drain()
    time.sleep(STILL)
    ours.keep(made.requests, got)
    by_id = {f"{made.mark}-{one.number}": one for one in got.exchanges}
    return [
        Way(one.client_id, by_id[one.client_id], one.at)
        for number in range(len(ours.listeners.people))
        for one in ours.arrivals(number, made.mark)
    ]
