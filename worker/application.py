"""The worker's Celery application."""

import sys
import warnings

from celery import Celery
from celery.exceptions import SecurityWarning

from fechatter.broker import CONSUMER, SETTINGS, broker
from fechatter.config import BadConfig, read_config

try:
    config = read_config("worker")
except BadConfig as bad:
    sys.exit(str(bad))

# Celery warns of root, since pickled tasks could run anything; ours are JSON and nothing else is accepted.
warnings.simplefilter("ignore", SecurityWarning)

TASKS = ("worker.tasks.mails", "worker.tasks.pushes", "worker.tasks.relay", "worker.tasks.retention")

celery_app = Celery("fechatter", fixups=(), include=["worker.lifecycle", *TASKS])
celery_app.conf.update(
    SETTINGS | broker(config.redis_url) | CONSUMER,
    worker_consumer="worker.consumer:Consumer",
    # A thread takes the next task only when it is free, so that a second worker gets its share.
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    # Said only so that Celery does not ask on each lost connection: no task here is acknowledged late.
    worker_cancel_long_running_tasks_on_connection_loss=True,
)
