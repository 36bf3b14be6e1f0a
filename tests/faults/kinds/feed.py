"""What happens to the feed while somebody reads it: tasks that come twice or late, and events that are forgotten."""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from random import Random
from typing import Any

from celery import Celery
from kombu.exceptions import OperationalError
from psycopg2.extensions import connection as Connection
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import create_engine

from fechatter.broker import PRODUCER, QUEUE, RELAY, SETTINGS, broker
from fechatter.db import normal_url
from fechatter.feed.trim import trim_feed
from fechatter.retention import Budget
from fechatter.wakeup import ask
from tests.faults.kinds.bursts import burst
from tests.faults.kinds.kind import Detail, Fault, Kind, Parameters, Rig, each

# The two that the workload talks in; what the crowd leaves behind is small.
FEEDS_NOW = "SELECT workspace_id, head, tail FROM feeds ORDER BY head DESC LIMIT 2"
AGE = """
UPDATE events SET created_at = created_at - interval '8 days'
 WHERE workspace_id = %s AND position > %s AND position <= %s AND created_at > now() - interval '7 days'
"""
TAIL = "SELECT tail FROM feeds WHERE workspace_id = %s"
AT_ONCE = 5_000
"""Events whose age one statement changes."""

NOBODYS = 10**15
"""A workspace that does not exist."""


@contextmanager
def trim(rig: Rig, fault: Fault) -> Iterator[Detail]:
    """Eight days pass for the older part of a feed, and the product's own retention comes round."""
    with closing(rig.system.superuser()) as connection:
        feeds = _rows(connection, FEEDS_NOW)
        workspace_id, head, tail = feeds[fault.parameters["which"] % len(feeds)]
        _age(connection, workspace_id, tail, tail + int((head - tail) * fault.parameters["share"]))
        tail = _trim(rig, connection, workspace_id)
    yield {"workspace_id": workspace_id, "tail": tail, "at": time.monotonic()}


def _age(connection: Connection, workspace_id: int, first: int, last: int) -> None:
    with connection.cursor() as cursor:
        for begin in range(first, last, AT_ONCE):
            cursor.execute(AGE, (workspace_id, begin, min(begin + AT_ONCE, last)))


def _trim(rig: Rig, connection: Connection, workspace_id: int) -> int:
    """The tail that there is now."""
    engine = create_engine(normal_url(rig.system.postgres.url))
    trim_feed(engine, workspace_id, Budget(20))
    engine.dispose()
    return int(_rows(connection, TAIL, workspace_id)[0][0])


@contextmanager
def double_tasks(rig: Rig, fault: Fault) -> Iterator[Detail]:
    """The relay's task for every workspace many times over, some of them late, and one for a workspace of nobody."""
    with closing(rig.system.superuser()) as connection:
        workspaces = [row[0] for row in _rows(connection, FEEDS_NOW)]
    celery, redis = Celery("faults", set_as_current=False), rig.system.redis_client()
    celery.conf.update({**SETTINGS, **broker(rig.system.redis.url), **PRODUCER})
    sent = 0
    for seconds in fault.parameters["countdowns"]:
        for _ in workspaces:
            sent += _send(redis, celery, (*workspaces, NOBODYS), seconds)
        rig.pause(0.02)
    celery.close()
    yield {"tasks": sent}


def _send(redis: Redis, celery: Celery, workspaces: Sequence[int], seconds: float) -> bool:
    late: dict[str, Any] = {"countdown": seconds} if seconds else {}
    try:
        ask(redis, workspaces)
        celery.send_task(RELAY, queue=QUEUE, expires=60, ignore_result=True, **late)
    except (OperationalError, RedisError, OSError):
        return False
    return True


def _rows(connection: Connection, query: str, *parameters: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters or None)
        return cursor.fetchall()


def _share(random: Random) -> Parameters:
    return {"share": round(random.uniform(0.5, 1), 2), "which": random.choice((0, 0, 1))}


def _countdowns(random: Random) -> Parameters:
    return {"countdowns": [random.choice((0, 0, 0, 1, 3, 10)) for _ in range(40)]}


def _which(random: Random) -> Parameters:
    return {"which": random.random(), "messages": 10_000}


FEEDS = (
    Kind("trim", "feed", trim, each("feed"), draw=_share, claims=("postgres", "feed")),
    Kind("tasks_doubled", "feed", double_tasks, each("worker"), draw=_countdowns, claims=("postgres", "redis")),
    Kind("burst", "feed", burst, each("feed"), draw=_which, settles=15, claims=("postgres", "feed")),
)
