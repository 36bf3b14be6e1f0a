"""Does what the schedule says, one thread a fault, and writes down when each began and when it was healed."""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from tests.faults.errors import RigError
from tests.faults.kinds import KINDS
from tests.faults.kinds.kind import Detail, Fault, Kind, Rig

PATIENCE = 120.0
"""Seconds in which a fault that goes on must have healed."""

Say = Callable[[str], None]
AT_THE_TOP = ("workspace_id", "tail", "at")
"""What stands in the line itself, since a checker asks for it, and not in the detail."""


class Injection:
    """`failed` has the faults that the rig could not inject, with the reason."""

    def __init__(self, rig: Rig, say: Say) -> None:
        self.rig, self.say = rig, say
        self.began = self.healed = time.monotonic()
        self.failed: list[tuple[Fault, str]] = []
        self._claimed: dict[str, int] = {}
        self._change = threading.Condition()
        self._threads: list[threading.Thread] = []

    def run(self, faults: Iterable[Fault], seconds: float, check: Callable[[], None]) -> None:
        """Return when the last has begun or so many seconds are over; `check` raises if going on makes no sense.

        A fault that takes longer than was planned moves all later ones: their order and distances stay.
        """
        due = self.began = time.monotonic()
        for fault in faults:
            due += fault.delay
            self.rig.pause(due - time.monotonic())
            self._claim(fault)
            due = max(due, time.monotonic())
            check()
            if self.rig.over.is_set() or due > self.began + seconds:
                return
            thread = threading.Thread(target=self._inject, args=(fault,), name=f"fault {fault.n}")
            self._threads.append(thread)
            thread.start()

    def wait(self) -> None:
        """Return when all have healed; raises RigError if some have not in time."""
        until = time.monotonic() + PATIENCE
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        if left := [thread.name for thread in self._threads if thread.is_alive()]:
            raise RigError(f"not healed: {', '.join(left)}")

    def active_on(self, name: str) -> int | None:
        """The number of the fault that has its hands on this process, if there is one."""
        return self._claimed.get(name)

    def _claim(self, fault: Fault) -> None:
        """Wait until nobody else has it, and for a fault that is to be alone, until all is well."""
        kind = KINDS[fault.kind]
        things = kind.claimed(fault.target)
        with self._change:
            if not self._change.wait_for(lambda: self._is_free(kind, things), PATIENCE):
                raise RigError(f"{', '.join(things)} did not heal, which {fault.kind} needs")
        self.rig.pause(self.healed + kind.alone - time.monotonic())
        self._claimed |= dict.fromkeys(things, fault.n)

    def _is_free(self, kind: Kind, things: frozenset[str]) -> bool:
        return not (self._claimed if kind.alone else things & self._claimed.keys())

    def _inject(self, fault: Fault) -> None:
        began = time.monotonic()
        detail: Detail = {}
        try:
            with KINDS[fault.kind].inject(self.rig, fault) as detail:
                self.rig.pause(fault.seconds)
        except Exception as error:  # whatever it is, the run has to go on and to heal
            self._fail(fault, began, error)
        else:
            self._note(fault, began, fault.parameters | detail)
        with self._change:
            self.healed = time.monotonic()
            for thing in KINDS[fault.kind].claimed(fault.target):
                self._claimed.pop(thing, None)
            self._change.notify_all()

    def _note(self, fault: Fault, began: float, detail: dict[str, Any]) -> None:
        line = {"n": fault.n, "kind": fault.kind, "target": fault.target, "began": began, "healed": time.monotonic()}
        top = {name: detail.pop(name) for name in AT_THE_TOP if name in detail}
        self.rig.faults.write(line | {"detail": detail} | top)
        self._say(fault, began, ", ".join(f"{name} {value}" for name, value in (detail | top).items()))

    def _fail(self, fault: Fault, began: float, error: Exception) -> None:
        why = f"{type(error).__name__}: {error}".strip()
        self.failed.append((fault, why))
        line = {"n": fault.n, "kind": "not_injected", "target": fault.target, "began": began}
        self.rig.faults.write(line | {"healed": time.monotonic(), "detail": {"kind": fault.kind, "why": why}})
        self._say(fault, began, f"NOT INJECTED: {why}")

    def _say(self, fault: Fault, began: float, detail: str) -> None:
        took = time.monotonic() - began
        at = began - self.began
        self.say(f"{at:7.1f} s  #{fault.n:<4} {fault.kind:22} {fault.target:15} {took:5.2f} s  {detail}".rstrip())
