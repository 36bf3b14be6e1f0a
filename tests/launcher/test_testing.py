"""bin/test as a person and a CI meet it."""

import subprocess
import sys
from pathlib import Path

import pytest

from launcher.testing import ONE_BY_ONE
from tests.launcher.stand_in import SECONDS, Project

TESTS = """
import os

def test_finds_servers_and_keys():
    assert os.environ["DATABASE_URL"].startswith("postgresql://")
    assert os.environ["REDIS_URL"].startswith("redis://")
    assert "PRIVATE KEY" in os.environ["JWT_PRIVATE_KEY"] and os.environ["SECRET_KEY"]

def test_fails():
    assert False
"""
SETTINGS = """
[tool.ruff]
include = ["checked.py"]
[tool.mypy]
files = ["checked.py"]
"""


@pytest.fixture
def project(project: Project) -> Project:
    (project.folder / "test_trial.py").write_text(TESTS)
    return project


def run(project: Project, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "bin/test", *arguments]
    # So that also the servers work inside the project, where they are looked for.
    told = project.variables() | {"TMPDIR": str(project.folder)}
    return subprocess.run(command, cwd=project.folder, env=told, capture_output=True, text=True, timeout=SECONDS)


def test_arguments_go_to_pytest_and_its_closing_line_comes_last(project: Project) -> None:
    ended = run(project, "test_trial.py", "-k", "finds")

    assert ended.returncode == 0
    assert "1 passed, 1 deselected" in ended.stdout.splitlines()[-1]
    assert "$ ruff" not in ended.stdout


def test_a_failed_test_is_a_failed_run_and_leaves_no_process(project: Project) -> None:
    ended = run(project, "test_trial.py")

    assert ended.returncode == 1
    assert "1 failed, 1 passed" in ended.stdout.splitlines()[-1]
    assert project.processes() == []


def test_help_comes_before_anything_is_installed(project: Project, tmp_path: Path) -> None:
    told = project.variables() | {"VENV_DIR": str(tmp_path / "new")}
    command = [sys.executable, "bin/test", "--help"]
    shown = subprocess.run(command, cwd=project.folder, env=told, capture_output=True, text=True, timeout=SECONDS)

    assert shown.returncode == 0
    assert "\n  bin/test --all  " in shown.stdout
    assert not list(tmp_path.glob("new*"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "finding"),
    [("import os\n", "F401"), ("x = [ 1 ]\n", "reformat"), ('x: int = "one"\n', "Incompatible types")],
    ids=["ruff check", "ruff format", "mypy"],
)
def test_a_finding_of_a_linter_is_a_failed_run(project: Project, code: str, finding: str) -> None:
    (project.folder / "tests" / "app").mkdir(parents=True)
    for file in ("test_trial.py", *ONE_BY_ONE):
        (project.folder / file).write_text("def test_passes():\n    pass\n")
    (project.folder / "pyproject.toml").write_text(SETTINGS)
    (project.folder / "checked.py").write_text(code)

    ended = run(project)

    assert ended.returncode == 1
    assert finding in ended.stdout
    assert f"{len(ONE_BY_ONE)} passed" in ended.stdout
    assert "1 passed" in ended.stdout
