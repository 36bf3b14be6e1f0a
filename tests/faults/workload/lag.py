"""Watches whether this process itself is late, so that a gap of its own making is never taken for the service's."""

import gevent

from tests.faults.workload.history import History, now

EVERY, TOO_LATE = 0.1, 0.5
"""Seconds."""


def watch_lag(history: History) -> None:
    """For ever."""
    while True:
        began = now()
        gevent.sleep(EVERY)
        if (late := now() - began - EVERY) > TOO_LATE:
            history.stream("lag", now(), round(late, 3))
