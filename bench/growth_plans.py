"""How PostgreSQL answers each hot query in the largest world: EXPLAIN (ANALYZE, BUFFERS), also within functions."""

import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from typing import Any

import psycopg2
from sqlalchemy import Connection, Engine

from app.auth import ALIVE
from bench.big_world import BigWorld
from bench.report import Target
from bench.setting import Setting
from bench.system import HOST, System
from fechatter.chat_list_cache import DELETED
from fechatter.feed.relay import stale_workspaces
from fechatter.queries.chat_list import chat_list
from fechatter.queries.messages import Bounds, history
from launcher.keys import kept_secret
from launcher.postgres import NAME
from tests.statements import statements_of

LARGE = {"users", "sessions", "chats", "chat_members", "workspace_members", "messages"}
"""Of which no hot query may read all."""

OFTEN = 8
"""How often a function is called before its plans are kept: by then PostgreSQL plans once for all calls."""

WATCHED = """
LOAD 'auto_explain';
SET auto_explain.log_min_duration = 0;
SET auto_explain.log_nested_statements = on;
SET auto_explain.log_analyze = on;
SET auto_explain.log_buffers = on;
SET client_min_messages = log;
"""

Plans = dict[str, list[str]]
"""By what is asked."""


def plans(world: BigWorld, system: System, setting: Setting) -> Plans:
    found = {words: list(_explained(system.engine, road)) for words, road in _roads(world).items()}
    try:
        return found | _within_functions(system)
    except psycopg2.Error as error:
        setting.skip("plans within functions", f"auto_explain: {str(error).strip()}")
        return found


def _roads(world: BigWorld) -> Mapping[str, Callable[[Engine], object]]:
    """Person 1 asks, in the hot chat, where the most messages and people are."""
    middle, listed = world.last_seq(1) // 2, [*range(1, 11)]

    def on_connection(query: Callable[[Connection], object]) -> Callable[[Engine], object]:
        def run(engine: Engine) -> None:
            with engine.connect() as connection:
                query(connection)

        return run

    def page(**bounds: int) -> Callable[[Engine], object]:
        return on_connection(lambda connection: history(connection, 1, 1, Bounds(**bounds), 50))

    return {
        "who asks": on_connection(lambda connection: connection.exec_driver_sql(ALIVE, {"session": 1, "user": 1})),
        "history, newest": page(),
        "history, middle": page(before=middle),
        "history, oldest": page(after=0),
        "history, around": page(around=middle),
        "chat list with unread counts": on_connection(lambda connection: chat_list(connection, 1)),
        "whether a kept list is still true": on_connection(
            lambda connection: connection.exec_driver_sql(DELETED, (listed,))
        ),
        "what the relay has left": stale_workspaces,
    }


def _explained(engine: Engine, road: Callable[[Engine], object]) -> Iterator[str]:
    with statements_of(engine) as sent:
        road(engine)
    with engine.connect() as connection:
        for statement, values in sent:
            plan = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, BUFFERS) {statement}", values).scalars()
            yield "\n".join((statement.strip(), *plan))


def _within_functions(system: System) -> Plans:
    """PostgreSQL tells its log of each statement in a function, and lets the superuser hear it.

    Each call commits: in a transaction of many, PostgreSQL would check foreign keys that it need not check else.
    """
    system.kill("worker")  # or it would have relayed before we do
    password = kept_secret(system.postgres.folder / "superuser-password")
    address = f"host={HOST} port={system.postgres.port} user=postgres dbname={NAME}"
    found = dict[str, list[str]]()
    with closing(psycopg2.connect(address, password=password)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute(WATCHED)
        for _ in range(OFTEN):
            values = (1, 1, 1, "Shall we ship it today?", uuid.uuid4().hex, None)
            found["posting a message"] = _told(
                connection, cursor, "SELECT * FROM post_message_v1(%s, %s, %s, %s, %s, %s)", values
            )
            found["relaying"] = _told(connection, cursor, "SELECT * FROM relay_v1(%s, true, 500)", (1,))
    return found


def _told(connection: Any, cursor: Any, statement: str, values: tuple[object, ...]) -> list[str]:
    del connection.notices[:]
    cursor.execute(statement, values)
    return [re.sub(r"\ALOG: +", "", notice).strip() for notice in connection.notices]


def text(found: Plans) -> str:
    parts = [f"== {words}\n\n" + "\n\n".join(several) for words, several in found.items()]
    return "\n\n".join(parts) + "\n"


def target(found: Plans, setting: Setting) -> Target:
    words = "tables that a hot query reads from end to end"
    if setting.tiny:
        return Target(words, 0, None, at_least=False, why="a small table is read fastest so")
    read = re.findall(r"Seq Scan on (?:public\.)?(\w+)", text(found))
    return Target(words, 0, len(LARGE & set(read)), at_least=False)
