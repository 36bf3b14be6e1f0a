"""Pushes leave a real worker: soon after a message, without Redis too, and not while their person is here."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest
from celery import Celery
from sqlalchemy import Engine, text

from app.wakeup import Wakeup
from fechatter.access import Caller
from fechatter.actions.push import Browser as Subscriber
from fechatter.actions.push import subscribe
from fechatter.broker import PRODUCER, SEND_PUSHES, SETTINGS, broker
from fechatter.feed.here import BELIEVED, HERE
from fechatter.push.sending import SURELY_HERE
from fechatter.redis_link import RedisLink
from tests.doors import Door, until
from tests.own_redis import OwnRedis
from tests.push_service import Browser, PushService, a_push_service
from tests.world import Person, World

SOON = 30
"""Seconds: one in which messages are collected, and what a busy machine takes."""


class Team:
    """Ann and Ben in a group, and Ben's browser."""

    def __init__(self, engine: Engine, service: PushService) -> None:
        self.world, self.service = World(engine), service
        self.ann, self.ben = self.world.person("Ann"), self.world.person("Ben")
        self.workspace = self.world.workspace(self.ann, self.ben)
        self.chat = self.world.chat(self.ann, self.workspace, self.ben)
        self.browser = self.subscribe(self.ben)

    def subscribe(self, person: Person) -> Browser:
        browser = self.service.browser()
        told = Subscriber(browser.endpoint, self.service.origin, browser.p256dh, browser.auth, None)
        self.world.write(lambda session: subscribe(session, Caller(person.id, person.session_id, 0), told))
        return browser

    def post(self, words: str) -> None:
        assert self.world.post(self.ann, self.chat, words).outcome == "created"

    def texts(self) -> list[str]:
        return [told["text"] for told in self.service.told(self.browser)]

    def make_due(self) -> None:
        with self.world.engine.begin() as connection:
            connection.execute(text("UPDATE pushes SET due_at = now() WHERE sent_at IS NULL"))

    def is_relayed(self) -> bool:
        placed = "SELECT count(*) FROM events WHERE chat_id = :chat AND type = 'message.created'"
        query = f"SELECT last_seq = ({placed}) FROM chats WHERE id = :chat"
        with self.world.engine.connect() as connection:
            return bool(connection.scalar(text(query), {"chat": self.chat}))

    def waiting(self) -> list[int]:
        """The attempts at each that waits."""
        query = "SELECT attempts FROM pushes WHERE sent_at IS NULL AND chat_id = :chat"
        with self.world.engine.connect() as connection:
            return list(connection.scalars(text(query), {"chat": self.chat}))


@pytest.fixture
def service(tmp_path: Path) -> Iterator[PushService]:
    with a_push_service(tmp_path / "push") as service:
        yield service


@pytest.fixture
def team(engine: Engine, service: PushService) -> Team:
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM push_subscriptions"))
    return Team(engine, service)


@pytest.fixture
def start(tmp_path: Path, database_url: str, redis: OwnRedis, service: PushService) -> Iterator[Callable[[], Door]]:
    """Starts the worker, which trusts our push service and its certificate."""
    told = {"DATABASE_URL": database_url, "REDIS_URL": redis.url}
    told |= {"PUSH_SERVICES": service.origin, "SSL_CERT_FILE": str(service.certificate)}
    door = Door("worker", tmp_path / "worker.log", **told)

    def started() -> Door:
        door.process.start()
        return door

    yield started
    if door.process.is_alive:
        door.process.kill()


@pytest.fixture
def wakeup(redis: OwnRedis) -> Wakeup:
    return Wakeup(RedisLink(redis.url), redis.url)


def until_told(team: Team, *words: str, seconds: float = SOON) -> float:
    return until(lambda: team.texts() == list(words), seconds, f"{words} told, not {team.texts()}")


def call_as_beat_does(redis: OwnRedis) -> None:
    celery = Celery(set_as_current=False)
    celery.conf.update(SETTINGS | broker(redis.url) | PRODUCER)
    celery.send_task(SEND_PUSHES)


@pytest.mark.by_the_clock
def test_a_message_is_pushed_soon_after_it_was_posted(
    team: Team, start: Callable[[], Door], redis: OwnRedis, wakeup: Wakeup
) -> None:
    redis.start()
    start().until_it_says("ready")
    for words in (["One"], ["One", "Two"]):
        team.post(words[-1])
        wakeup.wake([team.workspace])
        until_told(team, *words)
        until(lambda: team.waiting() == [], SOON, "crossed off")


def test_what_was_relayed_while_no_worker_ran_is_pushed_when_one_begins(
    team: Team, start: Callable[[], Door], redis: OwnRedis
) -> None:
    team.post("Meanwhile")
    team.world.relay(team.workspace)
    redis.start()
    start()
    until_told(team, "Meanwhile")


def test_what_notify_has_relayed_is_pushed_when_beat_calls(
    team: Team, start: Callable[[], Door], redis: OwnRedis
) -> None:
    redis.start()
    start().until_it_says("ready")
    time.sleep(1)  # behind its first look at all
    team.post("Elsewhere")
    team.world.relay(team.workspace)
    call_as_beat_does(redis)
    until_told(team, "Elsewhere")


def test_without_redis_it_is_pushed_all_the_same(team: Team, start: Callable[[], Door], redis: OwnRedis) -> None:
    start().until_it_says("Cannot connect")
    team.post("Hello")
    until_told(team, "Hello")


def test_redis_that_dies_and_comes_back_loses_none(
    team: Team, start: Callable[[], Door], redis: OwnRedis, wakeup: Wakeup
) -> None:
    redis.start()
    start().until_it_says("ready")
    team.post("Before")
    wakeup.wake([team.workspace])
    until_told(team, "Before")
    redis.kill()
    team.post("Without")
    until_told(team, "Before", "Without")
    redis.start()
    team.post("After")
    until_told(team, "Before", "Without", "After")


@pytest.mark.by_the_clock
def test_who_is_here_is_not_told_and_who_has_gone_without_a_word_is(
    team: Team, start: Callable[[], Door], redis: OwnRedis, wakeup: Wakeup
) -> None:
    client, key = redis.start().client(), HERE % team.ben.id
    start().until_it_says("ready")
    # As a notify process that was killed just now has left it.
    client.zadd(key, {"a process": time.time() + BELIEVED - 5})
    team.post("One")
    wakeup.wake([team.workspace])
    until(lambda: team.waiting() == [0], SOON, "put off")
    assert team.texts() == []
    # As one that goes on says it, long after the message.
    client.zadd(key, {"a process": time.time() + BELIEVED + SURELY_HERE + 5})
    team.make_due()
    until(lambda: team.waiting() == [], SOON, "dropped")
    assert team.texts() == []
    client.zadd(key, {"a process": time.time() + BELIEVED - 5})
    team.post("Two")
    wakeup.wake([team.workspace])
    until(lambda: team.waiting() == [0], SOON, "put off")
    client.delete(key)
    team.make_due()
    until_told(team, "Two")


def test_a_worker_killed_between_sending_and_crossing_off_sends_once_more_and_no_oftener(
    team: Team, start: Callable[[], Door], redis: OwnRedis, service: PushService
) -> None:
    redis.start()
    held = Event()
    service.answers[team.browser.path] = lambda request: held.wait(120)
    team.post("Hello")
    team.world.relay(team.workspace)
    door = start()
    until(lambda: len(service.to(team.browser)) == 1, SOON, "the first time")
    door.process.kill()
    held.set()
    service.answers.clear()
    assert team.waiting() == [1]
    start()
    team.make_due()  # as its claim will be in two minutes
    until(lambda: len(service.to(team.browser)) == 2, SOON, "the second time")
    until(lambda: team.waiting() == [], SOON, "crossed off")
    call_as_beat_does(redis)
    time.sleep(2)
    assert len(service.to(team.browser)) == 2


@pytest.mark.by_the_clock
def test_no_endpoint_and_no_text_is_in_the_log(
    team: Team, start: Callable[[], Door], redis: OwnRedis, service: PushService, wakeup: Wakeup
) -> None:
    redis.start()
    door = start()
    door.until_it_says("ready")
    service.answers[team.browser.path] = 500
    team.post("Very secret")
    wakeup.wake([team.workspace])
    door.until_it_says("did not leave")
    for word in ("secret", team.browser.path, service.origin, "127.0.0.1:" + service.origin.rpartition(":")[2]):
        assert word not in door.said(), word


@pytest.mark.by_the_clock
def test_a_slow_push_service_holds_up_no_relay(
    team: Team, start: Callable[[], Door], redis: OwnRedis, service: PushService, wakeup: Wakeup
) -> None:
    redis.start()
    held = Event()
    service.answers[team.browser.path] = lambda request: held.wait(120)
    start().until_it_says("ready")
    try:
        team.post("Slow")
        wakeup.wake([team.workspace])
        until(lambda: service.to(team.browser), SOON, "under way")
        for number in range(8):
            team.post(f"Message {number}")
            wakeup.wake([team.workspace])
            until(lambda: team.is_relayed(), 2, "relayed")
    finally:
        held.set()
