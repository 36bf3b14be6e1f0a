"""What beat sends, and how often."""

from typing import Any

from fechatter.broker import SEND_MAILS, SEND_PUSHES

EVERY = 600.0
"""Seconds."""


MINUTE = 60.0


def chore(task: str, every: float = EVERY) -> dict[str, Any]:
    # With no worker to take it, a chore is dropped when the next one is due: they must not pile up.
    return {"task": task, "schedule": every, "options": {"expires": every}}


SCHEDULE = {task: chore(task) for task in ("forget_events", "forget_expired")} | {
    task: chore(task, MINUTE) for task in (SEND_MAILS, SEND_PUSHES)
}
