"""The command line of bin/chat."""

import subprocess
import sys
from pathlib import Path

import pytest

from client.arguments import arguments
from launcher.paths import PROJECT


def test_help_needs_nothing_installed_and_names_server_and_variables(tmp_path: Path) -> None:
    environ = {"VENV_DIR": str(tmp_path / "venv"), "HOME": str(tmp_path)}
    command = [getattr(sys, "_base_executable", sys.executable), "-S", str(PROJECT / "bin" / "chat"), "--help"]
    run = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    assert "http://localhost:8000" in run.stdout
    assert all(f"FECHATTER_{name}" in run.stdout for name in ("URL", "PASSWORD", "CHAT_STATE"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "given",
    [
        ["--workspace", "Acme"],
        ["--invite", "x"],
        ["--sign-out", "--sign-up", "Ann"],
        ["--server", "ftp://a"],
        ["--server", "http://[::"],
    ],
)
def test_what_does_not_fit_together_is_refused(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        arguments(given)
    assert end.value.code == 2
    assert given[0] in capsys.readouterr().err


def test_a_server_has_one_spelling() -> None:
    spelled = [arguments(["--server", given]).server for given in ("localhost:8000", "http://localhost:8000/")]
    assert spelled == ["http://localhost:8000"] * 2
