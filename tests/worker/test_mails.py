"""Mails leave the worker right after a commit, and beat makes good what was lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import Celery
from sqlalchemy import Engine, text

from app.wakeup import Wakeup
from fechatter.broker import PRODUCER, QUEUE, SEND_MAILS, SETTINGS, broker
from fechatter.models import User
from fechatter.outbox import record_mail
from fechatter.redis_link import RedisLink
from fechatter.wakeup import MAIL_FLAG
from tests.doors import Door, until
from tests.factories import a_user, committed
from tests.mail_server import Mailbox, a_mail_server
from tests.own_redis import OwnRedis


@pytest.fixture
def box() -> Mailbox:
    return Mailbox()


@pytest.fixture
def posting(tmp_path: Path, database_url: str, redis: OwnRedis, box: Mailbox) -> Iterator[Door]:
    """A worker that sends to a server of our own."""
    with a_mail_server(box) as port:
        told = {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis.start().url,
            "SMTP_URL": f"smtp://127.0.0.1:{port}",
            "MAIL_FROM": "chat@example.org",
            "PUBLIC_URL": "https://chat.example.org",
        }
        door = Door("worker", tmp_path / "worker.log", **told)
        with door.process:
            door.until_it_says("ready")
            yield door


def ask(engine: Engine) -> User:
    with committed(engine) as session:
        user = a_user(session)
        record_mail(session, "reset", user.email_key)
    return user


@pytest.mark.by_the_clock
@pytest.mark.usefixtures("posting")
def test_a_mail_leaves_right_after_the_commit(engine: Engine, redis: OwnRedis, box: Mailbox) -> None:
    wakeup = Wakeup(RedisLink(redis.url), redis.url)
    for _ in range(3):
        user = ask(engine)
        wakeup.wake([], has_mail=True)
        assert until(lambda user=user: box.to(user.email), 20, "the mail") < 5
        assert len(box.to(user.email)) == 1


@pytest.mark.usefixtures("posting")
def test_a_mail_whose_wake_up_was_lost_leaves_when_beat_calls(engine: Engine, redis: OwnRedis, box: Mailbox) -> None:
    user = ask(engine)
    celery = Celery(set_as_current=False)
    celery.conf.update(SETTINGS | broker(redis.url) | PRODUCER)
    celery.send_task(SEND_MAILS)
    until(lambda: box.to(user.email), 60, "the mail")


@pytest.mark.by_the_clock
def test_a_hundred_mails_make_one_task(redis: OwnRedis) -> None:
    wakeup = Wakeup(RedisLink(redis.start().url), redis.url)
    client = redis.client()
    for _ in range(100):
        wakeup.wake([], has_mail=True)
        wakeup.tell()
    until(lambda: client.exists(MAIL_FLAG), 20, "asked for")
    assert client.llen(QUEUE) == 1


@pytest.mark.by_the_clock
def test_a_worker_without_mail_leaves_them_alone(engine: Engine, worker: Door, redis: OwnRedis) -> None:
    user = ask(engine)
    wakeup = Wakeup(RedisLink(redis.start().url), redis.url)
    wakeup.wake([], has_mail=True)
    client = redis.client()
    until(lambda: client.exists(MAIL_FLAG) and not client.llen(QUEUE), 20, "the task taken")
    query = text("SELECT attempts FROM mails WHERE email = :email")
    with engine.connect() as connection:
        assert connection.scalars(query, {"email": user.email_key}).all() == [0]
