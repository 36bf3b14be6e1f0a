"""The virtual environment: made once, made again when half made, never in a folder of somebody else."""

import subprocess
import sys
from pathlib import Path

import pytest

from launcher import environment
from launcher.errors import LaunchError
from launcher.paths import PROJECT


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VENV_DIR", str(tmp_path / "venv"))
    return tmp_path / "venv"


def pin_of(package: str) -> str:
    text = (PROJECT / "requirements-test.txt").read_text()
    lines = text[text.index(f"\n{package}==") :].splitlines()[1:4]
    return "\n".join(line for line in lines if "via" not in line).rstrip(" \\")


def test_a_second_start_installs_nothing(venv: Path, capsys: pytest.CaptureFixture[str]) -> None:
    environment.install({"one.txt": pin_of("iniconfig")})
    assert imports(venv, "iniconfig")
    assert f"Installing one.txt into {venv}; only once" in capsys.readouterr().err

    environment.install({"one.txt": pin_of("iniconfig")})

    assert capsys.readouterr().err == ""


PIP = """
echo 'Ignoring colorama: markers do not match'
for number in $(seq 30); do echo "Collecting package$number"; echo "  Downloading it"; done
"""


def test_an_installation_shows_signs_of_life(capfd: pytest.CaptureFixture[str]) -> None:
    assert environment._run_pip(["sh", "-c", f"{PIP} echo 'Installing collected packages: all'"], 31) == 0
    assert capfd.readouterr().err.splitlines() == [
        "  10 of 30",
        "  20 of 30",
        "  30 of 30",
        "  all are here; unpacking them",
    ]


def test_the_packages_are_counted_only_where_it_is_known_which_fit_here(
    venv: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Some are for other systems, which pip says when it is at work: a count before that would be another one."""
    monkeypatch.setattr(environment, "_run_pip", lambda command, packages: 0)
    environment._pip_install(venv, "two.txt", "one==1\ntwo==2 ; sys_platform == 'win32'\n")
    assert f"Installing the packages of two.txt into {venv}; only once" in capfd.readouterr().err


def test_of_a_failed_installation_only_what_matters_is_shown(capfd: pytest.CaptureFixture[str]) -> None:
    assert environment._run_pip(["sh", "-c", "echo Collecting one; echo ERROR: no such version >&2; exit 1"], 1) == 1
    assert capfd.readouterr().err == "ERROR: no such version\n"


@pytest.mark.slow
def test_a_half_made_environment_is_made_again(venv: Path) -> None:
    environment.install({"one.txt": pin_of("iniconfig")})
    (venv / "installed.json").unlink()
    for file in venv.rglob("iniconfig/*.py"):
        file.unlink()

    environment.install({"one.txt": pin_of("iniconfig")})

    assert imports(venv, "iniconfig")


@pytest.mark.slow
def test_an_environment_whose_python_was_replaced_is_made_again(venv: Path) -> None:
    environment.install({"one.txt": pin_of("iniconfig")})
    stamp = venv / "installed.json"
    stamp.write_text(stamp.read_text().replace("/bin/python", "/bin/formerly-python"))
    (venv / "remains").touch()

    environment.install({"one.txt": pin_of("iniconfig")})

    assert not (venv / "remains").exists()


@pytest.mark.slow
def test_a_changed_requirement_file_is_installed(venv: Path) -> None:
    environment.install({"one.txt": pin_of("iniconfig")})
    environment.install({"one.txt": pin_of("pluggy")})
    assert imports(venv, "pluggy")


@pytest.mark.slow
def test_a_wrong_hash_installs_nothing_and_leaves_no_environment_that_counts_as_whole(venv: Path) -> None:
    environment.install({"other.txt": pin_of("pluggy")})
    text = pin_of("iniconfig")
    wrong = text.replace("sha256:", "sha256:0000")[: text.index("sha256:") + 71]
    with pytest.raises(LaunchError, match=r"pip could not install one\.txt"):
        environment.install({"one.txt": wrong})
    assert not imports(venv, "iniconfig")
    assert not (venv / "installed.json").exists()


def test_an_environment_of_somebody_else_is_left_alone(venv: Path) -> None:
    venv.mkdir()
    (venv / "precious").touch()

    with pytest.raises(LaunchError, match="was not made by the project"):
        environment.install({"one.txt": pin_of("iniconfig")})

    assert (venv / "precious").exists()


def test_a_python_without_ensurepip_is_told_which_package_brings_it(
    venv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As Debian ships it: without the package python3-venv the module is not there.
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(LaunchError, match=r"sudo apt install python3\.\d+-venv"):
        environment.install({"one.txt": pin_of("iniconfig")})


def test_a_place_that_cannot_be_written_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VENV_DIR", "/proc/nowhere/venv")
    with pytest.raises(LaunchError, match="VENV_DIR moves it"):
        environment.install({})


def imports(venv: Path, module: str) -> bool:
    return subprocess.run([venv / "bin" / "python", "-c", f"import {module}"], capture_output=True).returncode == 0
