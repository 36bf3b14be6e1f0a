"""Many idle streams on one notify: what they take, how fast they open, and all of them coming back at once."""

import time

from bench.chart import Bars
from bench.contender import rest
from bench.crowd import Crowd
from bench.herd import RATE, stampede
from bench.report import Report, Table, Target
from bench.rounds import Sample, Spread, alternate
from bench.setting import Setting
from bench.streams import Head, Streams, let_open
from bench.system import System
from bench.usage import anonymous, cpu_seconds
from launcher.errors import LaunchError

WARM = 256
"""Streams that come and go before anything is looked at."""

AT_ONCE = 64
"""Streams on their way to `ready` while they are opened."""

AGAIN = 500
"""Milliseconds until a stream that was cut asks again, and again after each refusal."""


def run(setting: Setting) -> Report:
    count, people, chats = setting.size(10_000, 40), setting.size(500, 8), setting.size(50, 4)
    if unable := let_open(count):
        raise LaunchError(unable)
    with System("web", "worker", "notify") as system:
        setting.say(f"{people} people with {count // people} streams each, in {chats} chats")
        crowd = Crowd(system, people, chats)
        found = alternate({"notify": lambda: _turn(setting, system, crowd, count)}, setting.rounds)["notify"]
    return _report(found, count, people)


def _turn(setting: Setting, system: System, crowd: Crowd, count: int) -> Sample:
    """One life of notify, and the beginning of the next."""
    chats, long = len(crowd.chats), 1.0 if setting.tiny else 10.0
    system.restart("notify")
    heads = crowd.heads(system.url("notify"), count, chats)
    roots = [system.pid("notify")]
    _warm(system, heads[:WARM])
    rest(roots)
    memory, idle = anonymous(roots), _share(roots, long)
    opening = -cpu_seconds(roots)
    with Streams(system.ports["notify"], heads, "event: ready", AT_ONCE, AGAIN) as streams:
        seconds = streams.opened()
        rest(roots)
        opening += cpu_seconds(roots)
        sample = {
            "rate": count / seconds,
            "opening": opening / count * 1000,
            "memory": (anonymous(roots) - memory) / count,
            "idle": idle * 100,
            "held": _share(roots, long) * 100,
        }
        sample["heartbeat"] = sample["held"] - sample["idle"]
        if (stat := streams.stat()).ended:
            raise LaunchError(f"{stat.ended} streams ended while nothing happened")
        sample["turned away"] = stat.refused
        sample |= stampede(system, crowd, streams, calm=long, posting=5 * long)
    setting.say(", ".join(f"{name} {value:,.4g}" for name, value in sample.items()))
    return sample


def _warm(system: System, heads: list[Head]) -> None:
    with Streams(system.ports["notify"], heads, "event: ready", AT_ONCE, AGAIN) as streams:
        streams.opened()


def _share(roots: list[int], seconds: float) -> float:
    """Of a core, while nothing happens; a stream's heartbeat comes every ten seconds."""
    used = cpu_seconds(roots)
    time.sleep(seconds)
    return (cpu_seconds(roots) - used) / seconds


def _report(found: dict[str, Spread], count: int, people: int) -> Report:
    streams = f"{count:,} streams"
    idle = Table(
        f"{streams} of {people} people, on one notify",
        ("", "of notify"),
        [
            (f"streams opened a second, {AT_ONCE} at a time", found["rate"]),
            ("of these first answered 503", found["turned away"]),
            ("milliseconds of CPU to open one", found["opening"]),
            ("bytes of memory by stream, without the kernel's", found["memory"]),
            ("idle without streams, % of a core", found["idle"]),
            (f"idle with {streams}, % of a core", found["held"]),
        ],
    )
    herd = Table(
        f"notify is killed and started again; all streams come back at once, with {RATE:.0f} posts a second",
        ("", "before", "meanwhile"),
        [
            ("seconds until all are live", "", found["live"]),
            ("seconds until all have what was posted", "", found["level"]),
            ("answers 503, each followed by another try", "", found["refused"]),
            ("milliseconds of CPU by stream, the start included", "", found["server"]),
            ("transactions in PostgreSQL by stream", "", found["transactions"]),
            ("connections of notify to PostgreSQL, at most", "", found["connections"]),
            ("PostgreSQL, share of a core", found["postgres calm"], found["postgres"]),
            ("post p50, ms", found["calm p50"], found["p50"]),
            ("post p99, ms", found["calm p99"], found["p99"]),
        ],
    )
    times = [now / before for now, before in zip(found["p99"].values, found["calm p99"].values, strict=True)]
    targets = [
        Target(f"heartbeats of {streams}, % of a core", 5, found["heartbeat"].median, at_least=False),
        Target("transactions in PostgreSQL by stream that comes back", 5, found["transactions"].median, at_least=False),
        Target("p99 of posting while all come back, times before", 2, Spread(tuple(times)).median, at_least=False),
    ]
    posting = {"before": found["calm p99"], "meanwhile": found["p99"]}
    chart = Bars("p99 of posting, before and while all streams come back", "ms", posting, tuple(posting))
    return Report("connections", f"Connections: {streams} on one notify", [idle, herd], targets, [chart])
