"""A database with big tables, and what PostgreSQL does to answer a query there."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from fechatter.db import deadline, make_engine
from tests.conftest import migrate
from tests.databases import a_database

BIG = {
    "users", "sessions", "tickets", "workspaces", "workspace_members", "workspace_departures", "invites", "chats",
    "chat_members", "chat_departures", "messages", "events", "outbox", "feeds", "user_changes",
    "push_subscriptions", "pushes", "push_cursors",
}  # fmt: skip


@contextmanager
def a_big_database(database_url: str) -> Iterator[Engine]:
    """A database of its own with big tables; see big.sql."""
    with a_database(database_url) as url:
        engine = make_engine(url, pool=2, name="plans")
        migrate(url)
        with deadline(240), engine.begin() as connection:
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text(Path(__file__).with_name("big.sql").read_text()))
        yield engine
        engine.dispose()


def plan_of(engine: Engine, statement: str, parameters: Any) -> str:
    with engine.connect() as connection:
        return "\n".join(connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars())


def read_from_end_to_end(plan: str) -> set[str]:
    return set(re.findall(r"Seq Scan on (\w+)", plan)) & BIG
