"""The way back from a backup that the operator's guide describes, on a database of this run."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url, text

from app.commands import create_app
from fechatter.cursor import Place
from fechatter.db import make_engine
from fechatter.feed.pages import Trimmed, read_feeds, read_page
from launcher.binaries import find_postgres
from launcher.servers import kind_from_environment
from tests.conftest import migrate
from tests.databases import a_database
from tests.world import World


def program(name: str) -> str:
    """Of the PostgreSQL that tests run on; a server elsewhere may be too new for it."""
    beside = find_postgres(kind_from_environment()).path.with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def address(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture
def empty_url(database_url: str) -> Iterator[str]:
    with a_database(database_url) as url:
        yield url


def test_a_restored_backup_has_every_message_and_streams_start_afresh(
    database_url: str, empty_url: str, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(engine)
    ann = world.person()
    workspace = world.workspace(ann)
    chat = world.chat(ann, workspace, type="public_channel")
    for number in range(3):
        world.post(ann, chat, f"message {number}")
    world.relay(workspace)
    state = read_feeds(engine, [workspace])[workspace]

    backup = str(tmp_path / "fechatter.dump")
    subprocess.run([program("pg_dump"), "-Fc", "-f", backup, address(database_url)], check=True)
    subprocess.run(
        [program("pg_restore"), "--exit-on-error", "--no-owner", "-d", address(empty_url), backup], check=True
    )
    migrate(empty_url)
    monkeypatch.setenv("DATABASE_URL", empty_url)
    assert create_app().test_cli_runner().invoke(args=["renew-epochs"]).exit_code == 0

    restored = make_engine(empty_url, pool=1, name="tests")
    with restored.connect() as connection:
        said = connection.scalars(text("SELECT content FROM messages WHERE chat_id = :c ORDER BY seq"), {"c": chat})
        assert list(said) == ["message 0", "message 1", "message 2"]
        assert connection.scalar(text("SHOW lock_timeout")) == "3s"
    assert read_feeds(restored, [workspace])[workspace].head == state.head
    with pytest.raises(Trimmed):
        read_page(restored, workspace, Place(state.epoch, state.head))
    restored.dispose()
