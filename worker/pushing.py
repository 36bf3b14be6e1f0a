"""What the task of pushes does; without Redis, where no task comes, `PushWatch` does it."""

import threading
from collections.abc import Collection
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

from fechatter.feed.here import last_here
from fechatter.push.due import is_due
from fechatter.push.fan_out import fan_out, lagging_workspaces
from fechatter.redis_link import RedisAway
from fechatter.retention import Budget
from worker.application import config
from worker.measures import PUSHES
from worker.resources import engine, redis

if TYPE_CHECKING:
    from fechatter.push.sending import Sending

LONGEST = 50.0
"""Seconds that one run may take."""

ending = threading.Event()
"""The process was told to end: what is under way is finished, and nothing more is begun."""

_asked = threading.Event()
_turn = threading.Lock()


class Run(Budget):
    @property
    def is_spent(self) -> bool:
        return ending.is_set() or super().is_spent


def push(workspace_ids: Collection[int] | None = None) -> None:
    """Puts down what is new in these workspaces (None: in all), and sends what is due, in one thread of the process at
    a time: slow push services must not hold up the relay."""
    # Without PostgreSQL: beat calls again.
    with suppress(OperationalError):
        for workspace_id in lagging_workspaces(engine()) if workspace_ids is None else workspace_ids:
            fan_out(engine(), workspace_id)
    _asked.set()
    # Asked for by another meanwhile, perhaps behind our last look: then once more.
    while _asked.is_set() and _turn.acquire(blocking=False):
        try:
            _asked.clear()
            with suppress(OperationalError):
                if is_due(engine()):
                    _sending().send_due(Run(LONGEST), lambda outcome: PUSHES.labels(outcome).inc())
        finally:
            _turn.release()


@cache
def _sending() -> "Sending":
    # Only where there is something to send: see `fechatter/push/delivery.py`.
    from fechatter.push.connection import CheckedSession
    from fechatter.push.delivery import delivery
    from fechatter.push.keys import private_key
    from fechatter.push.sending import Sending

    with engine().begin() as connection:
        key = private_key(connection, config.push)
    session = CheckedSession(config.push.services)
    return Sending(engine(), delivery(key, config.push.contact, session), _last_here)


def _last_here(user_id: int) -> float | None:
    """Without Redis nobody knows: told twice is better than not at all."""
    try:
        return last_here(redis(), user_id)
    except RedisAway:
        return None
