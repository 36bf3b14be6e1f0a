"""What people trust us with is in no line of any log, however much the processes are told to say."""

import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.conftest import System
from tests.journeys.whole_walk import OTHER, Walk

DOORS = ("web", "notify", "worker", "beat")


@pytest.fixture(scope="module")
def walked() -> Iterator[tuple[Walk, str]]:
    """A walk that is over, and all that any process has written meanwhile."""
    folder = Path(tempfile.mkdtemp(prefix="fechatter-logs-"))
    system = System(folder, LOG_LEVEL="DEBUG", CORS_ORIGINS=OTHER, GUNICORN_CMD_ARGS="--log-level debug").start()
    try:
        walk = Walk(system)
        walk.all()
        time.sleep(1.5)  # the sweep, and notify's look at who has signed out
    finally:
        system.stop()
    logs = [path.read_text(errors="replace") for path in folder.rglob("*.log")]
    yield walk, "".join([*system.output, *logs])
    shutil.rmtree(folder, ignore_errors=True)


def test_no_secret_and_nothing_that_people_write_is_in_any_log(walked: tuple[Walk, str]) -> None:
    walk, logs = walked
    assert len(walk.secrets) > 60
    shown = {what: [line for line in logs.splitlines() if secret in line][:3] for what, secret in walk.secrets.items()}
    assert {what: lines for what, lines in shown.items() if lines} == {}


def test_no_address_of_a_client_is_in_any_log_and_no_password_of_a_server(walked: tuple[Walk, str]) -> None:
    _walk, logs = walked
    assert not re.findall(r"(?:redis|postgres\w*)://\S*:[^*\s]+@", logs)
    assert not [line for line in logs.splitlines() if re.search(r"127\.0\.0\.1:\d{5}\b.*(GET|POST)", line)]


@pytest.mark.parametrize("door", DOORS)
def test_every_process_has_said_what_it_does(walked: tuple[Walk, str], door: str) -> None:
    """Or else there was nothing to look through."""
    lines = [line for line in walked[1].splitlines() if line.startswith(f"{door:<8} | ")]
    assert any(" DEBUG " in line for line in lines) or door == "beat", lines[:5]
    if door in ("web", "notify"):
        assert any("/api/" in line for line in lines)


def test_no_password_token_or_address_is_sent_to_redis(walked: tuple[Walk, str]) -> None:
    """Messages are: it passes them on, and keeps lists of chats for half a minute."""
    walk, _ = walked
    commands = "\n".join(walk.commands)
    assert "PUBLISH" in commands.upper()
    meant = ("password", "token", "ticket", "e-mail", "credentials")
    shown = [
        what for what, secret in walk.secrets.items() if any(word in what for word in meant) and secret in commands
    ]
    assert shown == []
