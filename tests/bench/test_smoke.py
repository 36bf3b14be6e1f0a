"""Each benchmark runs at a size at which its figures mean nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.options import BENCHMARKS, HEAVY, read_options
from launcher.paths import PROJECT


@pytest.mark.slow
@pytest.mark.by_the_clock
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", BENCHMARKS)
def test_each_benchmark_runs_and_keeps_what_it_found(name: str, tmp_path: Path) -> None:
    command = [sys.executable, PROJECT / "bin" / "bench", name, "--tiny", "--rounds", "1", "--results", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, timeout=850)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads((tmp_path / f"{name}.json").read_text())["tables"]
    assert list(tmp_path.glob(f"{name}-*.svg"))
    assert (tmp_path / f"{name}.txt").read_text() in done.stdout
    assert "Its figures mean nothing" in done.stdout


@pytest.mark.parametrize(
    ("words", "status"), [("--help", 0), ("", 2), ("speed", 2), ("post --rounds 0", 2), ("post --results README.md", 2)]
)
def test_what_can_be_asked_for_is_told_before_anything_is_installed(words: str, status: int, tmp_path: Path) -> None:
    command = [sys.executable, PROJECT / "bin" / "bench", *words.split()]
    told = os.environ | {"VENV_DIR": str(tmp_path / "new")}
    done = subprocess.run(command, env=told, capture_output=True, text=True, timeout=60)
    assert done.returncode == status, done.stderr
    assert "usage: bin/bench" in done.stdout + done.stderr
    assert not list(tmp_path.iterdir())
    if words == "speed":
        assert "invalid choice: 'speed'" in done.stderr
    if status == 0:
        assert all(f"\n  {name} " in done.stdout for name in (*BENCHMARKS, "all"))


def test_all_leaves_out_what_is_heavy_unless_it_is_named() -> None:
    assert set(BENCHMARKS) - set(read_options(["all"]).names) == set(HEAVY)
    assert set(read_options(["all", *HEAVY]).names) == set(BENCHMARKS)
    assert read_options(["relay", "post", "relay"]).names == ["relay", "post"]
