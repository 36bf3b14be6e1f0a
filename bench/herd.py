"""All streams of a notify that is killed come back at once, while people post."""

import time
from typing import NamedTuple

from sqlalchemy import text

from bench.crowd import Crowd
from bench.rounds import Sample
from bench.steady_posts import Post, SteadyPosts, between
from bench.streams import Mark, Streams
from bench.system import System
from bench.usage import cpu_seconds
from bench.window import quantile
from launcher.errors import LaunchError

RATE = 40.0
"""Posts a second."""

PATIENCE = 180.0

LOAD = text(
    """
    SELECT (SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()) AS done,
           (SELECT count(*) FROM pg_stat_activity WHERE application_name = 'fechatter notify') AS connections
    """
)


class Database(NamedTuple):
    """Transactions and CPU seconds until then, and the connections of notify."""

    at: float
    transactions: int
    cpu: float
    connections: int


def stampede(system: System, crowd: Crowd, streams: Streams, calm: float, posting: float) -> Sample:
    """`calm`: seconds of posts before notify is killed; `posting`: of all posts."""
    refused = streams.stat().refused
    posts = SteadyPosts(system, crowd, RATE, posting)
    posts.start()
    time.sleep(calm / 2)
    first, began = look(system), time.monotonic_ns()
    time.sleep(calm / 2)
    before, killed = look(system), time.monotonic_ns()
    system.kill("notify")
    system.processes["notify"].start()
    live, most = _all_live(system, streams, killed)
    after, server = look(system), cpu_seconds([system.pid("notify")])
    sent = posts.posts()
    last = look(system)
    level = _level(streams, sent, live)
    return {
        "live": (live - killed) / 1e9,
        "level": (level - killed) / 1e9,
        "refused": streams.stat().refused - refused,
        "server": server / len(streams.heads) * 1000,
        "transactions": _transactions((first, before), (before, last)) / len(streams.heads),
        "connections": most,
        "postgres calm": _core(first, before),
        "postgres": _core(before, after),
        "calm p50": quantile(between(sent, began, killed), 0.5),
        "calm p99": quantile(between(sent, began, killed), 0.99),
        "p50": quantile(between(sent, killed, level), 0.5),
        "p99": quantile(between(sent, killed, level), 0.99),
    }


def look(system: System) -> Database:
    with system.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        row = connection.execute(LOAD).one()
    return Database(time.monotonic(), row.done, cpu_seconds([system.pid("postgres")]), row.connections)


def _core(first: Database, second: Database) -> float:
    return (second.cpu - first.cpu) / (second.at - first.at)


def _transactions(calm: tuple[Database, Database], herd: tuple[Database, Database]) -> float:
    """Those of a while beyond what a calm one of the same length has. PostgreSQL tells of some a second later."""
    (first, second), (begin, end) = calm, herd
    usual = (second.transactions - first.transactions) / (second.at - first.at)
    return end.transactions - begin.transactions - usual * (end.at - begin.at)


def _all_live(system: System, streams: Streams, killed: int) -> tuple[int, int]:
    """When all were live, and the most connections to PostgreSQL that notify had until then."""
    until, most = time.monotonic() + PATIENCE, 0
    while time.monotonic() < until:
        most = max(most, look(system).connections)
        if at := streams.live_after(killed, 0.3):
            return at, most
    live = f"{streams.stat().live} of {len(streams.heads)} streams"
    raise LaunchError(f"{live} were live {PATIENCE:.0f} s after notify was killed")


def _level(streams: Streams, posts: list[Post], live: int) -> int:
    """When all streams had all that was posted before they were live, and at the earliest when they were."""
    awaited = {post.mark for post in posts if post.exchange.answered < live}
    arrived = dict[Mark, int]()
    until = time.monotonic() + PATIENCE
    while missing := awaited - arrived.keys():
        arrived |= {done.mark: done.time for done in streams.done(1)}
        if time.monotonic() > until:
            raise LaunchError(f"{len(missing)} events have not come on all streams")
    return max([live, *(arrived[mark] for mark in awaited)])
