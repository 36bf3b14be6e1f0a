"""Connections to PostgreSQL: no wait without end, no round trip for nothing, none that was closed meanwhile."""

from collections.abc import Callable, Iterator
from time import monotonic

import pytest
from psycopg2 import extensions
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from fechatter import db
from tests.by_the_clock import in_time


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


@pytest.mark.parametrize("way", [ask, lambda engine: db.fetch(engine, "SELECT 1")], ids=["ORM", "driver"])
def test_connections_that_are_dropped_again_and_again_are_an_error_of_the_database(
    own_engine: Engine, engine: Engine, way: Callable[[Engine], object]
) -> None:
    """A server that is being restarted; the pool itself would say that it was asked for what cannot be."""

    def drop(pid: int) -> None:
        with engine.begin() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid, 2000)"), {"pid": pid})

    def dropped(connection: extensions.connection, _: object) -> None:
        drop(connection.info.backend_pid)

    with own_engine.connect() as kept:
        pid = kept.scalar(text("SELECT pg_backend_pid()"))
    drop(pid)
    event.listen(own_engine, "connect", dropped)
    for _ in range(3):
        with pytest.raises(OperationalError):
            way(own_engine)
    event.remove(own_engine, "connect", dropped)
    assert own_engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    way(own_engine)


def test_a_deadline_ends_a_wait(own_engine: Engine) -> None:
    ask(own_engine)
    begun = monotonic()
    with db.deadline(0.2), pytest.raises(OperationalError):
        ask(own_engine, "SELECT pg_sleep(5)")
    in_time(begun, 1)
    assert ask(own_engine) == 1


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_every_way_to_write_the_url_means_one_driver(scheme: str) -> None:
    assert db.normal_url(f"{scheme}://host/name?a=postgres://") == "postgresql+psycopg2://host/name?a=postgres://"


def test_a_statement_of_its_own_commits_and_is_one_round_trip(own_engine: Engine, round_trips: list[int]) -> None:
    db.fetch(own_engine, "CREATE TEMPORARY TABLE IF NOT EXISTS one (id int); SELECT 1")
    round_trips.clear()
    assert db.fetch(own_engine, "INSERT INTO one VALUES (%s) RETURNING id", (7,)) == [(7,)]
    assert db.fetch(own_engine, "SELECT id FROM one WHERE id = %(id)s", {"id": 7}) == [(7,)]
    assert len(round_trips) == 2


def test_a_statement_within_a_transaction_is_part_of_it(own_engine: Engine) -> None:
    with own_engine.connect() as connection:
        assert db.fetch(connection, "SELECT %s::int", (7,))[0][0] == 7
        assert connection.in_transaction()


def test_behind_a_statement_of_its_own_a_connection_has_transactions_again(own_engine: Engine) -> None:
    db.fetch(own_engine, "SELECT 1")
    with own_engine.connect() as connection:
        connection.execute(text("CREATE TEMPORARY TABLE made (id int)"))
        connection.rollback()
        assert connection.scalar(text("SELECT to_regclass('pg_temp.made')")) is None


def test_a_statement_that_is_refused_leaves_its_connection_as_it_was(own_engine: Engine) -> None:
    [(before,)] = db.fetch(own_engine, "SELECT pg_backend_pid()")
    with pytest.raises(ProgrammingError) as refused:
        db.fetch(own_engine, "SELECT nothing_of_this_name")
    assert not refused.value.connection_invalidated
    assert "nothing_of_this_name" not in str(refused.value.params)
    assert db.fetch(own_engine, "SELECT pg_backend_pid()") == [(before,)]
    with own_engine.connect() as connection:
        assert connection.scalar(text("SHOW transaction_isolation")) == "read committed"


def test_a_connection_that_breaks_under_a_statement_is_told_and_replaced(own_engine: Engine) -> None:
    with pytest.raises(OperationalError) as broken:
        db.fetch(own_engine, "SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(5)")
    assert broken.value.connection_invalidated
    assert db.fetch(own_engine, "SELECT 1") == [(1,)]


def test_a_wait_that_is_given_up_leaves_no_half_read_answer_behind(own_engine: Engine) -> None:
    class GaveUp(BaseException):
        pass

    def give_up(*_: object) -> None:
        raise GaveUp

    assert db.fetch(own_engine, "SELECT 1") == [(1,)]
    db.wait_with(db.Waiting(give_up))
    try:
        with pytest.raises(GaveUp):
            db.fetch(own_engine, "SELECT 2 FROM pg_sleep(0.1)")
    finally:
        db.wait_with(db.Waiting())
    assert db.fetch(own_engine, "SELECT 3") == [(3,)]


def test_no_server_is_told_as_sqlalchemy_tells_it() -> None:
    nowhere = db.make_engine("postgresql://postgres@127.0.0.1:1/none", pool=1, name="test of connections")
    with pytest.raises(OperationalError):
        db.fetch(nowhere, "SELECT 1")
