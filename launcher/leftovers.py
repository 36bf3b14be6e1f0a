"""Ends what an earlier run left behind when it was killed before it could stop its processes."""

import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from launcher.paths import write_private

PROC = Path("/proc")
# By then processes that saw their parent die have ended by themselves.
GRACE_SECONDS = 2.0


@dataclass(frozen=True)
class Birth:
    """A process as a later run can know it again: a pid alone is soon another's."""

    pid: int
    started: str


def birth(pid: int) -> Birth | None:
    """The running process with this id, if there is one."""
    if PROC.joinpath("self").exists():
        stat = _stat(pid)
        return Birth(pid, f"{_boot()} {stat[19]}") if stat and stat[0] != "Z" else None
    shown = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True)
    return Birth(pid, shown.stdout.strip()) if shown.stdout.strip() else None


class Record:
    """The processes that now run for a data folder, written down there."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._births: dict[str, Birth] = {}

    def note(self, name: str, pid: int) -> None:
        """Write down that the process of this name is now this one."""
        if known := birth(pid):
            self._births[name] = known
            write_private(self.file, json.dumps([asdict(one) for one in self._births.values()]))

    def clear(self) -> None:
        """Forget all: they were stopped."""
        self._births.clear()
        self.file.unlink(missing_ok=True)

    def end_leftovers(self) -> int:
        """End the groups of the processes written down by an earlier run; return how many there were."""
        groups = [group for group in self._read() if _is_left(group)]
        for number in (signal.SIGTERM, signal.SIGKILL):
            for group in filter(_is_left, groups):
                _signal_group(group, number)
            deadline = time.monotonic() + GRACE_SECONDS
            while any(map(_is_left, groups)) and time.monotonic() < deadline:
                time.sleep(0.02)
        self.clear()
        return len(groups)

    def _read(self) -> list[Birth]:
        try:
            return [Birth(**one) for one in json.loads(self.file.read_text())]
        except (FileNotFoundError, ValueError, TypeError):
            return []


def _is_left(leader: Birth) -> bool:
    """Whether the process lives, or others of its group do: as long as they live, its id is given to no other."""
    now = birth(leader.pid)
    return now == leader if now else any(_belongs(int(entry.name), leader) for entry in PROC.glob("[0-9]*"))


def _belongs(pid: int, leader: Birth) -> bool:
    stat = _stat(pid)
    if stat is None or stat[0] == "Z" or stat[2] != str(leader.pid):
        return False
    boot, _, started = leader.started.partition(" ")
    return boot == _boot() and int(stat[19]) >= int(started)


def _signal_group(leader: Birth, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader.pid, number)


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/PID/stat from the state on: 0 is the state, 2 the group, 19 the start in ticks."""
    try:
        return PROC.joinpath(str(pid), "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None


def _boot() -> str:
    return PROC.joinpath("sys/kernel/random/boot_id").read_text().strip()
