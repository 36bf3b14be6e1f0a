"""Who comes and who goes is told once, by whichever process is the first or the last to have a stream of it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from redis import Redis

from fechatter.feed.passing import read_passing
from fechatter.feed.placed import PASSING
from fechatter.redis_link import RedisAway, RedisLink
from launcher.ports import free_port
from launcher.redis import Redis as Server
from notify import presence
from notify.presence import AT_ONCE, Presence

Said = Callable[[], list[tuple[int, int, str]]]

HERE, THERE = 900_001, 900_002
ANN, BOB, CAT, DAN = range(900_001, 900_005)
"""Workspaces and people of these tests alone."""


class CountingLink(RedisLink):
    """How often Redis was called, and what happens before each time."""

    def __init__(self, url: str) -> None:
        super().__init__(url, timeout=30)
        self.calls = 0
        self.before: Callable[[], None] = lambda: None

    def call(self, use: Callable[[Redis], Any]) -> Any:
        self.calls += 1
        self.before()
        return super().call(use)


@pytest.fixture
def link(own_redis: Server) -> CountingLink:
    link = CountingLink(own_redis.url)
    for key in link.client.scan_iter("here:900*"):
        link.client.delete(key)
    return link


@pytest.fixture
def said(own_redis: Server) -> Iterator[Said]:
    """What has been told of people since the last time: the workspace, the person, and what."""
    with Redis.from_url(own_redis.url) as client, client.pubsub() as heard:
        heard.subscribe(PASSING % HERE, PASSING % THERE)
        assert [heard.get_message(timeout=30)["type"] for _ in range(2)] == ["subscribe"] * 2

        def read() -> list[tuple[int, int, str]]:
            client.ping()
            events = []
            while message := heard.get_message(timeout=0.1):
                event = read_passing(message["data"])
                [user_id] = event.except_users
                assert f'"user_id":{user_id},' in event.body
                events.append((event.workspace_id, user_id, "online" if '"online"' in event.body else "offline"))
            return events

        yield read


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "GRACE", 0.0)
    monkeypatch.setattr(presence, "TOGETHER", 0.0)


def test_a_crowd_is_told_of_in_few_calls_and_each_of_it_once(link: CountingLink, said: Said) -> None:
    here, people = Presence(link), range(ANN, ANN + 2 * AT_ONCE + 10)
    for user_id in people:
        here.arrived(user_id, (HERE, THERE) if user_id == ANN else (HERE,))
        here.arrived(user_id, (HERE, THERE) if user_id == ANN else (HERE,))
    here._work()
    assert link.calls <= 2 * 3 + 3  # those who come, and all for the first time again
    assert said() == [
        (HERE, ANN, "online"),
        (THERE, ANN, "online"),
        *((HERE, user_id, "online") for user_id in people[1:]),
    ]
    here._work()
    assert said() == []
    for user_id in people:
        here.left(user_id, ())
    link.calls = 0
    here._leave()
    assert link.calls == 2 * 3
    assert sorted(said()) == sorted([(THERE, ANN, "offline"), *((HERE, user_id, "offline") for user_id in people)])


def test_only_the_first_and_the_last_process_of_a_person_tell_of_it(own_redis: Server, said: Said) -> None:
    one, two = (Presence(RedisLink(own_redis.url, timeout=30)) for _ in range(2))
    for some in (one, two):
        some.arrived(BOB, (HERE,))
        some._arrive()
    assert said() == [(HERE, BOB, "online")]
    one.left(BOB, ())
    one._leave()
    assert said() == []
    two.left(BOB, ())
    two._leave()
    assert said() == [(HERE, BOB, "offline")]


def test_who_is_back_before_the_grace_ends_was_never_away(link: CountingLink, said: Said) -> None:
    here = Presence(link)
    here.arrived(BOB, (HERE,))
    here._arrive()
    here.left(BOB, ())
    here.arrived(BOB, (HERE,))
    here._leave()
    here._arrive()
    assert said() == [(HERE, BOB, "online")]


def test_somebody_leaves_where_the_last_stream_was(link: CountingLink, said: Said) -> None:
    here = Presence(link)
    for user_id in (BOB, CAT):
        here.arrived(user_id, (HERE, THERE))
    here._arrive()
    here.left(BOB, (THERE,))
    here.left(CAT, ())
    here.left(DAN, (HERE,))
    here._leave()
    assert said()[4:] == [(THERE, BOB, "offline"), (HERE, CAT, "offline"), (THERE, CAT, "offline")]


def test_who_comes_back_while_redis_is_told_of_its_leaving_is_online_in_the_end(link: CountingLink, said: Said) -> None:
    here = Presence(link)
    here.arrived(BOB, (HERE,))
    here._arrive()
    here.left(BOB, ())
    link.before = lambda: here.arrived(BOB, (HERE,))
    here._leave()
    link.before = lambda: None
    here._arrive()
    assert said() == [(HERE, BOB, "online"), (HERE, BOB, "offline"), (HERE, BOB, "online")]


def test_who_came_and_went_while_redis_was_away_is_told_of_when_it_is_back(link: CountingLink, said: Said) -> None:
    here, away = Presence(link), RedisLink(f"redis://127.0.0.1:{free_port()}")
    for user_id in (ANN, BOB):
        here.arrived(user_id, (HERE,))
    here._arrive()
    here.redis = away
    here.arrived(CAT, (HERE,))
    here.arrived(DAN, (HERE,))
    for user_id in (ANN, BOB, DAN):
        here.left(user_id, ())
    here.arrived(BOB, (HERE,))
    for act in (here._leave, here._arrive, here._leave):
        with pytest.raises(RedisAway):
            act()
    here.redis = link
    here._leave()
    here._arrive()
    assert said()[2:] == [(HERE, ANN, "offline"), (HERE, DAN, "offline"), (HERE, CAT, "online")]
    assert here.present.keys() == {BOB, CAT}


def test_what_redis_does_not_take_is_told_when_it_does(link: CountingLink, said: Said) -> None:
    """It was asked how many processes have streams of somebody, and went away before it was told of it."""
    here = Presence(link)

    def away_at_second(act: Callable[[], None]) -> None:
        link.calls = 0
        link.before = lambda: _away() if link.calls == 2 else None
        with pytest.raises(RedisAway):
            act()
        link.before = lambda: None
        assert said() == []
        act()

    here.arrived(BOB, (HERE,))
    away_at_second(here._arrive)
    assert said() == [(HERE, BOB, "online")]
    here.left(BOB, ())
    away_at_second(here._leave)
    assert said() == [(HERE, BOB, "offline")]
    here._arrive()
    here._leave()
    assert said() == []


def _away() -> None:
    raise RedisAway


def test_who_is_back_after_redis_took_or_did_not_take_that_it_left_is_told_of(link: CountingLink, said: Said) -> None:
    """Nobody knows which: the answer did not come."""
    here, real = Presence(link), link.call
    here.arrived(BOB, (HERE,))
    here._arrive()
    here.left(BOB, ())

    def unanswered(use: Callable[[Redis], Any]) -> Any:
        answer = real(use)
        if link.calls == 2:
            raise RedisAway
        return answer

    link.calls, link.call = 0, unanswered  # type: ignore[method-assign]
    with pytest.raises(RedisAway):
        here._leave()
    link.call = real  # type: ignore[method-assign]
    here.arrived(BOB, (HERE,))
    here._leave()
    here._arrive()
    assert said() == [(HERE, BOB, state) for state in ("online", "offline", "online")]
    assert link.client.zcard(f"here:{BOB}") == 1


def test_who_came_and_went_and_came_while_redis_was_away_is_told_of(link: CountingLink, said: Said) -> None:
    here = Presence(link)
    link.before = _away
    here.arrived(BOB, (HERE,))
    for act, then in ((here._arrive, here.left), (here._leave, here.arrived)):
        with pytest.raises(RedisAway):
            act()
        then(BOB, (HERE,))
    link.before = lambda: None
    here._leave()
    here._arrive()
    assert said() == [(HERE, BOB, "online")]


def test_the_first_process_tells_of_it_though_another_came_meanwhile(link: CountingLink, said: Said) -> None:
    one, two = Presence(link), Presence(link)
    one.arrived(BOB, (HERE,))
    link.calls, link.before = 0, lambda: _away() if link.calls == 2 else None
    with pytest.raises(RedisAway):
        one._arrive()
    link.before = lambda: None
    two.arrived(BOB, (HERE,))
    two._arrive()
    one._arrive()
    assert said() == [(HERE, BOB, "online")]


def test_one_in_another_workspace_meanwhile_is_told_of_there_too(link: CountingLink, said: Said) -> None:
    here = Presence(link)
    here.arrived(BOB, (HERE,))
    link.before = lambda: here.arrived(BOB, (HERE, THERE))
    here._arrive()
    link.before = lambda: None
    here._arrive()
    assert (THERE, BOB, "online") in said()
