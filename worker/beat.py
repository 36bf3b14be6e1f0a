"""beat: sends the chores of `worker/schedule.py`. It runs none of them, so it carries nothing of what they need."""

import sys

from celery import Celery
from celery.signals import setup_logging

from fechatter.broker import CONSUMER, SETTINGS, broker
from fechatter.config import BadConfig, read_config
from fechatter.logs import set_up_logging
from worker.schedule import SCHEDULE


def main() -> None:
    """Until a signal ends it."""
    try:
        config = read_config("beat")
    except BadConfig as bad:
        sys.exit(str(bad))

    @setup_logging.connect(weak=False)
    def log_like_the_other_doors(**_: object) -> None:
        set_up_logging(config)

    celery_app = Celery("fechatter", fixups=())
    celery_app.conf.update(
        SETTINGS | broker(config.redis_url) | CONSUMER, beat_schedule=SCHEDULE, worker_redirect_stdouts=False
    )
    celery_app.Beat(scheduler="celery.beat:Scheduler", quiet=True).run()


if __name__ == "__main__":
    main()
