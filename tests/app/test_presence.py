"""Who of some people is there, as far as one may know of them and Redis knows it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from time import monotonic, time
from typing import Any

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import Engine, delete

from app.create import create_app
from fechatter import models
from fechatter.config import Config
from fechatter.feed.here import BELIEVED, HERE
from fechatter.redis_link import RedisLink
from tests import factories
from tests.app.people import Person, a_person
from tests.app.signing import assert_problem
from tests.doors import until
from tests.factories import committed
from tests.own_redis import OwnRedis, own_redis
from tests.statements import statements_of

Come = Callable[..., None]

PATIENCE = 2.0
"""Seconds that web gives its Redis here, which may be on a busy machine."""


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnRedis]:
    with own_redis(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(scope="module")
def app(config: Config, redis: OwnRedis, app: Flask) -> Iterator[Flask]:
    """One whose Redis nobody else uses."""
    redis.start()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("app.services.RedisLink", partial(RedisLink, timeout=PATIENCE))
        app = create_app(replace(config, redis_url=redis.url))
    yield app
    app.extensions["fechatter"].engine.dispose()


@pytest.fixture
def kept(redis: OwnRedis) -> Iterator[Redis]:
    """What is in it."""
    with redis.client() as client:
        yield client


@pytest.fixture
def come(kept: Redis) -> Come:
    """As a notify process says it: it has a stream of this person, and is believed for so many seconds."""

    def say(person: Person, process: str = "one", seconds: float = BELIEVED) -> None:
        kept.zadd(HERE % person.id, {process: time() + seconds})

    return say


@pytest.fixture
def cat(app: Flask, engine: Engine) -> Person:
    return a_person(app, engine, "cat")


def together(engine: Engine, *people: Person, role: str = "member", **fields: Any) -> None:
    """In a workspace of their own; the last of them is there as this."""
    with committed(engine) as session:
        workspace = factories.a_workspace(session)
        for person in people:
            user = session.get_one(models.User, person.id)
            factories.join_workspace(session, workspace, user, role if person is people[-1] else "member")
        for field, value in fields.items():
            setattr(workspace, field, value)


def path(*ids: int) -> str:
    return f"/api/presence?{'&'.join(f'user_id={id}' for id in ids)}"


def online(asker: Person, *asked: Person) -> list[int]:
    answer = asker.get(path(*(person.id for person in asked)))
    assert answer.status_code == 200, answer.text
    assert list(answer.json) == ["online"]
    return answer.json["online"]  # type: ignore[no-any-return]


def test_those_who_are_there_are_told_of_and_nobody_else(
    engine: Engine, come: Come, ann: Person, ben: Person, cat: Person
) -> None:
    together(engine, ann, ben, cat)
    assert online(ann, ben, cat) == []
    come(ben)
    assert online(ann, ben, cat) == [ben.id]
    come(cat)
    assert online(ann, cat, ben) == sorted([ben.id, cat.id])
    assert online(ann, cat) == [cat.id], "of others was not asked"


def test_one_of_whom_is_asked_twice_is_told_of_once(engine: Engine, come: Come, ann: Person, ben: Person) -> None:
    together(engine, ann, ben)
    come(ben)
    assert online(ann, ben, ben) == [ben.id]


def test_one_may_ask_of_oneself(come: Come, ann: Person) -> None:
    assert online(ann, ann) == []
    come(ann)
    assert online(ann, ann) == [ann.id]


def test_a_guest_knows_the_others_and_they_know_the_guest(engine: Engine, come: Come, ann: Person, ben: Person) -> None:
    together(engine, ann, ben, role="guest")
    come(ann)
    come(ben)
    assert online(ben, ann) == [ann.id]
    assert online(ann, ben) == [ben.id]


def test_whom_one_may_not_know_of_is_like_who_is_away_and_like_nobody(
    app: Flask, engine: Engine, kept: Redis, come: Come, ann: Person, ben: Person, cat: Person
) -> None:
    """Alike in every byte, by the same statements, and with as much asked of Redis."""
    together(engine, ann, ben)
    together(engine, ann, cat, deleted_at=models.Workspace.created_at)
    stranger = a_person(app, engine)
    together(engine, stranger, a_person(app, engine))
    for there in (stranger, cat):
        come(there)

    def asked_of_redis() -> int:
        return int(kept.info("commandstats")["cmdstat_zcount"]["calls"])

    assert online(ann, ben) == []
    answers, roads = [], []
    for id in (ben.id, stranger.id, cat.id, 2**62):
        before = asked_of_redis()
        with statements_of(app.extensions["fechatter"].engine) as sent:
            answer = ann.get(path(id, ann.id), headers={"X-Request-ID": "same"})
        headers = sorted((name, value) for name, value in answer.headers if name != "Date")
        answers.append((answer.status, answer.data, headers))
        roads.append(([statement for statement, _ in sent], asked_of_redis() - before))
    assert answers[0][1] == b'{"online":[]}'
    assert answers == [answers[0]] * 4
    assert roads == [roads[0]] * 4
    assert (len(roads[0][0]), roads[0][1]) == (2, 2), "who asks and whom one may know; and Redis of both"


def test_who_was_removed_is_known_no_more(engine: Engine, come: Come, ann: Person, ben: Person) -> None:
    together(engine, ann, ben)
    come(ben)
    assert online(ann, ben) == [ben.id]
    with committed(engine) as session:
        session.execute(delete(models.WorkspaceMember).where(models.WorkspaceMember.user_id == ben.id))
    assert online(ann, ben) == []


def test_somebody_is_there_as_long_as_one_process_says_so(
    engine: Engine, kept: Redis, come: Come, ann: Person, ben: Person
) -> None:
    together(engine, ann, ben)
    come(ben, "one")
    come(ben, "other")
    kept.zrem(HERE % ben.id, "one")
    assert online(ann, ben) == [ben.id]
    kept.zrem(HERE % ben.id, "other")
    assert online(ann, ben) == []


def test_what_a_process_has_said_is_believed_so_long_and_not_longer(
    engine: Engine, come: Come, ann: Person, ben: Person
) -> None:
    """Its key may outlive it, where another process is believed still."""
    together(engine, ann, ben)
    come(ben, "killed", seconds=-0.001)
    assert online(ann, ben) == []
    come(ben, "lives", seconds=BELIEVED / 2)
    assert online(ann, ben) == [ben.id]


def test_a_hundred_are_asked_of_at_once_by_one_question_to_redis(
    app: Flask, engine: Engine, come: Come, ann: Person, ben: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    together(engine, ann, ben)
    come(ben)
    calls, link = [], app.extensions["fechatter"].redis
    call = link.call

    def count(use: Any) -> Any:
        calls.append(use)
        return call(use)

    monkeypatch.setattr(link, "call", count)
    answer = ann.get(path(*range(2**62, 2**62 + 99), ben.id))
    assert (answer.status_code, answer.json) == (200, {"online": [ben.id]})
    assert len(calls) == 1


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "user_id"),
        ("user=1", "user_id"),
        ("user_id=", "user_id.0"),
        ("user_id=x", "user_id.0"),
        ("user_id=0", "user_id.0"),
        ("user_id=-1", "user_id.0"),
        ("user_id=1.0", "user_id.0"),
        ("user_id=1,2", "user_id.0"),
        ("user_id=1&user_id=x", "user_id.1"),
        (f"user_id={2**63}", "user_id.0"),
        ("&".join(["user_id=1"] * 101), "user_id"),
    ],
)
def test_what_is_no_question_is_invalid(ann: Person, query: str, field: str) -> None:
    answer = ann.get(f"/api/presence?{query}")
    assert_problem(answer, 422, "invalid")
    assert list(answer.json["errors"]) == [field]


def test_while_redis_is_away_nobody_is_known_to_be_there_and_that_at_once(
    app: Flask, engine: Engine, redis: OwnRedis, come: Come, ann: Person, ben: Person
) -> None:
    together(engine, ann, ben)
    come(ben)
    with redis.stopped():
        began = monotonic()
        assert [online(ann, ben) for _ in range(10)] == [[]] * 10
        assert monotonic() - began < 5 * PATIENCE, "only the first has waited"
        assert app.extensions["fechatter"].redis.is_away
    until(lambda: online(ann, ben) == [ben.id], 10, "there again")
