"""Whatever people do to each other, in whatever order: each answer and each person's stream are as the model says."""

import os
import signal
from collections.abc import Iterator

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine

from fechatter.feed.publish import publisher
from fechatter.redis_link import RedisLink
from tests.app.conftest import app, config
from tests.notify.process import Notify
from tests.stateful.chat_machine import ChatMachine
from tests.stateful.machine import Setting

__all__ = ["app", "config"]


@pytest.fixture(scope="module")
def setting(app: Flask, engine: Engine, database_url: str) -> Iterator[Setting]:
    url = os.environ["REDIS_URL"]
    notify = Notify(database_url, url, RATE_LIMITS="off", FECHATTER_ENV="development").start()
    yield Setting(app, engine, notify, publisher(RedisLink(url, timeout=30)))
    notify.kill(signal.SIGTERM)


def run(setting: Setting, examples: int, steps: int, **more: object) -> None:
    told = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        **more,  # type: ignore[arg-type]
    )
    run_state_machine_as_test(lambda: ChatMachine(setting), settings=told)


def test_answers_and_streams_are_as_the_model_says(setting: Setting) -> None:
    run(setting, 14, 80, phases=[Phase.explicit, Phase.generate], derandomize=True)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_answers_and_streams_are_as_the_model_says_however_long_one_tries(setting: Setting) -> None:
    run(setting, 40, 120)
