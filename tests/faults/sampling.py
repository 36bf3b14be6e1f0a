"""Looks every five seconds how much memory and how many descriptors each process has, with all that it started."""

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.family import family
from tests.faults.journal import Journal

EVERY = 5.0
"""Seconds."""

Leaders = Callable[[], Mapping[str, int]]


@contextmanager
def sampling(journal: Journal, leaders: Leaders) -> Iterator[None]:
    """Within this block; `leaders` tells the process at the head of each tree, by name."""
    over = threading.Event()

    def run() -> None:
        while not over.is_set():
            journal.write_all(sample(name, pid) for name, pid in leaders().items())
            over.wait(EVERY)

    thread = threading.Thread(target=run, name="sampling")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def sample(name: str, leader: int) -> dict[str, object]:
    """What the tree takes now; a process that has just gone takes nothing."""
    tree = family(leader)
    memory, descriptors = sum(map(_pss, tree)), sum(map(_descriptors, tree))
    return {"t": time.monotonic(), "process": name, "pid": leader, "pss_kb": memory, "fds": descriptors}


def _pss(pid: int) -> int:
    """Kilobytes; what several processes share is shared out among them."""
    with suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return 0


def _descriptors(pid: int) -> int:
    with suppress(OSError):
        return len(os.listdir(f"/proc/{pid}/fd"))
    return 0
