"""Doors that are killed, stopped and restarted."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from tests import family
from tests.faults.doors import DOORS, WITH_PORTS
from tests.faults.kinds.kind import Detail, Fault, Kind, Parameters, Rig, each

LONGEST_END, LONGEST_START = 15.0, 15.0
"""Seconds within which a door must have ended after SIGTERM, and answer after its start."""


@contextmanager
def kill_9(rig: Rig, fault: Fault) -> Iterator[Detail]:
    """The leader alone, whose children find themselves without it, or all of them at once."""
    rig.system.kill(fault.target, group=fault.parameters["group"])
    yield {}


@contextmanager
def kill_at_start(rig: Rig, fault: Fault) -> Iterator[Detail]:
    """Killed, and again whenever it has begun to start."""
    for seconds in fault.parameters["after"]:
        rig.system.kill(fault.target)
        rig.pause(seconds)
    rig.system.kill(fault.target)
    yield {}


@contextmanager
def stop(rig: Rig, fault: Fault) -> Iterator[Detail]:
    with family.stopped(rig.system.process(fault.target).pid) as number:
        yield {"processes": number}


@contextmanager
def rolling_restart(rig: Rig, fault: Fault) -> Iterator[Detail]:
    """Each in turn is asked to end, and the next only when that one is back: what a deploy does."""
    seconds = {}
    for name in DOORS[fault.target]:
        if not rig.over.is_set():
            seconds[name] = _restart_kindly(rig, name)
    yield {"seconds": seconds}


def _restart_kindly(rig: Rig, name: str) -> float | None:
    """The seconds until it had ended; None if it had to be killed."""
    process, starts = rig.system.process(name), rig.system.supervision.starts(name)
    with rig.system.supervision.held(name):
        began = time.monotonic()
        process.send(signal.SIGTERM)
        ended = process.wait(LONGEST_END) is not None
        took = time.monotonic() - began
        if not ended:
            process.kill()
    rig.system.supervision.wait_for_start(name, starts)
    if name in WITH_PORTS:
        _wait_until_it_answers(rig, name)
    else:
        rig.pause(3)
    return took if ended else None


def _wait_until_it_answers(rig: Rig, name: str) -> None:
    """Not ready, only there: other faults may keep it from being ready, and a deploy would go on some time, too."""
    until = time.monotonic() + LONGEST_START
    while not rig.system.answers(name) and time.monotonic() < until and not rig.over.is_set():
        rig.pause(0.05)


def _leader_or_group(random: Random) -> Parameters:
    return {"group": random.random() < 0.5}


def _moments_of_a_start(random: Random) -> Parameters:
    return {"after": [round(random.uniform(0.05, 2.5), 2) for _ in range(random.randint(1, 3))]}


PROCESSES = tuple(
    kind
    for door, names in DOORS.items()
    for kind in (
        Kind(f"{door}_kill_9", "process", kill_9, each(*names), draw=_leader_or_group, settles=4),
        Kind(f"{door}_kill_at_start", "process", kill_at_start, each(*names), draw=_moments_of_a_start, settles=10),
        Kind(f"{door}_stop", "process", stop, each(*names), seconds=(1, 15)),
    )
) + tuple(
    Kind(f"{door}_rolling", "process", rolling_restart, each(door), settles=20, claims=DOORS[door])
    for door in ("web", "notify", "worker")
)
