"""What can be said to bin/dev beside nothing: help, and commands for what runs."""

import json
import signal

import pytest

from launcher.addresses import Addresses
from launcher.command_line import HELP
from tests.launcher.stand_in import Project
from tests.test_docs import VARIABLE, text


def nothing_was_installed(project: Project) -> bool:
    return not list(project.folder.glob("new*")) and not (project.folder / ".data").exists()


@pytest.mark.parametrize("word", ["--help", "-h", "help"])
def test_help_names_the_variables_before_anything_is_installed(project: Project, word: str) -> None:
    shown = project.run(word, VENV_DIR=str(project.folder / "new"))
    assert (shown.returncode, shown.stdout) == (0, HELP + "\n")
    assert nothing_was_installed(project)
    for variable in ("PUBLIC_URL", "NOTIFY_PORT", "RATE_LIMITS", "DATA_DIR", "SMTP_URL", "MAIL_FROM"):
        assert variable in HELP


@pytest.mark.parametrize("word", ["nonsense", "--port", "create-admin"])
def test_what_is_no_command_is_refused_before_anything_is_installed(project: Project, word: str) -> None:
    refused = project.run(word, VENV_DIR=str(project.folder / "new"))
    assert refused.returncode == 1
    assert refused.stderr == f"bin/dev: there is no command {word}; bin/dev --help lists them.\n"
    assert nothing_was_installed(project)


@pytest.mark.parametrize("words", [["seed"], ["doctor"], ["flask", "seed"]])
def test_a_command_without_a_bin_dev_that_runs_says_so(project: Project, words: list[str]) -> None:
    refused = project.run(*words, VENV_DIR=str(project.folder / "new"))
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"bin/dev: no bin/dev runs on {project.folder}/.data; start one")
    assert nothing_was_installed(project)


def test_a_command_is_told_what_the_running_doors_were_told(project: Project) -> None:
    project.start_until_ready()
    kept = project.folder / ".data" / "environment.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    url = json.loads(kept.read_text())["DATABASE_URL"]
    for words in (["seed"], ["flask", "seed"]):
        ran = project.run(*words)
        assert ran.stdout == f"{url}|development|http://localhost:{project.notify_port}|\n", ran.stderr
    assert "  seed" in project.run("flask").stdout
    assert project.run("flask", "unknown").returncode != 0

    project.send(signal.SIGINT)

    assert not kept.exists()
    assert "no bin/dev runs" in project.run("seed").stderr


def test_after_a_kill_9_no_command_believes_what_was_left(project: Project) -> None:
    project.start_until_ready()
    project.send(signal.SIGKILL)
    assert "no bin/dev runs" in project.run("seed").stderr


def test_what_to_do_next_stands_behind_the_ready_line(project: Project) -> None:
    project.start_until_ready(HOST="0.0.0.0")
    project.send(signal.SIGINT)
    lines = project.said().splitlines()
    said = "\n".join(lines[lines.index(f"Ready: http://localhost:{project.port}") :])
    assert f"http://localhost:{project.port}/docs" in said
    assert f"bin/chat --server http://localhost:{project.port} " in said
    assert str(project.folder / ".data") in said
    assert f"PUBLIC_URL=http://THIS-COMPUTER:{project.port}" in said


@pytest.mark.parametrize(
    ("host", "told", "named"),
    [
        ("127.0.0.1", [], []),
        ("127.0.0.1", ["PUBLIC_URL"], ["NOTIFY_URL=http://THIS-COMPUTER:8001", "HOST=0.0.0.0"]),
        ("127.0.0.1", ["PUBLIC_URL", "NOTIFY_URL"], ["HOST=0.0.0.0"]),
        ("0.0.0.0", [], ["PUBLIC_URL=http://THIS-COMPUTER:8000", "NOTIFY_URL=http://THIS-COMPUTER:8001"]),
        ("192.0.2.1", ["PUBLIC_URL"], ["NOTIFY_URL=http://THIS-COMPUTER:8001"]),
        ("::", ["PUBLIC_URL", "NOTIFY_URL"], []),
    ],
)
def test_who_lets_others_in_is_told_which_addresses_to_set(
    host: str, told: list[str], named: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PUBLIC_URL", "NOTIFY_URL"):
        monkeypatch.setenv(name, "http://192.0.2.1:8000" if name in told else "")
    words = " ".join(Addresses(host, 8000, 8001).advice()).split()
    assert [word.rstrip(":") for word in words if "=" in word] == named
    assert ("http://192.0.2.1:8000" in words) == ("PUBLIC_URL" in told)


def test_the_readme_names_every_variable_of_the_help() -> None:
    variables = set(VARIABLE.findall(HELP))
    assert {"PUBLIC_URL", "RATE_LIMITS"} <= variables
    assert [name for name in variables if f"`{name}`" not in text("README.md")] == []
