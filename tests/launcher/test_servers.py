"""PostgreSQL and Redis of our own, from both places that they can come from."""

import os
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import get_args

import psycopg2
import pytest
import redis

from launcher.account import account_for
from launcher.binaries import Source, find_postgres, find_redis
from launcher.errors import LaunchError
from launcher.postgres import Postgres
from launcher.process import Process
from launcher.servers import kind_from_environment, servers, wait_until_ready


@pytest.fixture(params=get_args(Source))
def source(request: pytest.FixtureRequest) -> Source:
    """Each place that servers come from, if this machine has both of them there."""
    kind: Source = request.param
    try:
        find_postgres(kind)
        find_redis(kind)
    except LaunchError as missing:
        pytest.skip(str(missing))
    return kind


@pytest.fixture(scope="module")
def running() -> Iterator[dict[str, str]]:
    with servers() as urls:
        yield urls


def test_servers_of_each_kind_start_and_answer(source: Source) -> None:
    with servers(kind=source) as urls:
        assert ask(urls, "SHOW server_encoding") == "UTF8"
        assert client(urls["REDIS_URL"]).ping()


def test_the_database_is_its_owners_who_is_no_superuser(running: dict[str, str]) -> None:
    owner = "SELECT datdba::regrole::text FROM pg_database WHERE datname = current_database()"
    assert ask(running, owner) == "fechatter"
    assert ask(running, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False


def test_nobody_gets_in_without_the_password(running: dict[str, str]) -> None:
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(without_password(running["DATABASE_URL"]))
    with pytest.raises(redis.AuthenticationError):
        client(without_password(running["REDIS_URL"])).ping()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has it")
def test_postgresql_pushes_nobody_aside(running: dict[str, str]) -> None:
    assert os.sched_getscheduler(int(str(ask(running, "SELECT pg_backend_pid()")))) == os.SCHED_BATCH


def test_passwords_stand_on_no_command_line(running: dict[str, str]) -> None:
    shown = command_lines()
    assert any(b"postgres" in line for line in shown)
    for url in running.values():
        assert not [line for line in shown if password(url).encode() in line]


def test_data_is_kept_and_opened_by_the_version_that_made_it(tmp_path: Path) -> None:
    with servers(tmp_path, "wheels", durable=True) as urls:
        made_by = ask(urls, "SHOW server_version")
        ask(urls, "CREATE TABLE kept AS SELECT 42 AS answer; SELECT 1")

    with servers(tmp_path, "auto", durable=True) as urls:
        assert ask(urls, "SELECT answer FROM kept") == 42
        assert ask(urls, "SHOW server_version") == made_by


def test_only_servers_that_are_kept_survive_a_power_cut(tmp_path: Path, running: dict[str, str]) -> None:
    with servers(tmp_path, durable=True) as urls:
        assert [ask(urls, f"SHOW {name}") for name in ("fsync", "synchronous_commit", "full_page_writes")] == ["on"] * 3
    assert ask(running, "SHOW fsync") == "off"


@pytest.mark.parametrize("kind", ["system", "wheels", "auto"])
def test_data_of_another_major_version_is_refused(tmp_path: Path, kind: Source) -> None:
    data = tmp_path / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("13\n")

    with pytest.raises(LaunchError, match=r"made by PostgreSQL 13, .*postgresql-13"):
        Postgres(tmp_path / "postgres", kind, durable=True)


def test_a_half_made_database_is_made_again(tmp_path: Path) -> None:
    draft = tmp_path / "postgres" / "data.new"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")

    with servers(tmp_path) as urls:
        assert ask(urls, "SELECT 1") == 1


def test_a_lock_file_that_names_a_foreign_process_is_stale(tmp_path: Path) -> None:
    with servers(tmp_path):
        pass
    account = account_for(tmp_path / "postgres")
    # After a restart of the machine the id may be that of any other process of the same account.
    with Process("other", ["sleep", "1000"], folder=Path("/"), account=account) as other:
        (tmp_path / "postgres" / "data" / "postmaster.pid").write_text(f"{other.pid}\n{tmp_path}\n")

        with servers(tmp_path) as urls:
            assert ask(urls, "SELECT 1") == 1


def test_a_running_postgres_of_the_same_data_is_not_disturbed(tmp_path: Path) -> None:
    with servers(tmp_path) as urls:
        with pytest.raises(LaunchError, match="already runs"):
            Postgres(tmp_path / "postgres", "auto", durable=False)
        assert ask(urls, "SELECT 1") == 1


def test_settings_of_its_own_count_over_ours(tmp_path: Path) -> None:
    server = Postgres(tmp_path / "postgres", "auto", durable=False, settings={"shared_buffers": "40MB"})
    with server.process:
        wait_until_ready(server.process, server.is_ready, tmp_path)
        urls = {"DATABASE_URL": server.url}
        assert [ask(urls, f"SHOW {name}") for name in ("shared_buffers", "fsync", "jit")] == ["40MB", "off", "off"]


def test_an_unknown_kind_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVERS", "docker")
    with pytest.raises(LaunchError, match="SERVERS is docker"):
        kind_from_environment()


def command_lines() -> list[bytes]:
    lines = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            lines.append(file.read_bytes())
    return lines


def ask(urls: dict[str, str], query: str) -> object:
    with closing(psycopg2.connect(urls["DATABASE_URL"])) as connection, connection, connection.cursor() as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
        return row[0] if row else None


def client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url)


def password(url: str) -> str:
    return url.partition("@")[0].rpartition(":")[2]


def without_password(url: str) -> str:
    return url.replace(f":{password(url)}@", "@")
