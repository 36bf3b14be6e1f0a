"""bin/dev as a person meets it, over real servers."""

import os
import signal
import socket
import time
from contextlib import suppress
from pathlib import Path

import pytest

from launcher.leftovers import birth
from tests.by_the_clock import in_time
from tests.family import stop
from tests.launcher.stand_in import Project, wait_until

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for processes in /proc")


def test_sigterm_stops_all_within_five_seconds_and_leaves_no_process(project: Project) -> None:
    project.start_until_ready()
    assert len(project.processes()) > 8

    asked = time.monotonic()
    assert project.send(signal.SIGTERM) == 0

    in_time(asked, 5)
    assert project.processes() == []


def test_a_second_start_keeps_data_and_keys_and_takes_under_five_seconds(project: Project) -> None:
    project.start_until_ready()
    project.send(signal.SIGINT)
    data = project.folder / ".data"
    kept = {file: file.read_bytes() for file in (data / "jwt-private.pem", data / "postgres" / "password")}

    begun = time.monotonic()
    project.start_until_ready()

    in_time(begun, 5)
    assert {file: file.read_bytes() for file in kept} == kept
    assert data.stat().st_mode & 0o777 == 0o700


def test_a_killed_door_is_started_again_with_a_line_that_says_so(project: Project) -> None:
    project.start_until_ready()
    first = project.answer()

    os.kill(int(first), signal.SIGKILL)

    wait_until(lambda: project.answer() not in ("", first))
    assert "web was ended by SIGKILL; starting it again in 0.2 s" in project.said()


def test_killed_servers_are_started_again(project: Project) -> None:
    project.start_until_ready()
    pids = {name: _pid_of(project, name) for name in ("postgres", "redis")}

    for pid in pids.values():
        os.kill(pid, signal.SIGKILL)

    wait_until(lambda: all(_pid_of(project, name) not in (0, pid) for name, pid in pids.items()))


def test_after_kill_9_of_bin_dev_a_new_start_works(project: Project) -> None:
    project.start_until_ready()
    project.send(signal.SIGKILL)

    project.start_until_ready()
    project.send(signal.SIGTERM)

    assert project.processes() == []


def test_kill_9_of_bin_dev_leaves_no_process_for_long(project: Project) -> None:
    project.start_until_ready()
    project.send(signal.SIGKILL)
    killed = time.monotonic()
    wait_until(lambda: project.processes() == [])
    in_time(killed, 3)


def test_a_stopped_leftover_is_ended_by_the_next_start(project: Project) -> None:
    project.start_until_ready()
    door = int(project.answer())
    stop(door)
    project.send(signal.SIGKILL)

    project.start_until_ready()

    assert birth(door) is None
    assert "Ended what an earlier run had left behind." in project.said()


@pytest.mark.parametrize("variable", ["PORT", "NOTIFY_PORT"])
def test_a_taken_port_is_named_with_the_variable_that_helps(project: Project, variable: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = project.run(**{variable: str(port)})

    assert ended.returncode == 1
    assert f"Port {port} is taken; set {variable}" in ended.stderr


def test_a_second_bin_dev_on_the_same_data_is_refused(project: Project) -> None:
    project.start_until_ready()
    ended = project.run()

    assert ended.returncode == 1
    assert "Another bin/dev" in ended.stderr
    assert project.answer()


def test_servers_that_are_given_are_used_and_none_started(project: Project) -> None:
    given = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}

    project.start_until_ready(**given)

    assert _pid_of(project, "postgres") == _pid_of(project, "redis") == 0


def test_a_failed_release_ends_with_its_own_words(project: Project) -> None:
    procfile = project.folder / "Procfile"
    procfile.write_text(procfile.read_text() + "release: echo no such column; exit 3\n")

    ended = project.run()

    assert ended.returncode == 1
    assert "release  | no such column" in ended.stdout
    assert "The release step ended with status 3" in ended.stderr
    assert project.processes() == []


def _pid_of(project: Project, program: str) -> int:
    """The oldest process of the project that runs this program, or 0."""
    for pid in sorted(project.processes()):
        with suppress(OSError):  # it may have ended
            if Path(f"/proc/{pid}/comm").read_text().startswith(program):
                return pid
    return 0
