"""For a process under libfaketime: its `time.sleep` by other means, since that library gets Python's own one wrong.

Python sleeps until a moment of the monotonic clock. The library moves that moment by the hour that it adds to the time
of day, though it leaves the monotonic clock alone as it was told to, and the kernel refuses what comes of it.
"""

import select
import time
from collections.abc import Callable


def sleeper(wait: Callable[..., object]) -> Callable[[float], None]:
    def sleep(seconds: float) -> None:
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        wait([], [], [], seconds)

    return sleep


# The function as it is now: gevent puts one of its own in this place, for `time.sleep` as well.
time.sleep = sleeper(select.select)
