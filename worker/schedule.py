"""What beat sends, and how often."""

from typing import Any

EVERY = 600.0
"""Seconds."""


def chore(task: str) -> dict[str, Any]:
    # With no worker to take it, a chore is dropped when the next one is due: they must not pile up.
    return {"task": task, "schedule": EVERY, "options": {"expires": EVERY}}


SCHEDULE = {task: chore(task) for task in ("forget_events", "forget_expired")}
