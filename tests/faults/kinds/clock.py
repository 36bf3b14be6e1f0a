"""One process whose clock is off by an hour; everybody else's is right."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from launcher.paths import PROJECT
from tests.faults.doors import DOORS
from tests.faults.errors import RigError
from tests.faults.faketime import find_faketime
from tests.faults.kinds.kind import Detail, Fault, Kind, Parameters, Rig


@contextmanager
def clock_off(rig: Rig, fault: Fault) -> Iterator[Detail]:
    library = find_faketime(rig.system.folder)
    if library is None:
        raise RigError("libfaketime cannot be had")
    told = {
        "LD_PRELOAD": str(library),
        "FAKETIME": fault.parameters["off"],
        # Only the time of day: a process that measures how long something takes is right about that.
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "PYTHONPATH": str(PROJECT / "tests" / "faults" / "false_clock"),
    }
    with rig.system.told_also(fault.target, **told):
        yield {}


def _hour(random: Random) -> Parameters:
    return {"off": random.choice(("+1h", "-1h"))}


CLOCKS = (
    Kind(
        "clock_off",
        "clock",
        clock_off,
        (DOORS["web"], DOORS["notify"], DOORS["worker"], DOORS["beat"]),
        seconds=(8, 20),
        settles=5,
        draw=_hour,
    ),
)
