"""A web application on the tests' database. Its requests commit: each test signs up its own people."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from app.create import create_app
from fechatter import models
from fechatter.config import Config, read_config
from fechatter.redis_link import RedisLink
from tests.app.people import Person, a_chat_of, a_person


@pytest.fixture(scope="session")
def config(database_url: str) -> Iterator[Config]:
    """Its applications give a Redis on a busy machine its time: without it they would count anew, and tell nobody."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("app.services.RedisLink", partial(RedisLink, timeout=30))
        yield replace(read_config("web"), database_url=database_url, rate_limits=False)


@pytest.fixture(scope="session")
def app(config: Config, engine: Engine) -> Iterator[Flask]:
    _number_apart(engine)
    app = create_app(config)
    yield app
    app.extensions["fechatter"].engine.dispose()


@pytest.fixture(scope="session")
def without_redis(config: Config) -> Iterator[Flask]:
    """Another web application, whose Redis is away."""
    app = create_app(replace(config, redis_url="redis://127.0.0.1:1/0"))
    yield app
    app.extensions["fechatter"].engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def ann(app: Flask, engine: Engine) -> Person:
    return a_person(app, engine, "ann")


@pytest.fixture
def ben(app: Flask, engine: Engine) -> Person:
    return a_person(app, engine, "ben")


@pytest.fixture
def chat(engine: Engine, ann: Person, ben: Person) -> models.Chat:
    return a_chat_of(engine, ann, ben)


def _number_apart(engine: Engine) -> None:
    """Ids that no other run has, since runs with databases of their own may share one Redis."""
    with engine.begin() as connection:
        base = connection.scalar(text("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"))
        for table in ("users", "workspaces", "chats", "sessions"):
            connection.execute(text(f"ALTER TABLE {table} ALTER COLUMN id RESTART WITH {base}"))
