"""A session keeps the plan of its first call, whatever PostgreSQL knew of the outbox by then."""

import re
import sys
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, text

from fechatter.db import normal_url
from fechatter.feed.relay import relay
from tests.conftest import migrate
from tests.databases import a_database
from tests.fechatter.feed.feeds import a_feed, put

BACKLOG = 5_000
MOVED = 500
CALL = text("EXPLAIN (ANALYZE, BUFFERS) SELECT * FROM relay_v2(:workspaces, :wait, :most)")


@pytest.fixture
def alone(database_url: str) -> Iterator[Engine]:
    """A database in which nobody else relays."""
    with a_database(database_url) as url:
        migrate(url)
        engine = create_engine(normal_url(url), isolation_level="AUTOCOMMIT")
        yield engine
        engine.dispose()


def pages_read(engine: Engine, workspaces: list[int], wait: bool) -> int:
    """By a session's first call, which moves MOVED events of each."""
    engine.dispose()
    with engine.connect() as connection:
        values = {"workspaces": workspaces, "wait": wait, "most": MOVED}
        plan = "\n".join(connection.scalars(CALL, values))
    assert f"rows={MOVED * len(workspaces)} " in plan.replace(".00 ", " ")
    hits = re.search(r"Buffers: shared hit=(\d+)", plan)
    assert hits
    sys.stdout.write(f"{hits[1]} pages for {MOVED} events of {len(workspaces)}")
    return int(hits[1])


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
    for workspace in workspaces:
        put(alone, workspace, BACKLOG)
    assert pages_read(alone, workspaces, wait=number == 1) < 25 * MOVED * number
