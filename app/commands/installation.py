"""Opens the database for a command, and turns whatever is refused or away into one line instead of a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from fechatter.config import BadConfig, Config, Door, read_config
from fechatter.db import make_engine
from fechatter.errors import ChatError
from fechatter.orm import make_sessions


def told(door: Door = "release") -> Config:
    """What this door needs of the environment."""
    try:
        return read_config(door)
    except BadConfig as bad:
        raise click.ClickException(str(bad)) from bad


@contextmanager
def transaction() -> Iterator[Session]:
    """Committed behind the block; DATABASE_URL is all that it needs."""
    engine = make_engine(told().database_url, pool=2, name="command")
    try:
        with make_sessions(engine).begin() as session:
            yield session
    except ChatError as error:
        raise click.ClickException(error.detail) from error
    except DBAPIError as error:
        raise click.ClickException(f"PostgreSQL: {str(error.orig).strip().splitlines()[0]}") from error
    finally:
        engine.dispose()
