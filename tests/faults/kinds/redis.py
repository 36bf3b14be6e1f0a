"""What Redis may do to everyone: it may lose all that it holds, at any time, and promises nothing."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random

import redis

from tests import family
from tests.faults.doors import DOORS
from tests.faults.kinds.kind import Detail, Fault, Kind, Parameters, Rig, each

PATIENCE = 5.0
"""Seconds in which a Redis that was started just now must answer."""


@contextmanager
def kill_9(rig: Rig, fault: Fault) -> Iterator[Detail]:
    rig.system.kill("redis")
    yield {}


@contextmanager
def stop(rig: Rig, fault: Fault) -> Iterator[Detail]:
    with family.stopped(rig.system.process("redis").pid):
        yield {}


@contextmanager
def away(rig: Rig, fault: Fault) -> Iterator[Detail]:
    with _held_down(rig):
        yield {}


@contextmanager
def empty(rig: Rig, fault: Fault) -> Iterator[Detail]:
    yield {"keys": _ask(rig, lambda client: (client.dbsize(), client.flushall())[0])}


@contextmanager
def kill_pubsub(rig: Rig, fault: Fault) -> Iterator[Detail]:
    yield {"clients": _ask(rig, lambda client: client.client_kill_filter(_type="pubsub"))}


@contextmanager
def with_the_workers(rig: Rig, fault: Fault) -> Iterator[Detail]:
    """Neither wake-ups nor those who would follow them: only the feed itself is left."""
    leaders = [rig.system.process(name).pid for name in DOORS["worker"]]
    with family.stopped(*leaders):
        if fault.parameters["redis"] == "killed":
            with _held_down(rig):
                yield {}
        else:
            with family.stopped(rig.system.process("redis").pid):
                yield {}


@contextmanager
def _held_down(rig: Rig) -> Iterator[None]:
    """Killed and not started again within this block; it is started when that ends."""
    starts = rig.system.supervision.starts("redis")
    with rig.system.supervision.held("redis"):
        rig.system.process("redis").send(signal.SIGKILL)
        yield
    rig.system.supervision.wait_for_start("redis", starts)


def _ask(rig: Rig, question: Callable[["redis.Redis"], object]) -> object:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with rig.system.redis_client() as client:
                return question(client)
        except redis.RedisError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def _killed_or_stopped(random: Random) -> Parameters:
    return {"redis": random.choice(("killed", "stopped"))}


TARGET = each("redis")
REDIS = (
    Kind("redis_kill_9", "redis", kill_9, TARGET),
    Kind("redis_empty", "redis", empty, TARGET),
    Kind("redis_stop", "redis", stop, TARGET, seconds=(1, 15)),
    Kind("redis_away", "redis", away, TARGET, seconds=(5, 60)),
    Kind("redis_pubsub_killed", "redis", kill_pubsub, TARGET),
    Kind(
        "redis_and_workers",
        "redis",
        with_the_workers,
        TARGET,
        seconds=(8, 8),
        # What is promised for this very case is measured, so nothing else may be to blame.
        alone=6,
        draw=_killed_or_stopped,
        claims=("redis", *DOORS["worker"]),
    ),
)
