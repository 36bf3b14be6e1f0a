"""Each line of the Procfile runs alone, with nothing but the variables that the documents name."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from fechatter.readiness import newest_schema
from launcher.paths import PROJECT
from launcher.ports import free_port
from launcher.procfile import read_procfile
from tests.databases import a_database
from tests.doors import Door

DOORS = ("release", "web", "notify", "worker", "beat")


@pytest.fixture
def empty_database_url(database_url: str) -> Iterator[str]:
    with a_database(database_url) as url:
        yield url


def ended(door: Door) -> int | None:
    with door.process:
        return door.process.wait(60)


def test_the_procfile_has_the_five_processes() -> None:
    assert tuple(read_procfile(PROJECT / "Procfile")) == DOORS


@pytest.mark.parametrize("name", DOORS)
def test_an_incomplete_environment_is_named_without_a_traceback(name: str, tmp_path: Path) -> None:
    door = Door(name, tmp_path / "log", LOG_LEVEL="LOUD")
    assert ended(door) not in (0, None)
    assert "DATABASE_URL is missing" in door.said()
    assert "LOG_LEVEL must be one of" in door.said()
    assert "Traceback" not in door.said()


def test_web_becomes_notify_where_only_web_is_routed(tmp_path: Path) -> None:
    door = Door("web", tmp_path / "log", FECHATTER_DOOR="notify")
    ended(door)
    assert "JWT_PUBLIC_KEY is missing" in door.said()
    assert "JWT_PRIVATE_KEY" not in door.said()


@pytest.mark.parametrize("name", ["web", "notify"])
@pytest.mark.parametrize("count", ["x", "0"])
def test_a_number_of_processes_that_is_none_is_named_by_both_doors(name: str, count: str, tmp_path: Path) -> None:
    door = Door(name, tmp_path / "log", WEB_CONCURRENCY=count)
    assert ended(door) not in (0, None)
    assert "WEB_CONCURRENCY must be a whole number from 1 to 64" in door.said()
    assert "Traceback" not in door.said()


@pytest.mark.parametrize("name", ["web", "notify"])
def test_a_number_of_processes_that_is_empty_is_left_out(name: str, tmp_path: Path) -> None:
    door = Door(name, tmp_path / "log", WEB_CONCURRENCY="")
    assert ended(door) not in (0, None)
    assert "DATABASE_URL is missing" in door.said()
    assert "WEB_CONCURRENCY" not in door.said()


def test_a_door_that_there_is_not_is_named(tmp_path: Path) -> None:
    door = Door("web", tmp_path / "log", FECHATTER_DOOR="foo")
    assert ended(door) not in (0, None)
    assert door.said() == "FECHATTER_DOOR must be one of web, notify\n"


def test_the_release_says_in_one_line_why_it_was_not_done(tmp_path: Path) -> None:
    door = Door("release", tmp_path / "log", DATABASE_URL="postgresql://somebody:s3cret@127.0.0.1:1/none")
    assert ended(door) == 1
    assert door.said().startswith("PostgreSQL: connection to server")
    assert len(door.said().splitlines()) == 1
    assert "s3cret" not in door.said()


def test_a_second_worker_says_that_it_shows_no_metrics(tmp_path: Path, database_url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        servers = {"DATABASE_URL": database_url, "REDIS_URL": "redis://127.0.0.1:1/0"}
        port = str(taken.getsockname()[1])
        door = Door("worker", tmp_path / "log", METRICS_PORT=port, **servers)
        with door.process:
            door.until_it_says(f"METRICS_PORT {port} cannot be listened on (Address already in use)")
    assert "Traceback" not in door.said()


def test_the_release_is_done_with_a_database_url_alone(tmp_path: Path, database_url: str) -> None:
    door = Door("release", tmp_path / "log", DATABASE_URL=database_url)
    assert ended(door) == 0, door.said()
    assert door.said() == f"The database is at schema {newest_schema()}.\n"


def test_two_releases_at_once_make_the_schema_once(tmp_path: Path, empty_database_url: str) -> None:
    doors = [Door("release", tmp_path / f"log{number}", DATABASE_URL=empty_database_url) for number in (1, 2)]
    with doors[0].process, doors[1].process:
        assert [door.process.wait(60) for door in doors] == [0, 0], "".join(door.said() for door in doors)


@pytest.mark.parametrize("name", ["web", "notify"])
def test_a_door_answers_in_production_even_before_there_is_a_redis(
    name: str, tmp_path: Path, database_url: str
) -> None:
    port = free_port()
    told = {key: os.environ[key] for key in ("JWT_PRIVATE_KEY", "JWT_PUBLIC_KEY", "SECRET_KEY")}
    urls = {"PUBLIC_URL": "https://chat.example.org", "NOTIFY_URL": "https://stream.example.org"}
    servers = {"DATABASE_URL": database_url, "REDIS_URL": "redis://127.0.0.1:1/0"}
    door = Door(name, tmp_path / "log", HOST="127.0.0.1", PORT=str(port), **told, **urls, **servers)
    with door.process:
        door.until_it_answers(f"http://127.0.0.1:{port}/healthz")
        readiness = httpx.get(f"http://127.0.0.1:{port}/readyz")
    assert (readiness.status_code, readiness.json()["status"]) == (200, "degraded"), door.said()


@pytest.mark.parametrize("name", ["release", "web", "notify", "worker"])
def test_a_postgresql_that_may_forget_what_it_committed_is_refused(
    name: str, tmp_path: Path, database_url: str
) -> None:
    """The tests' own is one; what allows it elsewhere is left out here."""
    told = {key: os.environ[key] for key in ("JWT_PRIVATE_KEY", "JWT_PUBLIC_KEY", "SECRET_KEY")}
    urls = {"PUBLIC_URL": "https://chat.example.org", "NOTIFY_URL": "https://stream.example.org"}
    servers = {"DATABASE_URL": database_url, "REDIS_URL": "redis://127.0.0.1:1/0", "PORT": str(free_port())}
    door = Door(name, tmp_path / "log", HOST="127.0.0.1", UNSAFE_POSTGRESQL="", **told, **urls, **servers)
    assert ended(door) not in (0, None)
    assert "fsync is off, full_page_writes is off" in door.said()
    assert "UNSAFE_POSTGRESQL=messages-may-be-lost" in door.said()
    assert "Traceback" not in door.said()


def test_beat_waits_for_a_redis_that_is_away(tmp_path: Path) -> None:
    servers = {"DATABASE_URL": "postgresql://127.0.0.1:1/none", "REDIS_URL": "redis://:s3cret@127.0.0.1:1/0"}
    door = Door("beat", tmp_path / "log", **servers)
    with door.process:
        door.until_it_says("beat: Starting")
        assert door.process.wait(2) is None
    assert "s3cret" not in door.said()
