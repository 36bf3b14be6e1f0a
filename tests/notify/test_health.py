"""What an operator's tools see of notify."""

import httpx
import pytest
from sqlalchemy import Engine, text

from fechatter.db import make_engine
from fechatter.readiness import newest_schema, read_readiness
from fechatter.redis_link import RedisLink
from tests.notify.process import Notify
from tests.ports import free_port


def test_a_process_with_all_it_needs_is_ready(notify: Notify) -> None:
    answer = httpx.get(f"{notify.url}/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    assert set(answer.json()["parts"]) == {"postgresql", "migrations", "settings", "redis"}


def test_without_redis_it_is_degraded_but_ready(engine: Engine) -> None:
    readiness = read_readiness(engine, RedisLink(f"redis://127.0.0.1:{free_port()}"))
    assert readiness.status == "degraded"
    assert readiness.parts["redis"]["status"] == "away"


def test_without_postgresql_it_is_not_ready(redis_url: str) -> None:
    gone = make_engine(f"postgresql://nobody@127.0.0.1:{free_port()}/none", pool=1, name="tests")
    readiness = read_readiness(gone, RedisLink(redis_url))
    assert readiness.status == "unavailable"


@pytest.mark.parametrize(
    ("statement", "part"),
    [
        ("UPDATE alembic_version SET version_num = '0000'", "migrations"),
        ("SET synchronous_commit = off", "settings"),
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
        only = _OneConnection(connection)
        readiness = read_readiness(only, RedisLink(redis_url))  # type: ignore[arg-type]
        connection.rollback()
    engine.dispose()
    assert readiness.status == "unavailable"
    assert readiness.parts[part]["status"] == "away"


def test_a_newer_schema_leaves_old_code_ready(database_url: str, redis_url: str) -> None:
    engine = make_engine(database_url, pool=1, name="tests")
    with engine.connect() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        readiness = read_readiness(_OneConnection(connection), RedisLink(redis_url))  # type: ignore[arg-type]
        connection.rollback()
    engine.dispose()
    assert readiness.parts["migrations"]["status"] == "ok"


def test_it_knows_which_schema_it_was_written_for() -> None:
    assert newest_schema().isdigit()


class _OneConnection:
    """An engine that gives this one connection, whose transaction the test will roll back."""

    def __init__(self, connection) -> None:  # type: ignore[no-untyped-def]
        self.connection = connection

    def connect(self):  # type: ignore[no-untyped-def]
        from contextlib import nullcontext

        return nullcontext(self.connection)
