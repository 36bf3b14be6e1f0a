"""A web application on the tests' database. Its requests commit: each test signs up its own people."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from app.create import create_app
from fechatter.config import Config, read_config


@pytest.fixture(scope="session")
def config(database_url: str) -> Config:
    return replace(read_config("web"), database_url=database_url, rate_limits=False)


@pytest.fixture(scope="session")
def app(config: Config, engine: Engine) -> Iterator[Flask]:
    _number_apart(engine)
    app = create_app(config)
    yield app
    app.extensions["fechatter"].engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def _number_apart(engine: Engine) -> None:
    """Ids that no other run has, since runs with databases of their own may share one Redis."""
    with engine.begin() as connection:
        base = connection.scalar(text("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"))
        for table in ("users", "workspaces", "chats", "sessions"):
            connection.execute(text(f"ALTER TABLE {table} ALTER COLUMN id RESTART WITH {base}"))
