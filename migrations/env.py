"""Brings the database to the newest schema. Safe to run twice at once: the second waits, then finds nothing to do."""

import sys

from alembic import context
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import OperationalError

from fechatter.config import BadConfig, read_config
from fechatter.db import normal_url
from fechatter.durability import NotDurable, refuse_unsafe
from fechatter.feed.epoch import check_epoch
from fechatter.models import Table

LOCK = 0x46656368  # the ASCII of "Fech"

TIMEOUTS = {"statement_timeout": "10s", "lock_timeout": "3s", "idle_in_transaction_session_timeout": "5s"}


def set_timeouts(connection: Connection) -> None:
    """As the role's defaults, since a pooler in transaction mode keeps no session settings."""
    database = connection.dialect.identifier_preparer.quote(connection.scalar(text("SELECT current_database()")) or "")
    for name, value in TIMEOUTS.items():
        connection.execute(text(f"ALTER ROLE CURRENT_USER IN DATABASE {database} SET {name} = '{value}'"))


def run(connection: Connection) -> None:
    with connection.begin():
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        set_timeouts(connection)
        context.configure(connection=connection, target_metadata=Table.metadata)
        context.run_migrations()
        if connection.scalar(text("SELECT to_regclass('installation')")):
            check_epoch(connection)


try:
    config = read_config("release")
    refuse_unsafe(config)
except (BadConfig, NotDurable) as bad:
    sys.exit(str(bad))
engine = create_engine(normal_url(config.database_url), connect_args={"connect_timeout": 10})
try:
    connection = engine.connect()
except OperationalError as away:
    sys.exit(f"PostgreSQL: {str(away.orig).strip().splitlines()[0]}")
with connection:
    run(connection)
    context.config.print_stdout("The database is at schema %s.", context.get_context().get_current_revision())
engine.dispose()
