"""Work for a core, beside the loop that serves all clients: in real threads, which yield to everybody else."""

import os
from collections.abc import Callable
from contextlib import suppress
from threading import get_native_id
from typing import TypeVar, cast

from gevent.monkey import is_module_patched
from gevent.threadpool import ThreadPool

T = TypeVar("T")

NICENESS = 10
"""A tenth of the share of the others: while people sign in, those who are signed in already come first."""


def aside(at_once: int) -> Callable[[Callable[[], T]], T]:
    """Carries out work in one of so many threads of its own. Where there is no loop it stays where it is."""
    if not is_module_patched("threading"):
        return lambda work: work()
    pool = ThreadPool(at_once)
    return lambda work: cast(T, pool.apply(_yielding, (work,)))


def _yielding(work: Callable[[], T]) -> T:
    if hasattr(os, "sched_getaffinity"):  # on Linux a thread has a priority of its own; elsewhere it is the process's
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, get_native_id(), NICENESS)
    return work()
