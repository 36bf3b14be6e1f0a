"""A real PostgreSQL (DATABASE_URL) for all tests: one fresh database a run, one rolled-back transaction a test."""

import os
import uuid
from collections.abc import Iterator

import pytest
from alembic import command
from alembic.config import Config as AlembicConfig
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.orm import Session

from fechatter.db import make_engine, normal_url
from tests.by_the_clock import let_be_tried_again
from tests.databases import drop_database
from tests.side_by_side import Lots, begin_with_what_waits

# How long an example takes is the machine's affair.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    let_be_tried_again(items)
    if hasattr(config, "workerinput"):
        begin_with_what_waits(items)
    if os.environ.get("FECHATTER_TEST_ALL") or config.getoption("-m"):
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    config.hook.pytest_deselected(items=slow)
    items[:] = [item for item in items if item not in slow]


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Lots | None:
    return Lots(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A database made for this run, at the newest schema; other tests may commit to it: look only at your own rows."""
    server = make_url(normal_url(os.environ["DATABASE_URL"]))
    name = f"test_{uuid.uuid4().hex[:12]}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"))
    url = server.set(database=name).render_as_string(hide_password=False)
    migrate(url)
    yield url
    with admin.connect() as connection:
        drop_database(connection, name)
    admin.dispose()


def migrate(url: str, target: str = "head") -> None:
    """Runs alembic in this process against `url`."""
    before = os.environ["DATABASE_URL"]
    os.environ["DATABASE_URL"] = url
    try:
        command.upgrade(AlembicConfig("alembic.ini"), target)
    finally:
        os.environ["DATABASE_URL"] = before


@pytest.fixture(scope="session")
def engine(database_url: str) -> Iterator[Engine]:
    """For tests that need several connections that really commit; names and ids must be their own."""
    engine = make_engine(database_url, pool=50, name="tests")
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session inside a transaction that is rolled back; commits in it end at a savepoint."""
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
        outer.rollback()
