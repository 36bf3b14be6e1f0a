"""How long events have waited is known without reading them all."""

from datetime import timedelta

from sqlalchemy import Engine, text

from fechatter.feed.lag import oldest_waiting
from tests.fechatter.feed.feeds import a_feed, put
from tests.fechatter.feed.test_relay_plans import ROWS, alone

__all__ = ["alone"]


def test_the_oldest_event_counts_in_whichever_workspace_it_waits(alone: Engine) -> None:
    with alone.connect() as connection:
        assert oldest_waiting(connection) == 0
    first, second = a_feed(alone), a_feed(alone)
    put(alone, first, age=timedelta(seconds=30))
    put(alone, second, age=timedelta(seconds=90))
    put(alone, second)
    with alone.connect() as connection:
        assert 90 <= oldest_waiting(connection) < 120


def test_a_backlog_is_not_read_to_know_how_old_it_is(alone: Engine) -> None:
    for workspace in [a_feed(alone) for _ in range(3)]:
        put(alone, workspace, 5_000)
    with alone.connect() as connection:
        connection.execute(text("ANALYZE outbox"))
    with alone.connect().execution_options(isolation_level="READ COMMITTED") as connection:
        oldest_waiting(connection)
        assert connection.scalars(ROWS).one() <= 4
