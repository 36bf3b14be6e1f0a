"""Chores that beat calls for: each does what it can within its budget and leaves the rest to its next run."""

import logging

from fechatter.feed.trim import trim_feeds
from fechatter.purge import purge_chats, purge_departures, purge_expired, purge_workspaces
from fechatter.retention import Budget
from worker.application import celery_app
from worker.resources import engine

log = logging.getLogger(__name__)

LONGEST = 120.0
"""Seconds that one run may take."""


@celery_app.task(name="forget_events")
def forget_events() -> None:
    """Trims the feeds, and then removes what was kept only because it was in them."""
    budget = Budget(LONGEST)
    told("events", trim_feeds(engine(), budget))
    told("departures", purge_departures(engine(), budget))
    told("chats", purge_chats(engine(), budget))
    told("workspaces", purge_workspaces(engine(), budget))


@celery_app.task(name="forget_expired")
def forget_expired() -> None:
    told("expired rows", purge_expired(engine(), Budget(LONGEST)))


def told(what: str, number: int) -> None:
    if number:
        log.info("removed %s: %d", what, number)
