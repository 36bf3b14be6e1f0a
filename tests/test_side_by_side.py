"""Which tests share a process, as pytest-xdist really spreads them."""

import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import pytest

from launcher.paths import PROJECT
from tests.side_by_side import FIRST, LOTS, begin_with_what_waits

CONFTEST = """
from tests.conftest import pytest_xdist_make_scheduler
"""
TEST = """
import os
import time

import pytest

@pytest.mark.parametrize("number", range(4))
def test_it(number):
    time.sleep(0.02)
    with open(os.environ["RAN"], "a") as ran:
        ran.write(f"{os.environ['PYTEST_XDIST_WORKER']} {os.environ['PYTEST_CURRENT_TEST']}\\n")
"""
FILES = [f"{folder}/test_{name}.py" for folder in (*LOTS, "tests/app") for name in "abcde"]


def test_files_of_a_lot_share_one_process_and_all_others_each_have_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in FILES:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(TEST)
    (tmp_path / "pytest.ini").touch()
    (tmp_path / "conftest.py").write_text(CONFTEST)
    monkeypatch.setenv("RAN", str(tmp_path / "ran"))
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    command = [sys.executable, "-m", "pytest", "--import-mode=importlib", "-p", "no:schemathesis"]
    done = subprocess.run(
        [*command, "-n", "4", "--dist", "loadfile", "--no-loadscope-reorder"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert f"{len(FILES) * 4} passed" in done.stdout, done.stdout
    lines = [line.split()[:2] for line in (tmp_path / "ran").read_text().splitlines()]
    processes = defaultdict(set)
    for process, test in lines:
        processes[test.partition("::")[0]].add(process)
    assert {len(of_a_file) for of_a_file in processes.values()} == {1}
    for folder, lots in LOTS.items():
        of_lots = [{*processes[file]} for file in FILES if file.startswith(folder)]
        assert all(one == of_lots[number % lots] for number, one in enumerate(of_lots)), of_lots


class Item(NamedTuple):
    nodeid: str


def test_what_waits_begins_and_all_else_keeps_its_order() -> None:
    quick = [Item("tests/app/test_b.py::test_it"), Item("tests/app/test_a.py::test_it")]
    waiting = [Item(f"{part}x.py::test_it") for part in FIRST]
    items = [quick[0], *reversed(waiting), quick[1]]
    begin_with_what_waits(items)  # type: ignore[arg-type]
    assert items == [*waiting, *quick]
