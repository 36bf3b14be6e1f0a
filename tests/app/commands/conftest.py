"""Commands as an operator gives them, with DATABASE_URL and no more."""

from collections.abc import Callable

import pytest
from click.testing import Result

from app.commands import create_app

Run = Callable[..., Result]

FOR_WEB = ("REDIS_URL", "JWT_PRIVATE_KEY", "JWT_PUBLIC_KEY", "SECRET_KEY", "PUBLIC_URL", "NOTIFY_URL")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, database_url: str) -> Run:
    """`run("sessions", "list", ..., input="the password")`"""
    for name in FOR_WEB:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", database_url)
    runner = create_app().test_cli_runner()

    def run(*words: str, input: str | None = None) -> Result:
        return runner.invoke(args=list(words), input=input)

    return run
