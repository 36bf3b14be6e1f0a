"""Posting and relaying while somebody holds one long snapshot, as pg_dump does: nothing dead can go meanwhile."""

import time
from collections.abc import Iterator, Mapping, Sequence
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
from fechatter.feed.relay import MOST, relay_once

Found = Mapping[str, Mapping[str, Spread]]

PARTS = 10
SINGLE = 15
"""How often one message is posted and relayed by itself."""

FIGURES = {
    "post": "a post (ms)",
    "relay": "relay of one message (ms)",
    "rate": "relay of a backlog (events/s)",
}


def measure(system: System, world: BigWorld, setting: Setting) -> Found:
    """In the chats of one workspace, whose feed and outbox then see it all."""
    messages, chats = setting.size(100_000, 500), world.chats_of(1)
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
    sample = dict[str, float]()
    with held:
        for done in _steps(messages):
            began = time.monotonic()
            post(system, chats, messages // PARTS)
            sample[f"post {done}"] = (time.monotonic() - began) * 1000 * PARTS / messages
            began = time.monotonic()
            relay_all(system, MOST)
            sample[f"rate {done}"] = messages / PARTS / (time.monotonic() - began)
            sample[f"relay {done}"] = median(_relay_one(system, chats[0]) for _ in range(SINGLE))
    forget(system)
    return sample


def _steps(messages: int) -> Sequence[int]:
    """How many messages there are behind each part."""
    return range(messages // PARTS, messages + 1, messages // PARTS)


def _relay_one(system: System, chat: int) -> float:
    """Milliseconds."""
    post(system, [chat], 1)
    began = time.monotonic()
    relay_once(system.engine, 1, wait=True)
    return (time.monotonic() - began) * 1000


def table(found: Found) -> Table:
    """Before and behind all the messages."""
    first, *_, last = sorted({int(key.split()[1]) for figures in found.values() for key in figures})
    rows: list[list[Cell]] = [
        [f"{words}, {name}", figures[f"{figure} {first}"], figures[f"{figure} {last}"]]
        for figure, words in FIGURES.items()
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
        Lines(words.split(" (")[0].capitalize(), words.split(" (")[1][:-1], "messages since the snapshot", lines, False)
        for figure, words in FIGURES.items()
        if (lines := {name: _line(figures, figure) for name, figures in found.items()})
    ]


def _line(figures: Mapping[str, Spread], figure: str) -> list[tuple[float, float]]:
    return [(float(key.split()[1]), spread.median) for key, spread in figures.items() if key.startswith(f"{figure} ")]
