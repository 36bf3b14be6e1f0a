"""Connections to PostgreSQL: no wait without end, no round trip for nothing, none that was closed meanwhile."""

from collections.abc import Iterator
from time import monotonic

import pytest
from psycopg2 import extensions
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from fechatter import db


@pytest.fixture
def own_engine(database_url: str) -> Iterator[Engine]:
    engine = db.make_engine(database_url, pool=4, name="test of connections")
    yield engine
    engine.dispose()


@pytest.fixture
def round_trips(engine: Engine) -> Iterator[list[int]]:
    """Grows by one for each time that PostgreSQL is waited for."""
    trips: list[int] = []

    def counted(connection: extensions.connection) -> None:
        trips.append(1)
        db._wait(connection)

    extensions.set_wait_callback(counted)
    yield trips
    extensions.set_wait_callback(db._wait)


def ask(engine: Engine, query: str = "SELECT 1") -> object:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        return connection.scalar(text(query))


def test_one_statement_in_autocommit_is_one_round_trip(own_engine: Engine, round_trips: list[int]) -> None:
    ask(own_engine)
    round_trips.clear()
    ask(own_engine)
    ask(own_engine)
    assert len(round_trips) == 2


def test_after_autocommit_a_connection_has_transactions_again(own_engine: Engine) -> None:
    ask(own_engine)
    with own_engine.connect() as connection:
        connection.execute(text("CREATE TEMPORARY TABLE made (id int)"))
        connection.rollback()
        assert connection.scalar(text("SELECT to_regclass('pg_temp.made')")) is None
        assert connection.scalar(text("SHOW transaction_isolation")) == "read committed"


def test_connections_that_were_closed_while_kept_are_replaced(own_engine: Engine, engine: Engine) -> None:
    kept = [own_engine.connect() for _ in range(4)]
    pids = [connection.scalar(text("SELECT pg_backend_pid()")) for connection in kept]
    for connection in kept:
        connection.close()
    with engine.begin() as other:
        other.execute(
            text("SELECT pg_terminate_backend(pid, 2000) FROM unnest(CAST(:pids AS int[])) pid"), {"pids": pids}
        )
    for _ in range(4):
        assert ask(own_engine) == 1


def test_a_deadline_ends_a_wait(own_engine: Engine) -> None:
    ask(own_engine)
    begun = monotonic()
    with db.deadline(0.2), pytest.raises(OperationalError):
        ask(own_engine, "SELECT pg_sleep(5)")
    assert monotonic() - begun < 1
    assert ask(own_engine) == 1


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_every_way_to_write_the_url_means_one_driver(scheme: str) -> None:
    assert db.normal_url(f"{scheme}://host/name?a=postgres://") == "postgresql+psycopg2://host/name?a=postgres://"
