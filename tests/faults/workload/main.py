"""The workload from its start to its end: it sets up, works until it is told to drain, and drains."""

import gc
import resource
import sys
from pathlib import Path

import gevent
from gevent.pool import Pool

from tests.faults.workload.drain import drain
from tests.faults.workload.history import History
from tests.faults.workload.lag import watch_lag
from tests.faults.workload.pacing import Pacing
from tests.faults.workload.readers import Reader, readers_of
from tests.faults.workload.run import Run
from tests.faults.workload.setup import set_up

FLUSH = 0.5
"""Seconds."""


def main(folder: Path) -> int:
    """0 after a drain, 1 if nobody is there any more to ask for one, 2 if the workload itself has failed."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    run = Run(folder)
    background, streams = Pool(), Pool()
    told = gevent.spawn(_wait_for_word)
    run.spawn(background, watch_lag, run.history)
    run.spawn(background, _flush_for_ever, run.history)
    work = run.spawn(background, _work, run, streams, told)
    gevent.wait([work, run.failed], count=1)
    streams.kill()
    run.history.flush()
    return 2 if run.failed.is_set() else 0 if told.value == "drain" else 1


def _work(run: Run, streams: Pool, told: gevent.Greenlet) -> None:
    people, chats = set_up(run)
    readers = readers_of(run, people)
    for number, reader in enumerate(readers):
        # The first of each person's streams takes the session that came with the account.
        first = reader.person.sessions[0] if number < len(people) else None
        run.spawn(streams, reader.read, first)
    _wait_for_streams(readers)
    pacing = Pacing(run, people, chats)
    pacing.start()
    gc.freeze()
    sys.stdout.write("running\n")
    sys.stdout.flush()
    if told.get() == "drain":
        drain(run, pacing, people, chats, readers)


def _wait_for_streams(readers: list[Reader], seconds: float = 30) -> None:
    """All have been begun once, if that can be had in time."""
    for _ in range(int(seconds / 0.1)):
        if all(reader.chain and reader.chain.connections for reader in readers):
            return
        gevent.sleep(0.1)


def _wait_for_word() -> str:
    """What stands on the first line of the standard input; empty if that ends instead."""
    return str(gevent.get_hub().threadpool.apply(sys.stdin.readline)).strip()


def _flush_for_ever(history: History) -> None:
    while True:
        gevent.sleep(FLUSH)
        history.flush()
