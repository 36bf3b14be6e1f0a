"""What beat sends, the worker does."""

import json
import os
import sys
from datetime import timedelta

import pytest
from celery import Celery
from sqlalchemy import Engine

from fechatter.broker import PRODUCER, QUEUE, SETTINGS, broker
from launcher.process import Process
from tests.doors import Door, until
from tests.fechatter.feed.feeds import a_feed, place, positions
from tests.own_redis import OwnRedis
from worker.application import celery_app
from worker.schedule import SCHEDULE


@pytest.mark.parametrize("name", SCHEDULE)
def test_each_chore_of_the_schedule_is_a_task_of_the_worker(name: str) -> None:
    celery_app.loader.import_default_modules()
    assert SCHEDULE[name]["task"] in celery_app.tasks


@pytest.mark.parametrize("name", SCHEDULE)
def test_a_chore_that_nobody_took_is_dropped_when_it_is_due_again(name: str) -> None:
    assert SCHEDULE[name]["options"]["expires"] == SCHEDULE[name]["schedule"]


IN_A_HURRY = """
from worker import beat
for chore in beat.SCHEDULE.values():
    chore["schedule"] = 0.2
beat.main()
"""


def test_beat_sends_each_chore_when_it_is_due(redis: OwnRedis, database_url: str) -> None:
    told = {"DATABASE_URL": database_url, "REDIS_URL": redis.start().url, "FECHATTER_ENV": "development"}
    client = redis.client()
    with Process("beat", [sys.executable, "-c", IN_A_HURRY], environment=os.environ | told):
        until(lambda: client.llen(QUEUE) >= 2 * len(SCHEDULE), 60, "chores in the queue")
    sent = [json.loads(message)["headers"]["task"] for message in client.lrange(QUEUE, 0, -1)]
    assert set(sent) == {chore["task"] for chore in SCHEDULE.values()}


def test_a_worker_that_is_told_to_forget_trims_the_feeds(engine: Engine, worker: Door, redis: OwnRedis) -> None:
    workspace = a_feed(engine)
    place(engine, workspace, 3, timedelta(days=8))
    celery = Celery(set_as_current=False)
    celery.conf.update(SETTINGS | broker(redis.start().url) | PRODUCER)
    celery.send_task("forget_events")
    until(lambda: positions(engine, workspace) == [], 60, "trimmed")
