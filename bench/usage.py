"""What processes have used: CPU seconds and memory, with all their children, from /proc."""

import os
import time
from collections.abc import Collection, Iterable
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
LIVING, ENDED = (11, 12), (13, 14)
"""Of /proc/PID/stat behind the name: a process's own user and system time, and that of its children that ended."""


def tree(pid: int) -> list[int]:
    """This process and all that came from it and still lives."""
    found, new = [pid], [pid]
    while new:
        parent = new.pop()
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                children = [int(word) for word in task.read_text().split()]
            except OSError:
                continue
            found += children
            new += children
    return found


def cpu_seconds(pids: Iterable[int]) -> float:
    """User and system time of these trees so far, those of ended children that were waited for included."""
    return sum(_ticks_of_tree(pid) for pid in pids) / TICKS


def _ticks_of_tree(pid: int) -> int:
    """Read again if a child was waited for meanwhile: its time has gone over to its parent's, and may be in neither."""
    while True:
        before = _ticks(pid, ENDED)
        living = sum(_ticks(one, LIVING) for one in tree(pid))
        if _ticks(pid, ENDED) == before:
            return living + before


def _ticks(pid: int, fields: Collection[int]) -> int:
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(int(words[field]) for field in fields)


def fine_cpu_seconds(pids: Iterable[int]) -> float:
    """To the nanosecond, of just these processes, which must all be alive: for what takes a few hundredths."""
    # A process's CPU clock by its id, as clock_getcpuclockid(3) makes it on Linux.
    return sum(time.clock_gettime_ns((~pid << 3) | 2) for pid in pids) / 1e9


def pss(pids: Iterable[int]) -> int:
    """Bytes of these trees, with memory that several share counted once in all (proportional set size)."""
    return _memory(pids, ("Pss:",))


def anonymous(pids: Iterable[int]) -> int:
    """The bytes of it that are no file's: what other programs on the machine load or leave does not move them."""
    return _memory(pids, ("Pss_Anon:", "Pss_Shmem:"))


def _memory(pids: Iterable[int], kinds: Collection[str]) -> int:
    total = 0
    for pid in pids:
        for one in tree(pid):
            try:
                lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
            except OSError:
                continue
            total += sum(int(line.split()[1]) for line in lines if line.startswith(tuple(kinds))) * 1024
    return total
