"""Each benchmark runs at a size at which its figures mean nothing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.main import NAMES
from launcher.paths import PROJECT


@pytest.mark.slow
@pytest.mark.by_the_clock
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", NAMES)
def test_each_benchmark_runs_and_keeps_what_it_found(name: str, tmp_path: Path) -> None:
    command = [sys.executable, PROJECT / "bin" / "bench", name, "--tiny", "--rounds", "1", "--results", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, timeout=850)
    assert done.returncode in (0, 1), done.stdout + done.stderr  # 1: a target is missed
    assert json.loads((tmp_path / f"{name}.json").read_text())["tables"]
    assert (tmp_path / f"{name}.txt").read_text() in done.stdout


def test_what_is_no_benchmark_is_named() -> None:
    done = subprocess.run(
        [sys.executable, PROJECT / "bin" / "bench", "speed"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2
    assert "invalid choice: 'speed'" in done.stderr
