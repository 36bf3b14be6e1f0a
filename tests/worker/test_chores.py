"""What beat sends, the worker does."""

from datetime import timedelta

import pytest
from celery import Celery
from sqlalchemy import Engine

from fechatter.broker import PRODUCER, SETTINGS, broker
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


def test_a_worker_that_is_told_to_forget_trims_the_feeds(engine: Engine, worker: Door, redis: OwnRedis) -> None:
    workspace = a_feed(engine)
    place(engine, workspace, 3, timedelta(days=8))
    celery = Celery(set_as_current=False)
    celery.conf.update(SETTINGS | broker(redis.start().url) | PRODUCER)
    celery.send_task("forget_events")
    until(lambda: positions(engine, workspace) == [], 15, "trimmed")
