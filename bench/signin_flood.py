"""What two hundred people who sign in at once do to those who post: how long they wait, how much memory it takes."""

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event

from bench.answered import messages
from bench.http_load import Loaded, load
from bench.posting import make_teams, posts, seats
from bench.report import Table, Target
from bench.rounds import Sample, Spread, alternate
from bench.setting import Setting
from bench.system import System
from bench.usage import anonymous

AT_ONCE = 200
POSTS = 40
"""A second, over a few connections: people talk, while others come in."""

TALKERS = 8
ALONE, MEANWHILE = "nobody signs in", f"{AT_ONCE} sign in at once, each second again"
MOST_TIMES = 3.0
MOST_MEMORY = 200
"""Megabytes that web may take beyond what it has while nobody signs in: a few hashes at a time, of 19 MiB each, and
what two hundred waiting requests take."""


class Flood:
    """`sign_ins` are whole requests."""

    def __init__(self, system: System, sign_ins: list[bytes]) -> None:
        self.url, self.web, self.sign_ins = system.url("web"), system.pid("web"), sign_ins
        self.places = seats(make_teams(system.engine, system.keys, 2, 4), 1)

    def measure(self, setting: Setting) -> dict[str, dict[str, Spread]]:
        seconds = setting.size(10, 2)
        self.post(1)
        return alternate(
            {ALONE: partial(self.alone, seconds), MEANWHILE: partial(self.meanwhile, seconds)}, setting.rounds
        )

    def post(self, seconds: float) -> Loaded:
        requests = posts(self.url, self.places, int(POSTS * seconds) + TALKERS).requests
        got = load(self.url, requests, TALKERS, seconds, rate=POSTS, repeat=False, bodies=True)
        messages(requests, got)
        return got

    def alone(self, seconds: float) -> Sample:
        got = self.post(seconds)
        return {"p50": got.p50, "p99": got.p99, "memory": anonymous([self.web]) / 2**20, "in": 0.0, "later": 0.0}

    def meanwhile(self, seconds: float) -> Sample:
        over = Event()
        with ThreadPoolExecutor(2) as pool:
            memory = pool.submit(self._highest_memory, over)
            try:
                # Who comes when the queue is full is told to come again a second later: a 503 with Retry-After.
                flood = pool.submit(
                    load, self.url, self.sign_ins, AT_ONCE, seconds + 1, expected=(200, 503), rate=AT_ONCE
                )
                time.sleep(0.5)
                got, statuses = self.post(seconds), flood.result().statuses
            finally:
                over.set()
            sample = {"p50": got.p50, "p99": got.p99, "memory": memory.result()}
        return sample | {
            name: statuses.get(status, 0) / (seconds + 1) for name, status in (("in", 200), ("later", 503))
        }

    def _highest_memory(self, over: Event) -> float:
        highest = 0.0
        while not over.wait(0.2):
            highest = max(highest, anonymous([self.web]) / 2**20)
        return highest


def table(found: dict[str, dict[str, Spread]]) -> Table:
    names = ("p50", "p99", "memory", "in", "later")
    return Table(
        f"{POSTS} messages a second over {TALKERS} connections, each answered 201",
        ["", "p50 (ms)", "p99 (ms)", "web's memory (MB)", "signed in a second", "told to come again a second"],
        [[name, *(found[name][figure] for figure in names)] for name in (ALONE, MEANWHILE)],
        "From when a message was due. Memory that is no file's, of all processes of web; the highest that was seen.",
    )


def targets(found: dict[str, dict[str, Spread]]) -> list[Target]:
    alone, meanwhile = found[ALONE], found[MEANWHILE]
    times = meanwhile["p99"].median / alone["p99"].median
    more = max(meanwhile["memory"].values) - min(alone["memory"].values)
    return [
        Target(f"p99 of posting while {AT_ONCE} sign in at once, times that alone", MOST_TIMES, times, at_least=False),
        Target("memory of web that this takes, MB", MOST_MEMORY, more, at_least=False),
    ]
