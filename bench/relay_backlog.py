"""A backlog of events, committed at once, until real workers have placed the last of it."""

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from functools import partial

from sqlalchemy import text

from app.wakeup import Wakeup
from bench.big_world import BigWorld
from bench.chart import Bars
from bench.copying import copy, copying, line
from bench.report import Cell, Table
from bench.rounds import Sample, Spread, alternate
from bench.setting import Setting
from bench.system import PATIENCE, System
from bench.usage import cpu_seconds
from fechatter.redis_link import RedisLink
from launcher.errors import LaunchError
from launcher.process import Process
from tests.world import Person, World

WRITTEN = ("outbox", "feeds", "chats", "chat_members", "users")
"""Whose rows the relay and posting leave in old versions."""

COLUMNS = ("workspace_id", "audience", "chat_id", "message_id", "type", "body")
CHECK = """
WITH placed AS (
    SELECT position, outbox_id, lag(position) OVER feed AS before, lag(outbox_id) OVER feed AS earlier FROM events
    WINDOW feed AS (PARTITION BY workspace_id ORDER BY position)
)
SELECT (SELECT count(*) FROM outbox),
       (SELECT sum(head - tail) FROM feeds) - (SELECT count(*) FROM placed),
       (SELECT count(*) FROM placed WHERE position <> before + 1 OR outbox_id < earlier)
"""
Found = Mapping[tuple[int, int], Mapping[str, Spread]]
"""By the number of workspaces and of workers."""


def measure(system: System, world: BigWorld, setting: Setting) -> Found:
    events, body = setting.size(40_000, 1000), _body(system)
    with Workers(system) as workers:

        def turn(spread: int, number: int) -> Sample:
            workers.be(number)
            _drain(workers, world.workspaces[:spread], 10, body)  # so that a new worker has its connections
            return _drain(workers, world.workspaces[:spread], events // spread, body)

        all_of_them = len(world.workspaces)
        kinds = [(1, 1), (all_of_them, 1), (1, 2), (all_of_them, 2)]
        return alternate({kind: partial(turn, *kind) for kind in kinds}, setting.rounds)


class Workers:
    """As many workers as are wanted, all waiting for tasks."""

    def __init__(self, system: System) -> None:
        self.system, self.more, self.stack = system, list[Process](), ExitStack()
        self.redis = RedisLink(system.redis.url)
        self.wakeup = Wakeup(self.redis, system.redis.url)

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    def be(self, number: int) -> None:
        if number == 1:
            self.stack.close()
            self.more.clear()
        while len(self.more) + 1 < number:
            self.more.append(self.stack.enter_context(self.system.another("worker")))
        until = time.monotonic() + PATIENCE
        while sum(client["cmd"] == "brpop" for client in self.redis.client.client_list()) != number:
            if time.monotonic() > until:
                raise LaunchError(f"there are not {number} workers: {self.system.said('worker')}")
            time.sleep(0.05)

    def cpu_seconds(self) -> float:
        return cpu_seconds([self.system.pid("worker"), *(process.pid for process in self.more)])


def _drain(workers: Workers, workspaces: range, each: int, body: str) -> Sample:
    system, events = workers.system, each * len(workspaces)
    with copying(system.postgres.url) as connection:
        goal = _placed(system) + events
        copy(connection, "outbox", COLUMNS, _lines(workspaces, each, body))
        before = workers.cpu_seconds(), cpu_seconds([system.pid("postgres")])
        connection.commit()
        began = time.monotonic()
    workers.wakeup.wake(workspaces)
    _wait_until_placed(system, goal)
    took = time.monotonic() - began
    worker, postgres = workers.cpu_seconds() - before[0], cpu_seconds([system.pid("postgres")]) - before[1]
    forget(system)
    return {"rate": events / took, "worker": worker * 1e6 / events, "postgres": postgres * 1e6 / events}


def _lines(workspaces: range, each: int, body: str) -> Iterator[str]:
    """In turn, as they would be if all were busy at once."""
    for number in range(each):
        for workspace in workspaces:
            yield line(workspace, "chat", workspace, number, "message.created", body)


def _body(system: System) -> str:
    """As posting writes it."""
    World(system.engine).post(Person(1, 1, ""), 1, "Shall we ship it today? The build is green again.", "0" * 32)
    _wait_until_placed(system, 1)
    with system.engine.connect() as connection:
        return str(connection.scalar(text("SELECT body FROM events")))


def _wait_until_placed(system: System, goal: int) -> None:
    until = time.monotonic() + PATIENCE
    while _placed(system) < goal:
        if time.monotonic() > until:
            raise LaunchError(f"the workers do not relay: {system.said('worker')}")
        time.sleep(0.005)


def _placed(system: System) -> int:
    with system.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        return int(connection.scalar(text("SELECT sum(head) FROM feeds")) or 0)


def check_feeds(system: System) -> None:
    """Raises LaunchError unless all that was written is in its feed: at dense positions, in order, no event less."""
    with system.engine.connect() as connection:
        left, missing, astray = connection.execute(text(CHECK)).one()
    if left or missing or astray:
        told = f"{left} events left in the outbox, {missing} missing in the feeds, {astray} in the wrong place"
        raise LaunchError(f"the relay is wrong: {told}")


def forget(system: System) -> None:
    """All events, which are looked at first, and what they have left in the tables, so that each turn begins alike."""
    check_feeds(system)
    with copying(system.postgres.url) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        for statement in ("TRUNCATE events", "UPDATE feeds SET tail = head", f"VACUUM {', '.join(WRITTEN)}"):
            cursor.execute(statement)


def table(found: Found) -> Table:
    rows: list[list[Cell]] = [
        [f"{spread} workspace{'s' * (spread > 1)}, {number} worker{'s' * (number > 1)}", *figures.values()]
        for (spread, number), figures in found.items()
    ]
    return Table(
        "A backlog, by real Celery workers that are woken as web wakes them",
        ["", "events/s", "worker CPU (µs an event)", "PostgreSQL CPU (µs an event)"],
        rows,
        "Of one workspace only one relay is at work at a time, however many workers there are.",
    )


def chart(found: Found) -> Bars:
    bars = {f"{spread} workspaces, {number} workers": figures["rate"] for (spread, number), figures in found.items()}
    return Bars("Relay of a backlog", "events/s", bars, list(bars))
