"""The breaker round Redis."""

from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest
from redis import Redis

from fechatter.redis_link import RedisAway, RedisLink
from tests.own_redis import OwnRedis, own_redis

pytestmark = pytest.mark.by_the_clock


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnRedis]:
    folder: Path = tmp_path_factory.mktemp("redis_link")
    with own_redis(folder) as server:
        yield server.start()


def ping(link: RedisLink) -> object:
    return link.call(lambda client: client.ping())


def until_back(link: RedisLink) -> None:
    until = monotonic() + 30
    while link.is_away and monotonic() < until:
        sleep(0.05)


def test_it_answers_what_the_use_returns(server: OwnRedis) -> None:
    assert RedisLink(server.url).call(lambda client: client.echo("x")) == b"x"


def test_one_that_hangs_costs_a_quarter_of_a_second_once(server: OwnRedis) -> None:
    link = RedisLink(server.url)
    assert ping(link)
    with server.stopped():
        for most in (0.6, 0.01, 0.01):
            started = monotonic()
            with pytest.raises(RedisAway):
                ping(link)
            assert monotonic() - started < most
        assert link.is_away
    until_back(link)
    assert ping(link)


def test_a_restart_is_noticed_without_a_request(server: OwnRedis) -> None:
    link = RedisLink(server.url)
    ping(link)
    server.kill()
    with pytest.raises(RedisAway):
        ping(link)
    sleep(0.7)
    assert link.is_away
    server.start()
    until_back(link)
    assert ping(link)


def test_while_it_is_away_nothing_is_tried() -> None:
    link = RedisLink("redis://127.0.0.1:1/0")
    tried = []

    def use(client: "Redis") -> object:
        tried.append(1)
        return client.ping()

    for _ in range(5):
        with pytest.raises(RedisAway):
            link.call(use)
    assert len(tried) == 1


def test_our_own_errors_pass_through_and_do_not_open_it(server: OwnRedis) -> None:
    link = RedisLink(server.url)
    with pytest.raises(ZeroDivisionError):
        link.call(lambda client: 1 / 0)
    assert not link.is_away


def test_the_log_does_not_name_the_address(caplog: pytest.LogCaptureFixture) -> None:
    link = RedisLink("redis://:a-password@127.0.0.1:1/0")
    with pytest.raises(RedisAway):
        ping(link)
    assert "Redis is away" in caplog.text
    assert "a-password" not in caplog.text
