"""Who asks at the same time is answered by one call, each with its own answer; nobody is in the way for long."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from time import monotonic, sleep

import pytest

from fechatter import together
from fechatter.db import deadline
from fechatter.errors import Unavailable
from fechatter.together import MOST, Together

LONG = 60.0


class Calls:
    """Answers each number with its square, and keeps what it was called with. `held` are those that must wait."""

    def __init__(self, patience: float = LONG) -> None:
        self.made: list[list[int]] = []
        self.error: BaseException | None = None
        self.gates = dict[int, threading.Event]()
        self.together = Together(self._carry_out, patience)
        self.pool = ThreadPoolExecutor(80)

    def _carry_out(self, asked: list[int]) -> Sequence[int]:
        self.made.append(asked)
        if gate := self.gates.get(asked[0]):
            assert gate.wait(LONG)
        if self.error is not None:
            error, self.error = self.error, None
            raise error
        return [number * number for number in asked]

    def ask(self, number: int) -> "Future[int]":
        """Returns when it is being carried out, or waits."""
        there = self._there()
        future = self.pool.submit(self.together.ask, number)
        until = monotonic() + LONG
        while self._there() == there:
            assert monotonic() < until
            sleep(0.001)
        return future

    def _there(self) -> int:
        return sum(map(len, self.made)) + len(self.together._waiting)

    @contextmanager
    def held(self, number: int) -> Iterator["Future[int]"]:
        """A call for this number is under way until the end of the block."""
        gate = self.gates[number] = threading.Event()
        try:
            yield self.ask(number)
        finally:
            gate.set()


def until_made(calls: Calls, number: int) -> None:
    until = monotonic() + LONG
    while not any(number in made for made in calls.made):
        assert monotonic() < until
        sleep(0.001)


@pytest.fixture
def calls() -> Iterator[Calls]:
    calls = Calls()
    with calls.pool:
        yield calls


def test_who_asks_alone_is_called_for_alone_and_in_its_own_thread(calls: Calls) -> None:
    threads: list[int] = []
    alone = Together[int, int](lambda asked: threads.append(threading.get_ident()) or asked)
    assert [alone.ask(number) for number in (3, 4)] == [3, 4]
    assert threads == [threading.get_ident()] * 2
    assert [calls.together.ask(number) for number in (3, 4)] == [9, 16]
    assert calls.made == [[3], [4]]


def test_who_comes_while_a_call_is_under_way_is_in_the_next_in_the_order_of_coming(calls: Calls) -> None:
    with calls.held(1) as first:
        others = [calls.ask(number) for number in (2, 3, 4)]
    assert [one.result() for one in (first, *others)] == [1, 4, 9, 16]
    assert calls.made == [[1], [2, 3, 4]]
    assert calls.together.ask(5) == 25


def test_a_call_is_for_so_many_at_most(calls: Calls) -> None:
    numbers = range(2, 2 * MOST + 5)
    with calls.held(1):
        others = [calls.ask(number) for number in numbers]
    assert [one.result() for one in others] == [number * number for number in numbers]
    assert [len(made) for made in calls.made] == [1, MOST, MOST, 3]


def test_an_error_is_raised_to_all_whose_call_it_was_and_to_nobody_else(calls: Calls) -> None:
    with calls.held(1) as first:
        second = calls.ask(2)
        gate = calls.gates[2] = threading.Event()
    first.result()
    until_made(calls, 2)
    third = calls.ask(3)
    calls.error = LookupError("away")
    fourth = calls.ask(4)
    gate.set()
    with pytest.raises(LookupError, match="away"):
        second.result()
    assert [third.result(), fourth.result()] == [9, 16]


def test_fewer_answers_than_asked_for_are_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        Together[int, int](lambda asked: []).ask(1)


def test_a_call_that_takes_long_holds_up_only_those_who_are_in_it() -> None:
    calls = Calls(patience=0.05)
    with calls.pool:
        with calls.held(1) as first:
            assert calls.ask(2).result(LONG) == 4
            # It counts no more: from here on nobody waits at all.
            calls.together.patience = LONG
            assert [calls.ask(number).result(LONG) for number in (3, 4)] == [9, 16]
            with calls.held(5) as fifth:
                sixth = calls.ask(6)
                calls.gates[1].set()
                assert first.result(LONG) == 1
                # The end of the first begins nothing: the fifth is under way.
                assert len(calls.together._waiting) == 1
        assert [fifth.result(LONG), sixth.result(LONG)] == [25, 36]


def test_whose_time_is_up_before_the_call_has_ended_is_told_so(calls: Calls) -> None:
    calls.together.patience = 0.01
    turn = together._Turn[int, int](1)  # in a call that another has made
    with deadline(0.05), pytest.raises(Unavailable):
        calls.together._wait(turn)


class Stopped(BaseException):
    """What a time-out throws into a greenlet."""


def test_who_is_stopped_in_its_call_leaves_the_others_knowing_nothing_and_the_next_goes_on(calls: Calls) -> None:
    with calls.held(1):
        second = calls.ask(2)
        third = calls.ask(3)
        gate = calls.gates[2] = threading.Event()
    until_made(calls, 2)
    fourth = calls.ask(4)
    calls.error = Stopped()
    gate.set()
    with pytest.raises(Stopped):
        second.result(LONG)
    with pytest.raises(Unavailable):
        third.result(LONG)
    assert fourth.result(LONG) == 16


@pytest.mark.parametrize("is_to_call", [False, True])
def test_who_is_stopped_before_its_call_has_begun_leaves_it_to_the_others(calls: Calls, is_to_call: bool) -> None:
    class Woken:
        """Its owner is stopped just when it waits, or when it has been told to call."""

        def acquire(self, timeout: float) -> bool:
            if is_to_call:
                calls.gates[1].set()
                assert first.result(LONG) == 1
            raise Stopped

        def release(self) -> None:
            assert is_to_call

    turn = together._Turn[int, int](2)
    turn.woken = Woken()  # type: ignore[assignment]
    with calls.held(1) as first:
        calls.together._waiting.append(turn)
        others = [calls.ask(number) for number in (3, 4)]
        with pytest.raises(Stopped):
            calls.together._wait(turn)
    assert [one.result(LONG) for one in (first, *others)] == [1, 9, 16]
    assert calls.made == [[1], [3, 4]]
    assert calls.together.ask(5) == 25


def test_in_a_crowd_everybody_gets_its_own_answer_once() -> None:
    made: list[list[int]] = []

    def squares(asked: list[int]) -> list[int]:
        made.append(asked)
        sleep(0.001)
        return [number * number for number in asked]

    crowd = Together(squares, patience=0.002)
    mine = [range(n * 100, n * 100 + 50) for n in range(64)]
    with ThreadPoolExecutor(64) as pool:
        answers = [pool.submit(lambda numbers: [crowd.ask(number) for number in numbers], numbers) for numbers in mine]
    assert [one.result() for one in answers] == [[n * n for n in numbers] for numbers in mine]
    assert sorted(number for asked in made for number in asked) == [n for numbers in mine for n in numbers]
    assert MOST >= max(map(len, made)) > 1
    assert (crowd._leader, list(crowd._waiting)) == (None, [])
