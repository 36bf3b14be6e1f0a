"""What a process needs, part by part: PostgreSQL with our schema and settings that keep a 201 safe, and Redis."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from fechatter.db import deadline
from fechatter.durability import SETTINGS as DURABLE
from fechatter.durability import unsafe_settings
from fechatter.redis_link import RedisAway, RedisLink
from fechatter.shapes import Shape

ANSWER_WITHIN = 1.5
"""Seconds that PostgreSQL gets; whoever asks for readiness wants to know soon."""

NEEDED_SETTINGS = {
    "default_transaction_isolation": "read committed",
    "server_encoding": "UTF8",
}

PROBE = text(  # no input in it
    "SELECT (SELECT version_num FROM alembic_version) AS version,"  # noqa: S608
    " (SELECT seqcache FROM pg_sequence WHERE seqrelid = pg_get_serial_sequence('outbox', 'id')::regclass) AS cached, "
    + ", ".join(f"current_setting('{name}') AS {name}" for name in (*NEEDED_SETTINGS, *DURABLE))
)


@dataclass
class Readiness:
    """`status` is ok, degraded (all works, some of it slower) or unavailable."""

    status: str = "ok"
    parts: dict[str, Shape] = field(default_factory=dict)

    def note(self, part: str, problem: str | None, needed: bool = True) -> None:
        self.parts[part] = {"status": "ok"} if problem is None else {"status": "away", "detail": problem}
        if problem is not None:
            self.status = "unavailable" if needed or self.status == "unavailable" else "degraded"

    def shape(self) -> Shape:
        return {"status": self.status, "parts": self.parts}


@cache
def newest_schema() -> str:
    """The revision that this code was written for: the files of the migrations begin with their numbers. To ask
    alembic would keep it in the memory of every process."""
    versions = Path(__file__).parents[1] / "migrations" / "versions"
    return max(file.name.partition("_")[0] for file in versions.glob("[0-9]*.py"))


def read_readiness(engine: Engine, redis: RedisLink, risk: bool) -> Readiness:
    """Never raises, and takes two seconds at most. `risk`: settings that may lose what was committed are wanted."""
    readiness = Readiness()
    try:
        with deadline(ANSWER_WITHIN), engine.connect() as connection:
            row = connection.execute(PROBE).one()
    except SQLAlchemyError as error:
        readiness.note("postgresql", type(error).__name__)
    else:
        readiness.note("postgresql", None)
        # A newer schema is no trouble: while new code is rolled out the old one goes on with it.
        behind = f"schema {row.version}, this code needs {newest_schema()}" if row.version < newest_schema() else None
        readiness.note("migrations", behind)
        wrong = [name for name, value in NEEDED_SETTINGS.items() if getattr(row, name).lower() != value.lower()]
        wrong += [] if row.cached == 1 else ["sequence cache"]
        wrong += [] if risk else unsafe_settings(dict(row._mapping))
        readiness.note("settings", f"must be changed: {', '.join(wrong)}" if wrong else None)
    try:
        redis.call(lambda client: client.ping())
        readiness.note("redis", None, needed=False)
    except RedisAway:
        readiness.note("redis", "does not answer", needed=False)
    return readiness
