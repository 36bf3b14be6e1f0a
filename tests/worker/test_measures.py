"""The worker's metrics say how long events wait, also when nobody can know."""

import math
from datetime import timedelta

from sqlalchemy import Engine, text

from fechatter.db import make_engine
from tests.fechatter.feed.feeds import a_feed, put
from worker.measures import WAITING, measure_waiting


def measured() -> float:
    [metric] = WAITING.collect()
    return metric.samples[0].value


def test_the_age_of_the_oldest_event_is_measured(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM outbox"))
    measure_waiting(engine)
    assert measured() == 0
    put(engine, a_feed(engine), age=timedelta(seconds=30))
    assert 30 <= measured() < 40
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM outbox"))


def test_without_postgresql_the_age_is_unknown() -> None:
    measure_waiting(make_engine("postgresql://postgres@127.0.0.1:1/none", pool=1, name="tests"))
    assert math.isnan(measured())
