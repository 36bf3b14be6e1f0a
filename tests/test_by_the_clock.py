"""What the clock may have brought about is tried again, and nothing else is."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from launcher.paths import PROJECT

CONFTEST = """
from tests.by_the_clock import let_be_tried_again

def pytest_collection_modifyitems(items):
    let_be_tried_again(items)
"""
TESTS = """
from collections import Counter
from time import monotonic

import pytest

from tests.by_the_clock import TooLate, in_time

tries = Counter()


@pytest.fixture
def fresh():
    return []


def test_late_twice(fresh):
    tries["late"] += 1
    fresh.append(1)
    assert fresh == [1]
    in_time(monotonic() - (9 if tries["late"] < 3 else 0), 5)


@pytest.mark.by_the_clock
def test_marked():
    tries["marked"] += 1
    assert tries["marked"] == 2


def test_always_late():
    tries["always"] += 1
    in_time(monotonic() - 9, 5)


def test_wrong():
    tries["wrong"] += 1
    raise AssertionError


@pytest.fixture
def broken():
    tries["broken"] += 1
    raise AssertionError


@pytest.mark.by_the_clock
def test_with_a_fixture(broken):
    pass


def test_so_often_each_was_tried():
    assert tries == {"late": 3, "marked": 2, "always": 3, "wrong": 1, "broken": 3}
"""


@pytest.mark.parametrize("side_by_side", [[], ["-n", "1"]], ids=["alone", "in a process of xdist"])
def test_what_is_too_late_or_marked_is_tried_three_times_and_all_else_once(
    tmp_path: Path, side_by_side: list[str]
) -> None:
    (tmp_path / "test_trial.py").write_text(TESTS)
    (tmp_path / "pytest.ini").touch()
    (tmp_path / "conftest.py").write_text(CONFTEST)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-rR",
        "-p",
        "no:schemathesis",
        "-c",
        tmp_path / "pytest.ini",
        *side_by_side,
    ]
    done = subprocess.run([*command, tmp_path], cwd=PROJECT, capture_output=True, text=True, timeout=100)
    lines = done.stdout.splitlines()
    assert "2 failed, 3 passed" in lines[-1], done.stdout
    assert "1 error, 7 rerun" in lines[-1], done.stdout
    again = Counter(line.split("::")[1].split()[0] for line in lines if line.startswith("RERUN "))
    assert again == {"test_late_twice": 2, "test_marked": 1, "test_always_late": 2, "test_with_a_fixture": 2}
