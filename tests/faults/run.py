"""One run from its start to the last byte of its history: what is judged later is all written down then."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import orjson

from launcher.paths import PROJECT
from tests.faults.doors import DOORS, NAMES
from tests.faults.dump import dump
from tests.faults.errors import RigError
from tests.faults.faketime import find_faketime
from tests.faults.injection import Injection, Say
from tests.faults.journal import Journal
from tests.faults.kinds.kind import Fault, Rig
from tests.faults.options import Options
from tests.faults.sampling import sampling
from tests.faults.schedule import plans
from tests.faults.system import SERVERS, System
from tests.faults.workload.layout import Layout
from tests.faults.workload_process import Workload

QUIET = 3.0
"""Seconds of an unspoilt run before the first fault."""

PEOPLE, CHATS, STREAMS = 50, 20, 100


class Run:
    """`folder` is new; `root` is the project that is run. `broken` says what the system should not have done that shows
    in no history, `deaths` which processes have died without a fault to explain it."""

    def __init__(self, options: Options, folder: Path, say: Say, root: Path = PROJECT) -> None:
        self.options, self.folder, self.say, self.root = options, folder, say, root
        self.history = folder / "history"
        self.history.mkdir()
        self.over = threading.Event()
        self.injection: Injection | None = None
        self.broken: list[str] = []
        self.deaths: list[str] = []

    def carry_out(self) -> None:
        """Raises RigError if the rig fails; whatever happens, all is healed and has ended then."""
        with ExitStack() as stack:
            self.restarts = self._journal(stack, "restarts")
            system = stack.enter_context(self._system())
            self._write_layout(system)
            workload = stack.enter_context(Workload(self.folder))
            workload.wait_until_running()
            stack.enter_context(sampling(self._journal(stack, "samples"), lambda: _leaders(system, workload)))
            # The workload's form, under a name beside the workload's own file.
            faults, bursts = (self._journal(stack, name) for name in ("faults", "calls-bursts"))
            rig = Rig(system, faults, bursts, self.over, Layout.read(self.folder).laggards())
            self._inject(rig, workload)
            self.say("Healed; the workload drains.")
            workload.drain()
            self.say(_cost(system))
            dump(system, self.history / "final.json")

    def _inject(self, rig: Rig, workload: Workload) -> None:
        self.injection = injection = Injection(rig, self.say)
        try:
            rig.pause(QUIET)
            faults = self._planned()
            self.say(f"{len(faults)} faults in {self.options.seconds:g} s, seed {_shown(self.options.seeds)}.")
            injection.run(faults, self.options.seconds, workload.check)
            injection.wait()
        finally:
            # Whatever still goes on, after an interruption, heals at once.
            self.over.set()
            injection.wait()
        try:
            rig.system.heal()
        except RigError as error:
            # That is no failure of the rig: the system should have come back.
            self.broken.append(str(error))

    def _planned(self) -> list[Fault]:
        faults = plans(self.options.seeds, self.options.seconds, self.options.kinds)
        if any(fault.kind == "clock_off" for fault in faults) and not find_faketime(self.folder):
            self.say("libfaketime is not here and cannot be had: no clock will be off.")
            return [fault for fault in faults if fault.kind != "clock_off"]
        return faults

    @contextmanager
    def _system(self) -> Iterator[System]:
        began = time.monotonic()
        system = System(self.folder, self._died, self.root, self.options.seeds[0])
        try:
            system.start()
            self.say(f"Ready after {time.monotonic() - began:.1f} s: {', '.join(NAMES)}.")
            yield system
        finally:
            system.end()

    def _died(self, name: str, status: int | None) -> None:
        fault = self.injection.active_on(name) if self.injection else None
        self.restarts.write({"t": time.monotonic(), "process": name, "status": status, "fault": fault})
        if fault is None:
            self.deaths.append(f"{name} has died by itself with status {status}")

    def _write_layout(self, system: System) -> None:
        layout = {
            "seed": self.options.seeds[0],
            "seeds": self.options.seeds,
            "web": [system.doors.url(name) for name in DOORS["web"]],
            "notify": [system.doors.url(name) for name in DOORS["notify"]],
            "people": PEOPLE,
            "chats": CHATS,
            "rate": self.options.rate,
            "streams": STREAMS,
            "database_url": system.postgres.url,
            "redis_url": system.redis.url,
        }
        (self.folder / "layout.json").write_bytes(orjson.dumps(layout, option=orjson.OPT_INDENT_2))

    def _journal(self, stack: ExitStack, name: str) -> Journal:
        journal = Journal(self.history / f"{name}.jsonl")
        stack.callback(journal.close)
        return journal


def _leaders(system: System, workload: Workload) -> dict[str, int]:
    pids = {name: system.process(name).pid for name in (*SERVERS, *NAMES)}
    return pids | {"proxy": system.links.pid, "workload": workload.pid}


def _cost(system: System) -> str:
    counts = system.links.counts()
    carried = sum(carried for _, carried in counts["links"].values())
    return f"The proxy has carried {carried / 1e6:.0f} MB in {counts['seconds']:.1f} s of processor time."


def _shown(seeds: tuple[int, ...]) -> str:
    return ", then ".join(map(str, seeds))
