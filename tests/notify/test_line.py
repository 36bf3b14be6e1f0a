"""Streams that come at once are opened in their turn, and nobody waits for a PostgreSQL that is not there."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from time import monotonic

import gevent
import pytest

from fechatter import db
from fechatter.errors import Unavailable
from notify.line import Line

pytestmark = pytest.mark.by_the_clock

Opening = Callable[[], None]


def in_a_thread(test: Opening) -> Opening:
    """Which has a loop of its own, without what others have left in that of the tests, and a deadline of its own."""

    @wraps(test)
    def wrapper() -> None:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(test).result()

    return wrapper


def many(line: Line, number: int, opening: Opening) -> list[str | float]:
    """What became of so many that came one right after the other, in the order in which it became of them."""
    ends: list[str | float] = []

    def come(name: str) -> None:
        began = monotonic()
        try:
            with line.turn():
                opening()
            ends.append(name)
        except Unavailable:
            ends.append(monotonic() - began)
        except OSError:
            ends.append("failed")

    gevent.joinall([gevent.spawn(come, f"{n}") for n in range(number)], timeout=30, raise_error=True)
    return ends


def takes(seconds: float) -> Opening:
    return lambda: gevent.sleep(seconds)


def fails_after(seconds: float) -> Opening:
    def opening() -> None:
        gevent.sleep(seconds)
        raise OSError

    return opening


@in_a_thread
def test_who_comes_first_is_served_first_and_nobody_is_sent_away_while_others_are_served() -> None:
    assert many(Line(at_once=2, patience=2), 80, takes(0.1)) == [f"{n}" for n in range(80)]


@in_a_thread
def test_only_so_many_are_served_at_once() -> None:
    now, most = [0], [0]

    def opening() -> None:
        now[0] += 1
        most[0] = max(most[0], now[0])
        gevent.sleep(0.01)
        now[0] -= 1

    many(Line(at_once=3), 20, opening)
    assert most == [3]


@in_a_thread
def test_who_waits_is_sent_away_once_nobody_was_served_for_long() -> None:
    *sent_away, served = many(Line(at_once=1, patience=0.2), 4, takes(1.5))
    assert served == "0"
    assert all(0.2 <= seconds < 1.5 for seconds in sent_away)


@in_a_thread
def test_who_fails_is_not_served() -> None:
    ends = many(Line(at_once=1, patience=0.2), 9, fails_after(0.05))
    assert 1 <= ends.count("failed") <= 5
    assert all(end == "failed" or end >= 0.2 for end in ends)


@in_a_thread
def test_nobody_waits_longer_than_is_allowed() -> None:
    ends = many(Line(at_once=1, patience=0.2, longest=0.5), 20, takes(0.05))
    sent_away = [end for end in ends if isinstance(end, float)]
    assert 9 <= len(sent_away) < 20
    assert min(sent_away) >= 0.5


@in_a_thread
def test_a_place_is_free_again_whatever_became_of_its_client() -> None:
    line = Line(at_once=1)
    first, waiting, called = (gevent.spawn(_hold, line) for _ in range(3))
    gevent.sleep(0.01)
    waiting.kill()
    for one in (first, called):  # the third is called by the end of the first, and killed before it can go
        one.kill(block=False)
    gevent.joinall([first, called])
    assert many(line, 1, takes(0)) == ["0"]


@in_a_thread
def test_the_time_for_postgresql_counts_from_when_it_was_last_there() -> None:
    given = list[float]()

    def opening() -> None:
        given.append(db._deadline.until - monotonic())
        gevent.sleep(0.6)
        if failing:
            raise OSError

    failing = False
    many(Line(at_once=1), 3, opening)
    assert given == pytest.approx([4.0, 4.0, 4.0], abs=0.25)
    given.clear()
    failing = True
    many(Line(at_once=1), 3, opening)
    assert given == pytest.approx([4.0, 3.4, 2.8], abs=0.25)


def _hold(line: Line) -> None:
    with line.turn():
        gevent.sleep(5)
