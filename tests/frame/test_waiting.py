"""On gevent a wait for PostgreSQL stops one greenlet, not its process, and ends in time."""

import os
import subprocess
import sys

from launcher.paths import PROJECT

SCRIPT = """
from gevent.monkey import patch_all
patch_all()
import gevent, sys, time
from sqlalchemy.exc import OperationalError
from fechatter import db
from frame.waiting import wait_as_greenlets
wait_as_greenlets()
engine = db.make_engine(sys.argv[1], pool=8, name="waiting")
began = time.monotonic()
gevent.joinall([gevent.spawn(db.fetch, engine, "SELECT pg_sleep(0.5)") for _ in range(8)], raise_error=True)
took = time.monotonic() - began
assert took < 2, took
with db.deadline(0.2):
    began = time.monotonic()
    try:
        db.fetch(engine, "SELECT pg_sleep(5)")
    except OperationalError as error:
        assert error.connection_invalidated
    assert time.monotonic() - began < 2
gone = db.fetch(engine, "SELECT pg_backend_pid()")[0][0]
with engine.connect() as other:
    other.exec_driver_sql("SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity"
                          " WHERE application_name = 'fechatter waiting' AND pid <> pg_backend_pid()")
assert db.fetch(engine, "SELECT 1") == [(1,)]
print("done")
"""


def test_a_wait_stops_one_greenlet_only_and_ends_in_time(database_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, database_url],
        capture_output=True,
        text=True,
        cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        timeout=60,
    )
    assert done.stdout == "done\n", done.stderr
