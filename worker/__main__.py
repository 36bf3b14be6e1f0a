"""The worker: `python -m worker`. Celery's own command would bring along a shell that nobody uses here."""

import sys

from worker.application import celery_app

THREADS = 4


def main() -> None:
    """Until a signal ends it."""
    worker = celery_app.Worker(
        pool_cls="threads",
        concurrency=THREADS,
        quiet=True,
        # Workers need not know of one another.
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    worker.start()
    sys.exit(worker.exitcode)


if __name__ == "__main__":
    main()
