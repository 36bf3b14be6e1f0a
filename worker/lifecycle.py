"""What the worker's process does beside tasks, from before the broker is reached until its end."""

from celery.signals import worker_init

from worker.resources import engine, publish
from worker.sweep import Sweep


@worker_init.connect
def start_sweep(**_: object) -> None:
    # Here and not in `worker_ready`, which waits for Redis.
    Sweep(engine(), publish()).start()
