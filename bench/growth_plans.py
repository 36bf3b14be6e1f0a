"""How PostgreSQL answers each hot query in the largest world: EXPLAIN (ANALYZE, BUFFERS), also within functions."""

import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import psycopg2
from sqlalchemy import Engine

from bench.big_world import BigWorld
from bench.report import Target
from bench.setting import Setting
from bench.system import HOST, System
from fechatter.feed.relay import stale_workspaces
from launcher.keys import kept_secret
from launcher.postgres import NAME
from tests.fechatter.roads import statements_of_reading
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
    found = {"what the relay has left": list(_explained(system.engine, stale_workspaces))}
    try:
        return found | _within_functions(system, world)
    except psycopg2.Error as error:
        setting.skip("plans within functions", f"auto_explain: {str(error).strip()}")
        return found


def _explained(engine: Engine, road: Callable[[Engine], object]) -> Iterator[str]:
    with statements_of(engine) as sent:
        road(engine)
    with engine.connect() as connection:
        for statement, values in sent:
            plan = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, BUFFERS) {statement}", values).scalars()
            yield "\n".join((statement.strip(), *plan))


def _within_functions(system: System, world: BigWorld) -> Plans:
    """PostgreSQL tells its log of each statement in a function, and lets the superuser hear it. Person 1 asks, in the
    hot chat, where the most messages and people are.

    Each call commits: in a transaction of many, PostgreSQL would check foreign keys that it need not check else.
    """
    system.kill("worker")  # or it would have relayed before we do
    password = kept_secret(system.postgres.folder / "superuser-password")
    address = f"host={HOST} port={system.postgres.port} user=postgres dbname={NAME}"
    found = dict[str, list[str]]()
    with closing(psycopg2.connect(address, password=password)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute(WATCHED)
        for words, statement in statements_of_reading(newest=world.last_seq(1)).items():
            for _ in range(OFTEN):
                found[words] = _told(connection, cursor, *statement)
        for _ in range(OFTEN):
            values = (1, 1, 1, "Shall we ship it today?", uuid.uuid4().hex, None)
            found["posting a message"] = _told(
                connection, cursor, "SELECT * FROM post_message_v2(%s, %s, %s, %s, %s, %s)", values
            )
            together = (False, *([one] * 2 for one in values))
            found["posting two at once"] = _told(
                connection,
                cursor,
                "SELECT * FROM post_messages_v1(%s, %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[],"
                " %s::bigint[])",
                together,
            )
            found["relaying"] = _told(connection, cursor, "SELECT * FROM relay_v2(%s, true, 500)", ([1],))
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
