"""Hashing: the parameters, the same work for nobody, and a bounded number at once."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, thread_time

import pytest
from argon2 import PasswordHasher

from fechatter.errors import Unavailable
from fechatter.passwords import Passwords
from tests.by_the_clock import in_time


@pytest.fixture(scope="module")
def passwords() -> Passwords:
    return Passwords()


def test_a_hash_is_argon2id_as_recommended_and_salted(passwords: Passwords) -> None:
    one, other = passwords.hash("a password"), passwords.hash("a password")
    assert one.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert one != other


def test_only_the_password_fits(passwords: Passwords) -> None:
    hashed = passwords.hash("a password")
    assert passwords.fits("a password", hashed)
    assert not passwords.fits("a Password", hashed)
    assert not passwords.fits("a password", None)
    assert not passwords.fits("a password", "not a hash")


def test_a_wrong_password_raises_nothing_in_a_thread_that_would_print_it() -> None:
    raised = []

    def aside(work: Callable[[], object]) -> object:
        try:
            return work()
        except Exception as error:
            raised.append(error)
            raise

    passwords = Passwords(aside=aside)
    assert not passwords.fits("a wrong one", passwords.hash("a password"))
    assert not passwords.fits("a password", "not a hash")
    assert raised == []


def test_an_account_that_is_not_there_takes_as_long(passwords: Passwords) -> None:
    hashed = passwords.hash("a password")

    def time_of(hashed: str | None) -> float:
        times = []
        for _ in range(7):
            started = thread_time()
            passwords.fits("another password", hashed)
            times.append(thread_time() - started)
        return min(times)

    assert 0.5 < time_of(None) / time_of(hashed) < 2


@contextmanager
def occupied(passwords: Passwords) -> Iterator[threading.Event]:
    """Its one turn is taken until the event is set, or the block ends."""
    entered, leave = threading.Event(), threading.Event()

    def occupy() -> None:
        with passwords._turn():
            entered.set()
            leave.wait(60)

    thread = threading.Thread(target=occupy)
    thread.start()
    entered.wait(60)
    yield leave
    leave.set()
    thread.join()


def test_who_gets_no_turn_in_time_is_sent_away() -> None:
    passwords = Passwords(at_once=1, patience=0.05)
    with occupied(passwords), pytest.raises(Unavailable) as refusal:
        passwords.hash("a password")
    assert (refusal.value.code, refusal.value.retry_after) == ("busy", 1)
    assert passwords.hash("a password")


def test_beyond_a_number_of_waiting_ones_everyone_is_sent_away_at_once() -> None:
    passwords = Passwords(at_once=1, patience=60, most_waiting=2)
    with occupied(passwords) as leave:
        waiting = [threading.Thread(target=passwords.hash, args=["a password"]) for _ in range(2)]
        for thread in waiting:
            thread.start()
        until = monotonic() + 60
        while passwords._places._value and monotonic() < until:  # type: ignore[attr-defined]
            pass
        started = monotonic()
        for call in (lambda: passwords.hash("a password"), lambda: passwords.fits("a password", None)):
            with pytest.raises(Unavailable):
                call()
        in_time(started, 1)
        leave.set()
        for thread in waiting:
            thread.join()
    assert passwords.hash("a password")


def test_who_would_find_no_place_can_be_told_before_anything_else() -> None:
    passwords = Passwords(at_once=1, most_waiting=0)
    passwords.refuse_if_full()
    with occupied(passwords), pytest.raises(Unavailable):
        passwords.refuse_if_full()
    for _ in range(2):
        passwords.refuse_if_full()


def test_a_hash_of_weaker_parameters_is_renewed_and_one_of_todays_is_not(passwords: Passwords) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash("a password")
    renewed = passwords.renewed("a password", weak)
    assert renewed
    assert passwords.fits("a password", renewed)
    assert passwords.renewed("a password", renewed) is None


def test_nobody_is_kept_out_because_there_is_no_time_to_renew() -> None:
    passwords = Passwords(at_once=1, patience=0.05)
    weak = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash("a password")
    with occupied(passwords):
        assert passwords.renewed("a password", weak) is None
