"""One child process: started in a group of its own, stopped with all of its group, gone with its parent."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from launcher.paths import PROJECT

PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Account:
    """Whom a process runs as when the one who starts it is root."""

    uid: int
    gid: int


class Process:
    """A command that can be started again and again; start it from a thread that lives as long as it shall.

    `output` is a descriptor for stdout and stderr, which otherwise are those of the parent. `environment` is the
    whole one, that of the parent if left out. A `polite` one, and all that it starts, lets who runs finish before it
    begins what it was woken for; of effect on Linux only.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        folder: Path = PROJECT,
        account: Account | None = None,
        keep: Sequence[int] = (),
        stop_signal: signal.Signals = signal.SIGTERM,
        output: int | None = None,
        polite: bool = False,
    ) -> None:
        self.name = name
        self.command = list(command)
        self.environment = environment
        self.folder = folder
        self.account = account
        self.keep = tuple(keep)
        self.stop_signal = stop_signal
        self.output = output
        self.polite = polite
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process, and its group; raises RuntimeError before the first start."""
        return self._started().pid

    @property
    def status(self) -> int | None:
        """None while it runs, else its exit status, negative for a signal."""
        return self._started().poll()

    @property
    def is_alive(self) -> bool:
        """Whether it was started and has not ended."""
        return self._child is not None and self._child.poll() is None

    def start(self) -> None:
        """Start it; raises FileNotFoundError if there is no such program."""
        self._child = subprocess.Popen(
            self.command,
            env=self.environment,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=self.output,
            pass_fds=self.keep,
            start_new_session=True,
            preexec_fn=_first_of_all(self.stop_signal, self.polite),
            user=self.account.uid if self.account else None,
            group=self.account.gid if self.account else None,
            extra_groups=[] if self.account else None,
        )

    def wait(self, seconds: float | None = None) -> int | None:
        """Its exit status, or None if it still runs after that many seconds."""
        try:
            return self._started().wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process alone, not to its children."""
        with suppress(ProcessLookupError):
            self._started().send_signal(number)

    def send_group(self, number: signal.Signals) -> None:
        """Send a signal to the process and all that it started."""
        # macOS answers PermissionError for a group of which only a zombie is left.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)

    def kill(self) -> None:
        """End it and all that it started, at once."""
        self.send_group(signal.SIGKILL)
        self.wait()

    def stop(self, seconds: float = 5) -> None:
        """Ask it to end, and kill after that many seconds whatever is left of its group."""
        if self.is_alive:
            self.send(self.stop_signal)
            self.wait(seconds)
        self.kill()

    def restart(self) -> None:
        """Stop it and start it again."""
        self.stop()
        self.start()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is None:
            raise RuntimeError(f"{self.name} was never started")
        return self._child


def _first_of_all(number: signal.Signals, polite: bool) -> Callable[[], None] | None:
    """On Linux a child asks for a signal at its parent's death, which is all that kill -9 of the parent leaves.

    It runs in the child after the uid has changed: that change would forget the wish.
    """
    if sys.platform != "linux":
        return None
    libc, parent = ctypes.CDLL(None), os.getpid()

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)
        if polite:
            with suppress(OSError):  # where a sandbox forbids it, it only loses time
                os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))

    return ask
