"""How a door on gevent waits for PostgreSQL: only the greenlet, by a watcher of the loop.

The patched `select.poll` would do the same at five times the cost, with each statement.
"""

from gevent.monkey import get_original, is_module_patched
from gevent.socket import wait_read, wait_write

from fechatter.db import Waiting, wait_with


def wait_as_greenlets() -> None:
    """Of no effect where nothing is patched, as in a test or a command."""
    if is_module_patched("select"):
        wait_with(Waiting(_wait, get_original("select", "poll")))


def _wait(descriptor: int, writing: bool, seconds: float) -> None:
    try:
        (wait_write if writing else wait_read)(descriptor, timeout=seconds)
    except TimeoutError:
        return  # who waits looks at the clock
