"""Where calls wait that check passwords: only so many, one by one, and the rest is sent away unread."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from io import BytesIO
from threading import Event, Lock
from time import monotonic, sleep
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.create import create_app
from fechatter.config import Config
from fechatter.passwords import Passwords
from launcher.paths import PROJECT
from tests.app.signing import an_email, assert_problem

AT_ONCE, WAITING = 2, 2


@dataclass
class Desk:
    """Lets what hashes wait until it is open, and sees how many do at once."""

    is_open: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)
    at_work: int = 0
    most: int = 0

    def __call__(self, work: Callable[[], Any]) -> Any:
        with self.lock:
            self.at_work += 1
            self.most = max(self.most, self.at_work)
        try:
            assert self.is_open.wait(30)
            return work()
        finally:
            with self.lock:
                self.at_work -= 1


class Body(BytesIO):
    is_read = False

    def read(self, size: int | None = -1) -> bytes:
        self.is_read = True
        return super().read(size)

    def readinto(self, buffer: Any) -> int:
        self.is_read = True
        return super().readinto(buffer)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def app(config: Config, desk: Desk) -> Iterator[Flask]:
    """Where two hash at once and two more may wait."""
    app = create_app(config)
    passwords = Passwords(AT_ONCE, patience=30, most_waiting=WAITING // AT_ONCE, aside=desk)
    app.extensions["fechatter"] = replace(app.extensions["fechatter"], passwords=passwords)
    yield app
    desk.is_open.set()
    app.extensions["fechatter"].engine.dispose()


def sign_in(app: Flask, body: BytesIO | None = None) -> TestResponse:
    body = body or Body(b'{"email": "%s", "password": "a wrong guess"}' % an_email().encode())
    return app.test_client().post("/api/auth/signin", input_stream=body, content_type="application/json")


def until_full(app: Flask, desk: Desk) -> None:
    places, until = app.extensions["fechatter"].passwords._places, monotonic() + 30
    while places._value or desk.at_work < AT_ONCE:
        assert monotonic() < until
        sleep(0.01)


def test_only_so_many_go_on_at_once_and_whoever_finds_no_place_is_sent_away_unread(app: Flask, desk: Desk) -> None:
    late = Body(b'{"email": "nobody@example.org", "password": "a wrong guess"}')
    with ThreadPoolExecutor(AT_ONCE + WAITING) as pool:
        inside = [pool.submit(sign_in, app) for _ in range(AT_ONCE + WAITING)]
        until_full(app, desk)
        for _ in range(3):
            refused = sign_in(app, late)
            assert_problem(refused, 503, "busy")
            assert refused.headers["Retry-After"] == "1"
        assert not late.is_read
        assert not any(one.done() for one in inside)
        desk.is_open.set()
        assert [one.result().status_code for one in inside] == [401] * len(inside)
    assert desk.most == AT_ONCE
    assert_problem(sign_in(app, late), 401, "bad_credentials")
    assert late.is_read


ONE_BY_ONE = """
from gevent import monkey
monkey.patch_all()
from itertools import groupby
from types import SimpleNamespace
import gevent
from app import anteroom
anteroom.services = lambda: SimpleNamespace(passwords=SimpleNamespace(refuse_if_full=lambda: None))
seen = []
view = anteroom.hashing(lambda: seen.append("hashes"))
def somebody_else():
    while True:
        seen.append("something else")
        gevent.sleep(0)
gevent.spawn(somebody_else)
gevent.joinall([gevent.spawn(view) for _ in range(20)])
runs = [len(list(run)) for what, run in groupby(seen) if what == "hashes"]
print(max(runs), sum(runs))
"""


def test_of_many_that_come_at_once_one_goes_on_and_then_somebody_else() -> None:
    """On a loop that serves all: twenty in a row would hold up whoever has asked for something else."""
    told = subprocess.run([sys.executable, "-c", ONE_BY_ONE], capture_output=True, text=True, cwd=PROJECT, timeout=60)
    assert told.stdout == "1 20\n", told.stderr
