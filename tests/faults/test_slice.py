"""Two minutes of what bin/faults does for an hour: everything at random, from a fixed seed."""

import subprocess
import sys

import pytest

from launcher.paths import PROJECT

SECONDS, RATE, SEED = 120, 60, 1


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_two_minutes_of_faults_break_no_promise() -> None:
    options = {"seconds": SECONDS, "rate": RATE, "seed": SEED}
    command = [sys.executable, "-m", "tests.faults", *(f"--{name}={value}" for name, value in options.items())]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
