"""A child process: its group, its end, and its end with its parent."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from launcher.leftovers import Record, birth
from launcher.paths import PROJECT
from launcher.process import Process
from tests.launcher.stand_in import wait_until

DEAF = "trap '' TERM; echo $$ >deaf; while :; do sleep 0.1; done"
PARENT = """
from launcher.process import Process
child = Process("child", ["sleep", "1000"])
child.start()
print(child.pid, flush=True)
time.sleep(1000)
"""
WITH_CHILD = "sleep 1000 & echo $! >child; wait"


def test_a_process_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    with Process("deaf", ["sh", "-c", DEAF], folder=tmp_path) as process:
        pid_in(tmp_path / "deaf")
        process.stop(0.2)
    assert process.status == -signal.SIGKILL


def test_what_a_process_started_ends_with_it(tmp_path: Path) -> None:
    with Process("parent", ["sh", "-c", WITH_CHILD], folder=tmp_path):
        child = pid_in(tmp_path / "child")
        assert birth(child)
    wait_until(lambda: birth(child) is None)


def test_a_restart_is_another_process(tmp_path: Path) -> None:
    with Process("sleep", ["sleep", "1000"], folder=tmp_path) as process:
        first = process.pid
        process.restart()
        assert process.is_alive
        assert process.pid != first


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has it")
@pytest.mark.parametrize("polite", [True, False])
def test_a_polite_process_and_what_it_starts_push_nobody_aside(tmp_path: Path, polite: bool) -> None:
    with Process("parent", ["sh", "-c", WITH_CHILD], folder=tmp_path, polite=polite) as process:
        of_both = {os.sched_getscheduler(pid) for pid in (process.pid, pid_in(tmp_path / "child"))}
    assert of_both == {os.SCHED_BATCH if polite else os.SCHED_OTHER}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child")
def test_a_process_ends_with_its_parent(tmp_path: Path) -> None:
    start = (
        "from launcher.process import Process; p = Process('x', ['sleep', '1000']); p.start(); print(p.pid, flush=True)"
    )
    wait = "import time; time.sleep(1000)"
    command = [sys.executable, "-c", f"{start}; {wait}"]
    parent = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    child = int(parent.stdout.readline())

    parent.kill()
    parent.wait()
    parent.stdout.close()

    wait_until(lambda: birth(child) is None)


def test_only_the_very_process_that_was_noted_is_ended_as_a_leftover(tmp_path: Path) -> None:
    with Process("ours", ["sleep", "1000"]) as ours, Process("other", ["sleep", "1000"]) as other:
        known, recycled = birth(ours.pid), birth(other.pid)
        assert known
        assert recycled
        # As if the second had got an id that was another's when it was noted.
        noted = [asdict(known), asdict(replace(recycled, started=recycled.started + "0"))]
        (tmp_path / "processes.json").write_text(json.dumps(noted))

        assert Record(tmp_path / "processes.json").end_leftovers() == 1

        assert not ours.is_alive
        assert other.is_alive


def test_a_child_that_outlived_a_noted_process_is_ended(tmp_path: Path) -> None:
    with Process("parent", ["sh", "-c", WITH_CHILD], folder=tmp_path) as parent:
        child = pid_in(tmp_path / "child")
        Record(tmp_path / "processes.json").note("parent", parent.pid)
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()

        assert Record(tmp_path / "processes.json").end_leftovers() == 1
        assert birth(child) is None


def pid_in(file: Path) -> int:
    wait_until(lambda: file.exists() and file.read_text().endswith("\n"))
    return int(file.read_text())
