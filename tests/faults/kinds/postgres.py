"""PostgreSQL that falls, stands still, throws everybody out, or takes nobody in."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from random import Random

import psycopg2
from psycopg2.extensions import connection as Connection

from tests import family
from tests.faults.kinds.kind import Detail, Fault, Kind, Parameters, Rig, each

OTHERS = "FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"


@contextmanager
def immediate(rig: Rig, fault: Fault) -> Iterator[Detail]:
    """What `pg_ctl stop -m immediate` does: nobody says goodbye, and the next start has to recover."""
    starts = rig.system.supervision.starts("postgres")
    rig.system.process("postgres").send(signal.SIGQUIT)
    rig.system.supervision.wait_for_start("postgres", starts)
    yield {}


@contextmanager
def kill_9(rig: Rig, fault: Fault) -> Iterator[Detail]:
    """All of its processes at once, as when memory runs out."""
    starts = rig.system.supervision.starts("postgres")
    family.send(family.stop(rig.system.process("postgres").pid), signal.SIGKILL)
    rig.system.supervision.wait_for_start("postgres", starts)
    yield {}


@contextmanager
def kill_a_backend(rig: Rig, fault: Fault) -> Iterator[Detail]:
    """One dies by kill -9, and the postmaster then throws out all others and recovers."""
    with closing(rig.system.superuser()) as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT pid {OTHERS} ORDER BY backend_start")
        pids = [pid for (pid,) in cursor.fetchall()]
    if pids:
        with suppress(ProcessLookupError):
            os.kill(pids[int(fault.parameters["which"] * len(pids))], signal.SIGKILL)
    yield {"backends": len(pids)}


@contextmanager
def stop(rig: Rig, fault: Fault) -> Iterator[Detail]:
    with family.stopped(rig.system.process("postgres").pid) as number:
        yield {"processes": number}


@contextmanager
def terminate_all(rig: Rig, fault: Fault) -> Iterator[Detail]:
    with closing(rig.system.superuser()) as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT count(pg_terminate_backend(pid)) {OTHERS}")
        row = cursor.fetchone()
    yield {"backends": row and row[0]}


@contextmanager
def use_up(rig: Rig, fault: Fault) -> Iterator[Detail]:
    """All connections that are not taken are taken, and soon those that somebody gives back."""
    with closing(rig.system.superuser()) as connection, ExitStack() as taken:
        number = _take_all(rig, taken)
        # So that somebody needs a new one while there is none.
        _throw_out(connection, "fechatter web", 4)
        yield {"connections": number + _take_all(rig, taken)}


def _take_all(rig: Rig, taken: ExitStack) -> int:
    """As the product's own role, which may not have those that are kept for superusers."""
    number = 0
    with suppress(psycopg2.OperationalError):
        while not rig.over.is_set():
            taken.enter_context(closing(psycopg2.connect(rig.system.postgres.url, connect_timeout=2)))
            number += 1
    return number


def _throw_out(connection: Connection, name: str, most: int) -> None:
    with connection.cursor() as cursor:
        some = f"SELECT pid {OTHERS} AND application_name = %s LIMIT %s"
        cursor.execute(f"SELECT pg_terminate_backend(pid) FROM ({some}) AS picked", (name, most))


def _which(random: Random) -> Parameters:
    return {"which": random.random()}


TARGET = each("postgres")
POSTGRES = (
    Kind("postgres_immediate", "postgres", immediate, TARGET, settles=6),
    Kind("postgres_kill_9", "postgres", kill_9, TARGET, settles=6),
    Kind("postgres_backend_killed", "postgres", kill_a_backend, TARGET, settles=6, draw=_which),
    Kind("postgres_stop", "postgres", stop, TARGET, seconds=(2, 8), settles=4),
    Kind("postgres_terminated", "postgres", terminate_all, TARGET, settles=4),
    Kind("postgres_full", "postgres", use_up, TARGET, seconds=(5, 5), settles=5),
)
