"""The whole system as `bin/dev` runs it, once for all journeys: embedded servers, web, notify, worker and beat."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from launcher.paths import PROJECT
from launcher.ports import free_port
from tests.journeys.browser import Room, Seat, Sit, a_browser
from tests.journeys.people import Guest, Person

OURS = ("DATABASE_URL", "REDIS_URL", "JWT_PRIVATE_KEY", "JWT_PUBLIC_KEY", "SECRET_KEY", "PORT", "NOTIFY_PORT")


class System:
    """A `bin/dev` of its own; `output` is what it has printed."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder, self.port, self.notify_port = folder, free_port(), free_port()
        self.url, self.notify_url = f"http://localhost:{self.port}", f"http://localhost:{self.notify_port}"
        mine = {"PORT": str(self.port), "NOTIFY_PORT": str(self.notify_port), "DATA_DIR": str(folder)}
        self.environ = (
            {k: v for k, v in os.environ.items() if k not in OURS} | mine | {"RATE_LIMITS": "off"} | variables
        )
        self.output: list[str] = []
        self.ready = threading.Event()

    def start(self) -> "System":
        self.process = subprocess.Popen(
            [sys.executable, str(PROJECT / "bin" / "dev")],
            env=self.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._read, daemon=True).start()
        if not self.ready.wait(120):
            raise AssertionError("bin/dev is not ready:\n" + "".join(self.output[-40:]))
        return self

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.output.append(line)
            if line.startswith("Ready: "):
                self.ready.set()

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def pid(self, program: str) -> int:
        """Of a process that bin/dev runs, by a word of its command line; one that starts again is waited for."""
        for _ in range(600):
            for birth in json.loads((self.folder / "processes.json").read_text()):
                command = Path(f"/proc/{birth['pid']}/cmdline")
                if command.exists() and program in command.read_bytes().replace(b"\0", b" ").decode():
                    return int(birth["pid"])
            time.sleep(0.1)
        raise AssertionError(f"{program} does not run")


@pytest.fixture(scope="session")
def system() -> Iterator[System]:
    folder = Path(tempfile.mkdtemp(prefix="fechatter-journey-"))
    system = System(folder).start()
    yield system
    system.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def guest(system: System) -> Guest:
    """Somebody without an account."""
    return Guest(system.url, system.notify_url)


@pytest.fixture
def sign_up(guest: Guest) -> Iterator[Callable[..., Person]]:
    people: list[Person] = []

    def make(name: str, workspace: str | None = None) -> Person:
        person = guest.sign_up(name, workspace)
        people.append(person)
        return person

    yield make
    for person in people:
        person.close()


@pytest.fixture
def room(sign_up: Callable[..., Person]) -> Room:
    return Room(sign_up)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as browser:
        yield browser


@pytest.fixture
def sit(browser: Browser) -> Iterator[Sit]:
    """Puts a person before a browser; whatever it complained of fails the test."""
    seats: list[Seat] = []

    def make(who: Person | Guest, **options: Any) -> Seat:
        seats.append(Seat(browser, who, **options))
        return seats[-1]

    yield make
    for seat in seats:
        seat.close()
        assert seat.complaints == []
