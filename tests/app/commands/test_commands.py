"""Commands need no more of the environment than their work does, and fail in plain words."""

import stat
from pathlib import Path

import pytest
from sqlalchemy import Engine

from fechatter.config import read_config
from fechatter.feed.pages import read_feeds
from tests.app.commands.conftest import Run
from tests.fechatter.feed.feeds import a_feed


def values(env: str) -> dict[str, str]:
    return {name: value.strip("'") for name, _, value in (line.partition("=") for line in env.splitlines())}


def test_the_keys_that_are_made_are_taken_by_web(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")
    made = values(run("make-keys").output)
    urls = {"PUBLIC_URL": "https://a.example", "NOTIFY_URL": "https://b.example"}
    servers = {"DATABASE_URL": "postgresql://x/y", "REDIS_URL": "redis://x"}
    config = read_config("web", made | urls | servers)
    assert config.private_key
    assert [config.private_key.public_key()] == list(config.public_keys.values())


def test_two_installations_get_different_keys(run: Run) -> None:
    first, second = values(run("make-keys").output), values(run("make-keys").output)
    assert all(first[name] != second[name] for name in first)


def test_a_file_of_keys_is_for_its_owner_and_never_overwritten(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "keys.env"
    assert run("make-keys", "--to", str(file)).exit_code == 0
    before = file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "JWT_PRIVATE_KEY='" in before
    assert run("make-keys", "--to", str(file)).exit_code == 1
    assert file.read_text() == before


def test_without_a_database_url_a_command_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")
    refused = run("renew-epochs")
    assert refused.exit_code == 1
    assert "DATABASE_URL is missing" in refused.output


def test_without_postgresql_a_command_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://postgres:s3cret@127.0.0.1:1/none")
    refused = run("renew-epochs")
    assert refused.exit_code == 1
    assert refused.output.startswith("Error: PostgreSQL: ")
    assert "s3cret" not in refused.output


def test_renewed_epochs_are_higher(run: Run, engine: Engine) -> None:
    workspace = a_feed(engine)
    before = read_feeds(engine, [workspace])[workspace].epoch
    assert run("renew-epochs").exit_code == 0
    assert read_feeds(engine, [workspace])[workspace].epoch > before
