"""What beat sends, and how often."""

from typing import Any

from fechatter.broker import SEND_MAILS

EVERY = 600.0
"""Seconds."""


MAILS_EVERY = 60.0


def chore(task: str, every: float = EVERY) -> dict[str, Any]:
    # With no worker to take it, a chore is dropped when the next one is due: they must not pile up.
    return {"task": task, "schedule": every, "options": {"expires": every}}


SCHEDULE = {task: chore(task) for task in ("forget_events", "forget_expired")} | {
    SEND_MAILS: chore(SEND_MAILS, MAILS_EVERY)
}
