"""What the worker's process does beside tasks, from before the broker is reached until its end."""

import sys

from celery.signals import setup_logging, worker_init, worker_shutting_down

from fechatter.durability import NotDurable, refuse_unsafe
from fechatter.logs import set_up_logging
from fechatter.metrics import serve
from worker.application import config
from worker.measures import measure_waiting
from worker.push_watch import PushWatch
from worker.pushing import ending
from worker.resources import engine, publish
from worker.sweep import Sweep


@setup_logging.connect
def log_like_the_other_doors(**_: object) -> None:
    """Celery sets up no logging of its own once this signal has a receiver."""
    set_up_logging(config)


@worker_init.connect
def refuse_a_postgresql_that_forgets(**_: object) -> None:
    try:
        refuse_unsafe(config)
    except NotDurable as risk:
        sys.exit(str(risk))


@worker_init.connect
def start_sweep(**_: object) -> None:
    # Here and not in `worker_ready`, which waits for Redis.
    Sweep(engine(), publish()).start()


@worker_init.connect
def start_push_watch(**_: object) -> None:
    PushWatch().start()


@worker_init.connect
def serve_metrics(**_: object) -> None:
    measure_waiting(engine())
    serve(config)


@worker_shutting_down.connect
def begin_no_more_pushes(**_: object) -> None:
    """Who is killed while it sends leaves rows that are sent once more."""
    ending.set()
