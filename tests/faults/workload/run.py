"""What all parts of one run of the workload share."""

import sys
import traceback
from collections.abc import Callable
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import gevent
from gevent.event import Event
from gevent.pool import Pool

from tests.faults.workload.history import History
from tests.faults.workload.layout import Layout
from tests.faults.workload.web import Web


class Run:
    """`draining` is set when nothing new shall be begun; `failed` when the workload itself has a bug."""

    def __init__(self, folder: Path) -> None:
        self.layout = Layout.read(folder)
        self.history = History(folder / "history")
        self.webs = [Web(f"web{number}", url) for number, url in enumerate(self.layout.web, 1)]
        self.notifies = [(f"notify{number}", url) for number, url in enumerate(self.layout.notify, 1)]
        self.draining, self.failed = Event(), Event()
        self.numbers, self.chains = count(1), count(1)
        self.jitter = self.rng("jitter")

    def rng(self, purpose: str) -> Random:
        return self.layout.rng(purpose)

    def another_web(self, last: Web | None) -> Web:
        return self.jitter.choice([web for web in self.webs if web is not last] or self.webs)

    def spawn(self, pool: Pool, act: Callable[..., Any], *arguments: Any) -> gevent.Greenlet:
        """Waits for room in the pool. What `act` raises is a bug of ours, which ends the run: no gap may be silent."""
        return pool.spawn(self._guarded, act, *arguments)

    def _guarded(self, act: Callable[..., Any], *arguments: Any) -> None:
        try:
            act(*arguments)
        except Exception:
            traceback.print_exc(file=sys.stderr)
            self.failed.set()
