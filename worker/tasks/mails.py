"""The task that sends what waits in the table of mails: woken by web after a commit, and called for by beat."""

import threading
from contextlib import suppress

from sqlalchemy.exc import OperationalError

from fechatter.broker import SEND_MAILS
from fechatter.retention import Budget
from fechatter.wakeup import take_mail_flag
from worker.application import celery_app, config
from worker.resources import engine, redis

LONGEST = 50.0
"""Seconds that one run may take; beat calls for the next one then."""

_asked = threading.Event()
_turn = threading.Lock()


@celery_app.task(name=SEND_MAILS)
def send_mails() -> None:
    """In one thread of the process at a time: a mail server that hangs must not hold up the relay."""
    if not config.mail.is_on:
        return
    _asked.set()
    # Asked for by another meanwhile, perhaps behind our last look: then once more.
    while _asked.is_set() and _turn.acquire(blocking=False):
        try:
            _asked.clear()
            take_mail_flag(redis())
            _send()
        finally:
            _turn.release()


def _send() -> None:
    # Only where there are mails.
    from fechatter.mail.delivery import delivery
    from fechatter.mail.sending import send_due

    # Without PostgreSQL: beat calls again.
    with suppress(OperationalError):
        send_due(engine(), delivery(config.mail), config.mail.sender, config.public_url, Budget(LONGEST))
