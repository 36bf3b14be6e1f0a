"""A session keeps the plan of its first call, whatever PostgreSQL knew of the outbox by then."""

import re
import sys
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from sqlalchemy import Engine, create_engine, text

from fechatter.db import normal_url
from fechatter.feed.relay import relay
from tests.conftest import migrate
from tests.databases import a_database
from tests.fechatter.feed.feeds import a_feed, put

BACKLOG = 5_000
MOVED = 500
PEAK = 5_000
ROWS = text("SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables WHERE relname = 'outbox'")
CALL = text("EXPLAIN (ANALYZE, BUFFERS) SELECT * FROM relay_v2(:workspaces, :wait, :most)")


@pytest.fixture
def alone(database_url: str) -> Iterator[Engine]:
    """A database in which nobody else relays."""
    with a_database(database_url) as url:
        migrate(url)
        engine = create_engine(normal_url(url), isolation_level="AUTOCOMMIT")
        yield engine
        engine.dispose()


class Read(NamedTuple):
    pages: int
    rows: int
    """Of the outbox."""


def read_by_first_call(engine: Engine, workspaces: list[int], wait: bool) -> Read:
    """Of a session, which keeps its plan. It moves MOVED events of each."""
    engine.dispose()
    with engine.connect().execution_options(isolation_level="READ COMMITTED") as connection:
        values = {"workspaces": workspaces, "wait": wait, "most": MOVED}
        plan = "\n".join(connection.scalars(CALL, values))
        rows = connection.scalars(ROWS).one()
    assert f"rows={MOVED * len(workspaces)} " in plan.replace(".00 ", " ")
    hits = re.search(r"Buffers: shared hit=(\d+)", plan)
    assert hits
    sys.stdout.write(f"{hits[1]} pages and {rows} rows for {MOVED} events of {len(workspaces)}")
    return Read(int(hits[1]), rows)


@pytest.mark.parametrize("number", [1, 3])
def test_a_backlog_costs_no_more_where_the_outbox_was_known_as_empty(alone: Engine, number: int) -> None:
    """What is planned for an empty table may read all of it for each of the events."""
    workspaces = [a_feed(alone) for _ in range(number)]
    for workspace in workspaces:
        put(alone, workspace, BACKLOG)
        relay(alone, workspace, lambda _: None)
    with alone.connect() as connection:
        connection.execute(text("ANALYZE outbox"))
        assert connection.scalar(text("SELECT reltuples FROM pg_class WHERE relname = 'outbox'")) == 0
    for _ in range(BACKLOG // 100):
        for workspace in workspaces:
            put(alone, workspace, 100)
    read = read_by_first_call(alone, workspaces, wait=number == 1)
    assert read.pages < 25 * MOVED * number
    assert read.rows < 5 * MOVED * number


def test_nobodys_next_is_looked_for_among_all_after_a_peak(alone: Engine) -> None:
    """Pages that were full make a table that is known as empty look like one whose every row is soon found."""
    workspaces = [a_feed(alone) for _ in range(16)]
    for workspace in workspaces:
        put(alone, workspace, PEAK)
    with alone.connect() as connection:
        connection.execute(text("DELETE FROM outbox"))
        connection.execute(text("ANALYZE outbox"))
    for _ in range(2):
        for workspace in workspaces:
            put(alone, workspace, MOVED)
    read = read_by_first_call(alone, workspaces, wait=False)
    assert read.rows < 5 * MOVED * len(workspaces)


@pytest.mark.parametrize("known", ["", "ANALYZE outbox"])
def test_another_backlog_is_not_read_for_what_came_after_it_or_stands_around_it(alone: Engine, known: str) -> None:
    large, late, around = (a_feed(alone) for _ in range(3))
    put(alone, around, 1)
    put(alone, large, BACKLOG)
    put(alone, around, 1)
    put(alone, late, MOVED)
    with alone.connect() as connection:
        connection.execute(text(known or "SELECT"))
    read = read_by_first_call(alone, [large, late], wait=False)
    assert read.rows <= 2 * 2 * MOVED
    alone.dispose()
    with alone.connect() as connection:
        connection.execute(text("SELECT relay_v2(ARRAY[:w], true, 500)"), {"w": around}).all()
        assert connection.scalars(ROWS).one() <= 2 * 2
