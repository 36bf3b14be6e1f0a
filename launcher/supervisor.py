"""Keeps processes running: starts again what dies, and stops all of it together."""

import signal
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from launcher.console import Console
from launcher.leftovers import Record
from launcher.process import Process

FIRST_DELAY = 0.2
LONGEST_DELAY = 5.0
# What lived this long had started well, so its next death is a new trouble.
LONG_LIFE = 10.0
STEP_SECONDS = 0.05


@dataclass
class Watched:
    """A process, and when and how patiently it is to be started again."""

    process: Process
    started: float
    delay: float = FIRST_DELAY
    due: float | None = None


class Supervisor:
    """Runs processes from one thread: the one that calls `run`."""

    def __init__(self, console: Console, record: Record) -> None:
        self.console = console
        self.record = record
        self._watched: dict[str, Watched] = {}

    @property
    def names(self) -> list[str]:
        """What is watched over now."""
        return list(self._watched)

    def start(self, process: Process) -> None:
        """Start the process and watch over it from now on."""
        self._watched[process.name] = Watched(process, time.monotonic())
        self._start(process)

    def run(self, until: Callable[[], bool], seconds: float | None = None) -> bool:
        """Watch over all until the condition holds (True), or for that many seconds (False)."""
        deadline = None if seconds is None else time.monotonic() + seconds
        while not until():
            if deadline is not None and time.monotonic() > deadline:
                return False
            self.console.pump(STEP_SECONDS)
            for watched in self._watched.values():
                self._revive(watched)
        return True

    def run_to_end(self, process: Process) -> int | None:
        """Run a process that is meant to end, and return its exit status."""
        self._start(process)
        try:
            self.run(lambda: not process.is_alive)
        finally:
            process.stop(1)
            self.console.pump(0)
        return process.status

    def stop(self, names: Iterable[str], seconds: float) -> None:
        """Ask these to end, all at once, and kill what is left after that many seconds."""
        processes = [self._watched.pop(name).process for name in names if name in self._watched]
        for process in processes:
            if process.is_alive:
                process.send(process.stop_signal)
        self.run(lambda: not any(process.is_alive for process in processes), seconds)
        for process in processes:
            process.kill()

    def _start(self, process: Process) -> None:
        process.start()
        self.record.note(process.name, process.pid)

    def _revive(self, watched: Watched) -> None:
        process, now = watched.process, time.monotonic()
        if process.is_alive:
            return
        if watched.due is None:
            # Children that outlive it would hold its port.
            process.kill()
            self.console.pump(0)  # its last words stand before ours
            if now - watched.started > LONG_LIFE:
                watched.delay = FIRST_DELAY
            self.console.say(f"{process.name} {describe(process.status)}; starting it again in {watched.delay:g} s")
            watched.due, watched.delay = now + watched.delay, min(watched.delay * 2, LONGEST_DELAY)
        elif now >= watched.due:
            watched.due, watched.started = None, now
            self._start(process)


def describe(status: int | None) -> str:
    """How a process ended, in words."""
    if status is not None and status < 0:
        return f"was ended by {signal.Signals(-status).name}"
    return f"ended with status {status}"
