"""What an operator's tools see of notify."""

import httpx
import pytest
from sqlalchemy import Connection, Engine, text

from fechatter.db import make_engine
from fechatter.readiness import Readiness, newest_schema, read_readiness
from fechatter.redis_link import RedisLink
from launcher.ports import free_port
from tests.notify.process import Notify


def test_a_process_with_all_it_needs_is_ready(notify: Notify) -> None:
    answer = httpx.get(f"{notify.url}/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    assert set(answer.json()["parts"]) == {"postgresql", "migrations", "settings", "redis"}


def test_without_redis_it_is_degraded_but_ready(engine: Engine) -> None:
    readiness = read_readiness(engine, RedisLink(f"redis://127.0.0.1:{free_port()}"), risk=True)
    assert readiness.status == "degraded"
    assert readiness.parts["redis"]["status"] == "away"


def test_without_postgresql_it_is_not_ready(redis_url: str) -> None:
    gone = make_engine(f"postgresql://nobody@127.0.0.1:{free_port()}/none", pool=1, name="tests")
    readiness = read_readiness(gone, RedisLink(redis_url), risk=True)
    assert readiness.status == "unavailable"


@pytest.mark.parametrize(
    ("statement", "part"),
    [
        ("UPDATE alembic_version SET version_num = '0000'", "migrations"),
        ("SET default_transaction_isolation = 'serializable'", "settings"),
        ("ALTER SEQUENCE outbox_id_seq CACHE 20", "settings"),
    ],
)
def test_what_would_break_a_promise_makes_it_unready(
    database_url: str, redis_url: str, statement: str, part: str
) -> None:
    engine = make_engine(database_url, pool=1, name="tests")
    with engine.connect() as connection:
        connection.execute(text(statement))
        readiness = read(connection, redis_url, risk=True)
        connection.rollback()
    engine.dispose()
    assert readiness.status == "unavailable"
    assert readiness.parts[part]["status"] == "away"


@pytest.mark.parametrize(("name", "value"), [("synchronous_commit", "off"), ("synchronous_commit", "local")])
def test_settings_that_lose_what_was_committed_make_it_unready_unless_that_is_wanted(
    database_url: str, redis_url: str, name: str, value: str
) -> None:
    """Those of the tests' own server, which is thrown away, are named too."""
    engine = make_engine(database_url, pool=1, name="tests")
    with engine.connect() as connection:
        connection.execute(text(f"SET {name} = '{value}'"))
        risky, wanted = (read(connection, redis_url, risk=risk) for risk in (False, True))
        connection.rollback()
    engine.dispose()
    assert risky.status == "unavailable"
    assert f"{name} is {value}" in risky.parts["settings"]["detail"]
    assert "fsync is off, full_page_writes is off" in risky.parts["settings"]["detail"]
    assert wanted.parts["settings"]["status"] == "ok"


def test_a_newer_schema_leaves_old_code_ready(database_url: str, redis_url: str) -> None:
    engine = make_engine(database_url, pool=1, name="tests")
    with engine.connect() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        readiness = read(connection, redis_url, risk=True)
        connection.rollback()
    engine.dispose()
    assert readiness.parts["migrations"]["status"] == "ok"


def test_it_knows_which_schema_it_was_written_for() -> None:
    assert newest_schema().isdigit()


def read(connection: Connection, redis_url: str, risk: bool) -> Readiness:
    return read_readiness(_OneConnection(connection), RedisLink(redis_url), risk)  # type: ignore[arg-type]


class _OneConnection:
    """An engine that gives this one connection, whose transaction the test will roll back."""

    def __init__(self, connection) -> None:  # type: ignore[no-untyped-def]
        self.connection = connection

    def connect(self):  # type: ignore[no-untyped-def]
        from contextlib import nullcontext

        return nullcontext(self.connection)
