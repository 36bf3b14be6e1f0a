"""One thread that starts whatever has died again within a second, unless a fault holds it down."""

import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from launcher.process import Process
from tests.faults.errors import RigError

AGAIN = (0.1, 0.8)
"""Seconds for which a dead process stays dead, at random."""

STEP = 0.02
PATIENCE = 30.0
"""Seconds in which a start that was asked for must have come."""

Died = Callable[[str, int | None], None]


@dataclass
class Watched:
    """`due`: when it is to be started; None while it runs. `holds`: how many faults want it down."""

    process: Process
    due: float | None
    starts: int = 0
    holds: int = 0


class Supervision:
    """Starts all from its own thread, for a child ends with the thread that started it."""

    def __init__(self, seed: int, died: Died) -> None:
        self._random, self._died = Random(seed), died
        self._watched: dict[str, Watched] = {}
        self._change = threading.Condition()
        self._ending = False
        self._order: Sequence[Sequence[str]] = ()
        self._thread = threading.Thread(target=self._run, name="supervision", daemon=True)
        self._thread.start()

    def watch(self, process: Process) -> None:
        """Start the process and start it again whenever it has died; returns when it is started."""
        with self._change:
            self._watched[process.name] = Watched(process, due=0.0)
        self.wait_for_start(process.name, 0)

    def process(self, name: str) -> Process:
        return self._watched[name].process

    def starts(self, name: str) -> int:
        """How often it was started so far."""
        return self._watched[name].starts

    def wait_for_start(self, name: str, after: int) -> None:
        """Return once it was started more than `after` times."""
        watched = self._watched[name]
        with self._change:
            if not self._change.wait_for(lambda: watched.starts > after or self._ending, PATIENCE):
                raise RigError(f"{name} was not started again")

    @contextmanager
    def held(self, *names: str) -> Iterator[None]:
        """Within this block these are not started again when they die."""
        for name in names:
            self._hold(name, 1)
        try:
            yield
        finally:
            for name in names:
                self._hold(name, -1)

    def end(self, *order: Sequence[str]) -> None:
        """Stop all: each group of names together, one group after the other."""
        self._order, self._ending = order, True
        self._thread.join()

    def _hold(self, name: str, change: int) -> None:
        with self._change:
            self._watched[name].holds += change

    def _run(self) -> None:
        while not self._ending:
            with self._change:
                for name, watched in self._watched.items():
                    self._tend(name, watched)
            time.sleep(STEP)
        for names in self._order:
            self._stop([self._watched[name].process for name in names if name in self._watched])

    def _tend(self, name: str, watched: Watched) -> None:
        process, now = watched.process, time.monotonic()
        if watched.due is None and not process.is_alive:
            # Children that outlive it would hold its port.
            process.kill()
            self._died(name, process.status)
            watched.due = now + self._random.uniform(*AGAIN)
        if watched.due is None or watched.holds or now < watched.due:
            return
        process.start()
        watched.due = None
        watched.starts += 1
        self._change.notify_all()

    def _stop(self, processes: Sequence[Process]) -> None:
        alive = [process for process in processes if process.is_alive]
        for process in alive:
            process.send(signal.SIGCONT)
            process.send(process.stop_signal)
        until = time.monotonic() + 5
        for process in alive:
            process.wait(max(0.0, until - time.monotonic()))
            process.kill()
