"""schemathesis tries every operation that /openapi.json describes: no 500, and no answer that it does not describe."""

import os
import subprocess
from pathlib import Path

import pytest

from launcher.environment import folder
from launcher.paths import PROJECT
from tests.journeys.conftest import System

HOOKS = Path(__file__).with_name("schemathesis_hooks.py")
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
    "response_headers_conformance,ignored_auth,unsupported_method"
)
OTHERS = ("nobody", "signed out", "stranger", "ex-member", "suspended here", "guest", "a bot")
"""Who asks about a workspace that somebody else owns, but for the bot, which is its owner's."""


def _run(system: System, who: str, *options: str) -> None:
    program = folder() / "bin" / "schemathesis"
    command = [str(program), "run", f"{system.url}/openapi.json", "--checks", CHECKS, *options]
    told = {"SCHEMATHESIS_HOOKS": str(HOOKS), "FECHATTER_URL": system.url, "FECHATTER_WHO": who}
    environ = os.environ | told | {"PYTHONPATH": str(PROJECT)}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=850)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_every_operation_answers_as_described(system: System) -> None:
    _run(
        system,
        "owner",
        "--phases",
        "examples,coverage,fuzzing",
        "--max-examples",
        "5",
        "--seed",
        "7",
        "--max-time",
        "25",
    )


def test_it_answers_as_described_whoever_asks(system: System) -> None:
    """Each in turn for some seconds; below each has its own run."""
    _run(system, ",".join(OTHERS), "--phases", "examples,coverage", "--seed", "7", "--max-time", "35")


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("who", ["owner", *OTHERS])
def test_every_operation_answers_as_described_however_long_one_tries(system: System, who: str) -> None:
    _run(system, who, "--max-examples", "60", "--seed", "11", "--max-time", "120" if who == "owner" else "25")
