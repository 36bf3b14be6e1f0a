"""Refuses a PostgreSQL whose settings break the promise that a 201 is never lost."""

from collections.abc import Mapping
from contextlib import closing

from fechatter.config import Config

SETTINGS: Mapping[str, tuple[str, ...]] = {
    "fsync": ("on",),
    "full_page_writes": ("on",),
    "synchronous_commit": ("on", "remote_apply"),
}
"""What each of them may be."""

PROBE = "SELECT " + ", ".join(f"current_setting('{name}') AS {name}" for name in SETTINGS)  # no input in it


class NotDurable(Exception):
    """PostgreSQL answers a commit before it is safe; the message says what to change, or how to do without."""


def unsafe_settings(values: Mapping[str, str]) -> list[str]:
    """Of these current settings, by name, those with which a crash loses what was answered."""
    return [f"{name} is {values[name]}" for name, allowed in SETTINGS.items() if values[name] not in allowed]


def refuse_unsafe(config: Config) -> None:
    """Asks once, before a process begins to work. Raises NotDurable.

    A PostgreSQL that is away is no reason to end: `/readyz` goes on asking.
    """
    if config.unsafe_postgresql:
        return
    # Here, and without SQLAlchemy: gunicorn's master comes by before gevent has patched what that would import.
    import psycopg2

    try:
        connection = psycopg2.connect(_libpq_url(config.database_url), connect_timeout=3)
        with closing(connection), connection.cursor() as cursor:
            cursor.execute(PROBE)
            values = dict(zip(SETTINGS, cursor.fetchone() or (), strict=True))
    except psycopg2.Error:
        return
    if unsafe := unsafe_settings(values):
        raise NotDurable(
            f"PostgreSQL may lose messages that were answered with 201: {', '.join(unsafe)}.\n"
            "Change that, or set UNSAFE_POSTGRESQL=messages-may-be-lost."
        )


def _libpq_url(url: str) -> str:
    return url.replace("postgresql+psycopg2://", "postgresql://", 1)
