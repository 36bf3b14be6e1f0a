"""A process and all below it, wherever they have put themselves: PostgreSQL's children leave its process group."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

STOPPING = 10.0
"""Seconds in which a process must have heeded SIGSTOP; on a busy machine that is not at once."""

WAKER = """
while read -r pid; do [ "$pid" = healed ] && exit; pids="$pids $pid"; done
kill -CONT $pids
"""
"""Hears of pids on its stdin. If that ends without a word, whoever spoke was killed."""

Tell = Callable[[int], object]


def family(pid: int) -> list[int]:
    """The process, its children, theirs, and so on; only itself if it has just ended."""
    found = [pid]
    for one in found:
        with suppress(OSError):
            for path in Path(f"/proc/{one}/task").glob("*/children"):
                with suppress(OSError):
                    found += [int(child) for child in path.read_text().split()]
    return found


def send(pids: list[int], number: signal.Signals) -> None:
    """A signal to each that is still there."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def stop(pid: int, tell: Tell = lambda pid: None) -> list[int]:
    """Stop a whole family, parents first, so that none of them can have another child; who was stopped."""
    stopped = list[int]()
    while new := [one for one in family(pid) if one not in stopped]:
        for one in new:
            tell(one)
        send(new, signal.SIGSTOP)
        until = time.monotonic() + STOPPING
        while any(map(_runs, new)) and time.monotonic() < until:
            time.sleep(0.001)
        stopped += new
    return stopped


@contextmanager
def stopped(*pids: int) -> Iterator[int]:
    """Within this block they stand still: connections stay open and nobody answers. The number of processes."""
    still = list[int]()
    with _waker() as tell:
        try:
            for pid in pids:
                still += stop(pid, tell)
            yield len(still)
        finally:
            # Children first: a parent that wakes alone would find them silent.
            send(still[::-1], signal.SIGCONT)


@contextmanager
def _waker() -> Iterator[Tell]:
    """If we are killed in this block, a shell wakes those that it was told of: stopped, they could not even end."""
    command = ["sh", "-c", WAKER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True) as shell:
        assert shell.stdin
        with open(shell.stdin.fileno(), "wb", buffering=0, closefd=False) as words:
            yield lambda pid: words.write(b"%d\n" % pid)
            words.write(b"healed\n")


def _runs(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "TtZX"
    return False
