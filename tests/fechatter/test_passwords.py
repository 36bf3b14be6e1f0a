"""Hashing: the parameters, the same work for nobody, and a bounded number at once."""

import threading
from collections.abc import Callable
from time import thread_time

import pytest

from fechatter.errors import Unavailable
from fechatter.passwords import Passwords


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


def test_who_gets_no_turn_in_time_is_sent_away() -> None:
    passwords = Passwords(at_once=1, patience=0.05)
    entered, leave = threading.Event(), threading.Event()

    def occupy() -> None:
        with passwords._turn():
            entered.set()
            leave.wait(5)

    thread = threading.Thread(target=occupy)
    thread.start()
    entered.wait(5)
    with pytest.raises(Unavailable):
        passwords.hash("a password")
    leave.set()
    thread.join()
    assert passwords.hash("a password")
