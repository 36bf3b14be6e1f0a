"""Posting and relaying while somebody holds one long snapshot, as pg_dump does: nothing dead can go meanwhile."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from statistics import median

from sqlalchemy import text

from bench.big_world import BigWorld
from bench.chart import Lines
from bench.relay_backlog import forget
from bench.relay_costs import post, relay_all
from bench.report import Cell, Table
from bench.rounds import Sample, Spread, alternate
from bench.setting import Setting
from bench.system import System
from bench.usage import fine_cpu_seconds
from fechatter.feed.relay import MOST, relay_once

Found = Mapping[str, Mapping[str, Spread]]

PARTS = 10
OURS = "SELECT pid FROM pg_stat_activity WHERE application_name = 'fechatter bench'"

SINGLE = 15
"""How often one message is posted and relayed by itself."""

FIGURES = {
    "post": ("A post", "ms"),
    "post cpu": ("A post", "µs of PostgreSQL's CPU"),
    "relay": ("Relay of one message", "ms"),
    "relay cpu": ("Relay of one message", "µs of PostgreSQL's CPU"),
    "rate": ("Relay of a backlog", "events/s"),
}


def measure(system: System, world: BigWorld, setting: Setting) -> Found:
    """In the chats of one workspace, whose feed and outbox then see it all."""
    messages, chats = setting.size(20_000, 500), world.chats_of(1)
    turns = {
        "without": lambda: _turn(system, chats, messages, nullcontext()),
        "with a snapshot": lambda: _turn(system, chats, messages, _snapshot(system)),
    }
    return alternate(turns, setting.rounds)


@contextmanager
def _snapshot(system: System) -> Iterator[None]:
    with system.engine.connect() as connection:
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))  # so does pg_dump
        connection.execute(text("SELECT FROM feeds"))
        yield
        connection.rollback()


def _turn(system: System, chats: Sequence[int], messages: int, held: AbstractContextManager[None]) -> Sample:
    sample, part = dict[str, float](), messages // PARTS
    with held:
        for done in _steps(messages):
            took, used = spent(system, lambda: post(system, chats, part))
            sample |= {f"post {done}": took * 1e3 / part, f"post cpu {done}": used * 1e6 / part}
            took, _ = spent(system, lambda: relay_all(system, MOST))
            sample[f"rate {done}"] = part / took
            single = [_relay_one(system, chats[0]) for _ in range(SINGLE)]
            sample[f"relay {done}"] = median(took for took, _ in single) * 1e3
            sample[f"relay cpu {done}"] = median(used for _, used in single) * 1e6
    forget(system)
    return sample


def _steps(messages: int) -> Sequence[int]:
    """How many messages there are behind each part."""
    return range(messages // PARTS, messages + 1, messages // PARTS)


def _relay_one(system: System, chat: int) -> tuple[float, float]:
    post(system, [chat], 1)
    return spent(system, lambda: relay_once(system.engine, [1], wait=True))


def spent(system: System, action: Callable[[], object]) -> tuple[float, float]:
    """Seconds of the clock, and of the CPU of what PostgreSQL runs for us."""
    with system.engine.connect() as connection:
        backends = connection.scalars(text(OURS)).all()
    used, began = fine_cpu_seconds(backends), time.monotonic()
    action()
    return time.monotonic() - began, fine_cpu_seconds(backends) - used


def table(found: Found) -> Table:
    """Before and behind all the messages."""
    first, *_, last = sorted({int(key.rpartition(" ")[2]) for figures in found.values() for key in figures})
    rows: list[list[Cell]] = [
        [f"{words} ({unit}), {name}", figures[f"{figure} {first}"], figures[f"{figure} {last}"]]
        for figure, (words, unit) in FIGURES.items()
        for name, figures in found.items()
    ]
    return Table(
        "With one long snapshot open, as pg_dump holds it",
        ["", f"up to {first:,} messages since", f"up to {last:,}"],
        rows,
        "In ten chats of one workspace, one after the other over one connection.",
    )


def charts(found: Found) -> list[Lines]:
    return [
        Lines(words, unit, "messages since the snapshot", {name: _line(found[name], figure) for name in found}, False)
        for figure, (words, unit) in FIGURES.items()
    ]


def _line(figures: Mapping[str, Spread], figure: str) -> list[tuple[float, float]]:
    points = ((*key.rpartition(" ")[::2], spread.median) for key, spread in figures.items())
    return [(float(done), value) for name, done, value in points if name == figure]
