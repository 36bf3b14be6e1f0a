"""The relay: events a second with one and two workers, its cost in PostgreSQL, and what a long snapshot does to it."""

from bench import relay_backlog, relay_costs, relay_snapshot
from bench.big_rows import fill
from bench.big_world import BigWorld, Size
from bench.report import Report
from bench.setting import Setting
from bench.system import System

WORKSPACES = 100


def run(setting: Setting) -> Report:
    """All on one database; the worker goes when it is no longer the one that is measured."""
    world = BigWorld(Size(messages=0, workspaces=setting.size(WORKSPACES, 10), rooms=10, people=1, each=10))
    with System("worker") as system:
        fill(world, system.postgres.url)
        backlog = relay_backlog.measure(system, world, setting)
        system.kill("worker")
        costs = relay_costs.measure(system, world, setting)
        snapshot = relay_snapshot.measure(system, world, setting)
    return Report(
        "relay",
        "The relay: from the outbox into the feeds",
        [relay_backlog.table(backlog), relay_costs.table(costs), relay_snapshot.table(snapshot)],
        charts=[relay_backlog.chart(backlog), *relay_snapshot.charts(snapshot)],
    )
