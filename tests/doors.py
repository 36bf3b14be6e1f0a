"""Lines of the Procfile, each alone with the environment that it is given."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from launcher.paths import PROJECT
from launcher.process import Process
from launcher.procfile import read_procfile, shell_command

JUST_THESE = ("PATH", "HOME", "UNSAFE_POSTGRESQL")
"""The last, since the tests' PostgreSQL is thrown away."""


class Door:
    """A line of the Procfile with the environment that it needs, and no more."""

    def __init__(self, name: str, log: Path, **variables: str) -> None:
        self.log = log
        self.process = Process(
            name,
            shell_command(read_procfile(PROJECT / "Procfile")[name]),
            environment={key: os.environ[key] for key in JUST_THESE if key in os.environ} | variables,
            output=os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND),
        )

    def said(self) -> str:
        return self.log.read_text()

    def until_it_says(self, words: str, seconds: float = 60) -> None:
        until(lambda: words in self.said(), seconds, f"{words!r} in its log")

    def until_it_answers(self, url: str, seconds: float = 60) -> None:
        until(lambda: _answers(url), seconds, f"{url} answers")


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=10).is_success
    except httpx.TransportError:
        return False


def until(is_so: Callable[[], object], seconds: float, what: str) -> float:
    """How many seconds it took."""
    start = time.monotonic()
    while not is_so():
        assert time.monotonic() - start < seconds, f"after {seconds} s still not: {what}"
        time.sleep(0.01)
    return time.monotonic() - start
