"""Starting again what dies, patiently, and showing what it says."""

import io
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.console import Console
from launcher.leftovers import Record
from launcher.process import Process
from launcher.supervisor import Supervisor
from tests.by_the_clock import in_time


class Shown(io.BytesIO):
    @property
    def lines(self) -> list[str]:
        return self.getvalue().decode().splitlines()


@pytest.fixture
def shown() -> Shown:
    return Shown()


@pytest.fixture
def supervisor(tmp_path: Path, shown: Shown) -> Iterator[Supervisor]:
    supervisor = Supervisor(Console(shown), Record(tmp_path / "processes.json"))
    yield supervisor
    supervisor.stop(supervisor.names, 1)
    supervisor.console.close()


def shell(supervisor: Supervisor, name: str, command: str) -> Process:
    return Process(name, ["sh", "-c", command], output=supervisor.console.channel(name))


def test_what_dies_again_and_again_is_started_with_growing_patience(supervisor: Supervisor, shown: Shown) -> None:
    supervisor.start(shell(supervisor, "web", "echo begun; exit 3"))

    supervisor.run(lambda: len(shown.lines) > 5, 60)

    assert shown.lines == [
        "web      | begun",
        "web ended with status 3; starting it again in 0.2 s",
        "web      | begun",
        "web ended with status 3; starting it again in 0.4 s",
        "web      | begun",
        "web ended with status 3; starting it again in 0.8 s",
    ]


def test_last_words_stand_before_the_line_of_the_end(supervisor: Supervisor, shown: Shown) -> None:
    process = shell(supervisor, "web", "echo last words; exit 3")
    supervisor.start(process)
    process.wait()

    supervisor._revive(supervisor._watched["web"])

    assert shown.lines == ["web      | last words", "web ended with status 3; starting it again in 0.2 s"]


def test_after_a_long_life_patience_begins_anew(
    supervisor: Supervisor, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("launcher.supervisor.LONG_LIFE", 0.1)
    supervisor.start(shell(supervisor, "web", "sleep 0.2"))

    supervisor.run(lambda: len(shown.lines) > 1, 60)

    assert [line.rpartition(" again ")[2] for line in shown.lines] == ["in 0.2 s", "in 0.2 s"]


def test_all_are_stopped_at_once_and_the_deaf_killed(supervisor: Supervisor, shown: Shown) -> None:
    deaf = "trap '' TERM; echo deaf; while :; do sleep 0.1; done"
    processes = [shell(supervisor, f"deaf{n}", deaf) for n in range(3)]
    for process in processes:
        supervisor.start(process)
    supervisor.run(lambda: len(shown.lines) == 3, 60)

    begun = time.monotonic()
    supervisor.stop(supervisor.names, 0.3)

    in_time(begun, 0.6)
    assert [process.status for process in processes] == [-signal.SIGKILL] * 3


def test_what_is_stopped_is_not_started_again(supervisor: Supervisor, shown: Shown) -> None:
    process = shell(supervisor, "web", "sleep 1000")
    supervisor.start(process)
    supervisor.stop(["web"], 1)

    supervisor.run(lambda: False, 0.5)

    assert not process.is_alive
    assert shown.lines == []


def test_lines_of_several_processes_are_never_mixed(supervisor: Supervisor, shown: Shown) -> None:
    slowly = "for part in a b c; do printf $part; sleep 0.1; done; echo"
    processes = [shell(supervisor, name, slowly) for name in ("one", "two")]
    for process in processes:
        process.start()

    supervisor.run(lambda: len(shown.lines) == 2, 60)

    assert sorted(shown.lines) == ["one      | abc", "two      | abc"]
    for process in processes:
        process.stop()


def test_a_line_without_an_end_is_shown_in_parts(supervisor: Supervisor, shown: Shown) -> None:
    endless = shell(supervisor, "web", "tr '\\0' x </dev/zero")
    endless.start()
    supervisor.run(lambda: len(shown.lines) > 2, 60)
    endless.kill()
    assert max(map(len, shown.lines)) < 200_000
