"""Makes the virtual environment from the hashed requirement files, and goes on inside it."""

import fcntl
import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from launcher.errors import LaunchError
from launcher.paths import PROJECT, write_private
from launcher.process import Process

SERVERS = "requirements-servers.txt"
# What pip says while all is well.
ROUTINE = ("Collecting ", "Ignoring ", "Installing collected", "Looking in", "  Downloading ", "  Using cached ")


def folder() -> Path:
    """The virtual environment: VENV_DIR, else .venv in the project."""
    return Path(os.environ.get("VENV_DIR") or PROJECT / ".venv").absolute()


def enter(*files: str) -> None:
    """Install these requirement files and return inside the environment: another one is left by exec."""
    install(_texts(*files))
    if Path(sys.prefix).resolve() != folder().resolve():
        python = str(folder() / "bin" / "python")
        os.execv(python, [python, *sys.argv])  # noqa: S606


def install_server(package: str) -> None:
    """Install one package of database binaries, which most machines with servers of their own never need."""
    pins = (PROJECT / SERVERS).read_text().replace("\n    --hash", " --hash").replace("\\ ", "").splitlines()
    pin = next(pin for pin in pins if pin.startswith(f"{package}=="))
    install(_texts("requirements.txt") | {f"{SERVERS}: {package}": pin})


def _texts(*files: str) -> dict[str, str]:
    return {name: (PROJECT / name).read_text() for name in files}


def install(texts: dict[str, str], venv: Path | None = None) -> None:
    """Bring the environment, or another one, to where it holds these named requirement texts; quick when it does."""
    venv = venv or folder()
    with _locked(venv) as lock:
        done = _stamp(venv)
        wanted = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}
        if done is None:
            _make(venv, lock)
            done = {}
        for name in texts:
            if done.get(name) != wanted[name]:
                _pip_install(venv, name, texts[name])
                done[name] = wanted[name]
                _write_stamp(venv, done)


def _say(words: str) -> None:
    """On stderr: what a command of ours prints may be read by a program."""
    print(words, file=sys.stderr, flush=True)


def _pip_install(venv: Path, name: str, text: str) -> None:
    packages = len(re.findall(r"^[\w.-]+==", text, re.MULTILINE))
    shown = f"the packages of {name}" if packages > 1 else name
    _say(f"Installing {shown} into {venv}; only once, and it may take a minute or two")
    # Gone while pip works: an environment without its stamp is half made, and made again.
    _stamp_file(venv).unlink(missing_ok=True)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(text)
        file.flush()
        pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
        # The files name every package that is needed, so there is nothing to resolve.
        pip += ["--progress-bar=off", "--no-deps", "--require-hashes", "-r", file.name]
        if _run_pip(pip, packages):
            raise LaunchError(f"pip could not install {name}; its own words stand above.")


def _run_pip(command: list[str], packages: int) -> int | None:
    """Its exit status; of what it says a few signs of life are shown, or all that matters if it fails."""
    reader, writer = os.pipe()
    with open(reader, encoding="utf-8", errors="replace") as said, Process("pip", command, output=writer) as process:
        os.close(writer)
        lines = list[str]()
        for line in said:
            lines.append(line)
            _show_progress(lines, packages)
        status = process.wait()
    if status:
        _say("".join(line for line in lines if not line.startswith(ROUTINE)).removesuffix("\n"))
    return status


def _show_progress(lines: list[str], packages: int) -> None:
    found, ignored = (sum(line.startswith(word) for line in lines) for word in ("Collecting ", "Ignoring "))
    if lines[-1].startswith("Collecting ") and found % 10 == 0:
        _say(f"  {found} of {packages - ignored}")
    if lines[-1].startswith("Installing collected packages") and packages > 10:
        _say("  all are here; unpacking them")


def _make(venv: Path, lock: IO[str]) -> None:
    _refuse_foreign(venv, lock)
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
            raise LaunchError(f"This Python has no module {module}. On Debian or Ubuntu: sudo apt install {package}")
    _say(f"Making a virtual environment in {venv}")
    python = getattr(sys, "_base_executable", sys.executable)
    done = subprocess.run([python, "-m", "venv", "--clear", str(venv)], capture_output=True, text=True)
    if done.returncode:
        raise LaunchError(f"No virtual environment could be made in {venv}:\n{done.stdout}{done.stderr}")


def _refuse_foreign(venv: Path, lock: IO[str]) -> None:
    """Making clears the folder first, so it must be new or known as ours by what the lock file says."""
    if venv.exists() and any(venv.iterdir()) and not lock.read():
        raise LaunchError(f"{venv} was not made by the project; remove it, or set VENV_DIR to a new folder.")
    lock.write("made by the project\n")
    lock.flush()


def _stamp_file(venv: Path) -> Path:
    return venv / "installed.json"


def _identity(venv: Path) -> list[str]:
    """What an environment cannot survive a change of: its place, which its scripts name, and its Python.

    Not the Python that runs this: two of them on one machine would make each other's environment again and again.
    """
    return [str(venv), str((venv / "bin" / "python").resolve())]


def _stamp(venv: Path) -> dict[str, str] | None:
    try:
        stamp: dict[str, Any] = json.loads(_stamp_file(venv).read_text())
    except (FileNotFoundError, ValueError):
        return None
    fits = stamp["identity"] == _identity(venv) and (venv / "bin" / "python").exists()
    return stamp["installed"] if fits else None


def _write_stamp(venv: Path, installed: dict[str, str]) -> None:
    write_private(_stamp_file(venv), json.dumps({"identity": _identity(venv), "installed": installed}))


@contextmanager
def _locked(venv: Path) -> Iterator[IO[str]]:
    with _open_lock(venv) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say(f"Waiting for another start that sets up {venv}")
            fcntl.flock(lock, fcntl.LOCK_EX)
        lock.seek(0)
        yield lock


def _open_lock(venv: Path) -> IO[str]:
    try:
        venv.parent.mkdir(parents=True, exist_ok=True)
        return open(f"{venv}.lock", "a+", encoding="utf-8")
    except OSError as error:
        reason = f"{venv} cannot be made: {error.filename}: {error.strerror}. VENV_DIR moves it."
        raise LaunchError(reason) from error
