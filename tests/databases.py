"""Databases of a test's own, beside the one of the run."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from sqlalchemy import Connection, create_engine, make_url, text


@contextmanager
def a_database(beside: str) -> Iterator[str]:
    """An empty one on the server of the URL `beside`; gone after the block."""
    name = f"test_{uuid4().hex[:12]}"
    admin = create_engine(beside, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"))
    try:
        yield make_url(beside).set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            drop_database(connection, name)
        admin.dispose()


def drop_database(connection: Connection, name: str) -> None:
    """Also while others are connected. Not WITH (FORCE), which refuses where autovacuum is at work just then."""
    ours = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name AND usename = current_user"
    connection.execute(text(ours), {"name": name})
    connection.execute(text(f"DROP DATABASE {name}"))
