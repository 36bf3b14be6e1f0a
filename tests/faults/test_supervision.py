"""What dies is started again within a second, what is held down is not, and in the end nothing is left."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.leftovers import birth
from launcher.process import Process
from tests.doors import until
from tests.family import family, stopped
from tests.faults.supervision import Supervision

pytestmark = pytest.mark.by_the_clock

WITH_CHILD = "setsid sleep 1000 & exec sleep 1000"
Deaths = list[tuple[str, int | None]]


@pytest.fixture
def deaths() -> Deaths:
    return []


@pytest.fixture
def supervision(deaths: Deaths) -> Iterator[Supervision]:
    supervision = Supervision(1, lambda name, status: deaths.append((name, status)))
    yield supervision
    supervision.end(["sleeper"])


def a_sleeper(supervision: Supervision) -> Process:
    process = Process("sleeper", ["sleep", "1000"])
    supervision.watch(process)
    assert process.is_alive
    return process


def test_what_was_killed_is_another_process_within_a_second(supervision: Supervision, deaths: Deaths) -> None:
    process = a_sleeper(supervision)
    for number in (1, 2):
        pid, began = process.pid, time.monotonic()
        os.kill(pid, signal.SIGKILL)
        supervision.wait_for_start("sleeper", number)
        assert 0.1 <= time.monotonic() - began < 1
        assert process.pid != pid
    assert deaths == [("sleeper", -signal.SIGKILL)] * 2


def test_what_is_held_down_stays_down_until_it_is_let_go(supervision: Supervision) -> None:
    process = a_sleeper(supervision)
    with supervision.held("sleeper"), supervision.held("sleeper"):
        process.send(signal.SIGKILL)
        time.sleep(1.1)
        assert not process.is_alive
    supervision.wait_for_start("sleeper", 1)


def test_what_ends_by_itself_is_started_again_and_told_of(supervision: Supervision, deaths: Deaths) -> None:
    supervision.watch(Process("sleeper", ["sh", "-c", "exit 3"]))
    supervision.wait_for_start("sleeper", 1)
    assert deaths[0] == ("sleeper", 3)


def test_in_the_end_nothing_is_left_not_even_what_was_stopped(deaths: Deaths) -> None:
    supervision = Supervision(1, lambda *_: None)
    process = a_sleeper(supervision)
    process.send(signal.SIGSTOP)
    began = time.monotonic()
    supervision.end(["sleeper"])
    assert not process.is_alive
    assert time.monotonic() - began < 3


def test_a_family_is_stopped_with_those_who_left_its_group(tmp_path: Path) -> None:
    with Process("family", ["sh", "-c", WITH_CHILD], folder=tmp_path) as process:
        until(lambda: len(family(process.pid)) == 2, 30, "two of them")
        both = family(process.pid)
        with stopped(process.pid) as number:
            assert number == 2
            assert [state(pid) for pid in both] == ["T", "T"]
        assert "T" not in [state(pid) for pid in both]
        with stopped(process.pid):
            os.kill(both[1], signal.SIGKILL)
    until(lambda: birth(both[1]) is None, 30, "its end")


def test_what_was_stopped_wakes_even_if_who_stopped_it_is_killed() -> None:
    code = "import sys, time; from tests.family import stopped\nwith stopped(int(sys.argv[1])): time.sleep(1000)"
    with Process("sleep", ["sleep", "1000"]) as sleeper:
        with Process("stopper", [sys.executable, "-c", code, str(sleeper.pid)]) as stopper:
            until(lambda: state(sleeper.pid) == "T", 30, "stopped")
            stopper.kill()
        until(lambda: state(sleeper.pid) != "T", 30, "awake")


def state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
