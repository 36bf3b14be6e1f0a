"""Who waits longest for a connection is served first, and what was meant for one that is gone is not lost."""

import threading
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.util.queue import Empty, Full

from fechatter.db import fetch, make_engine
from fechatter.pool import FairQueue


def waiting(queue: FairQueue[int], number: int) -> None:
    until = monotonic() + 60
    while len(queue._waiters) < number:
        assert monotonic() < until
        sleep(0.001)


def test_the_longest_waiting_is_served_first_and_nobody_comes_before_it() -> None:
    queue: FairQueue[int] = FairQueue(2)
    with ThreadPoolExecutor(3) as pool:
        asked = []
        for number in range(3):
            asked.append(pool.submit(queue.get, True, 60))
            waiting(queue, number + 1)
        queue.put(7)
        with pytest.raises(Empty):
            queue.get(False)
        for item in (8, 9):
            queue.put(item)
        assert [one.result() for one in asked] == [7, 8, 9]


def test_a_queue_has_room_for_so_many_and_gives_the_newest_first() -> None:
    queue: FairQueue[int] = FairQueue(2)
    queue.put_nowait(1)
    queue.put(2, False)
    with pytest.raises(Full):
        queue.put(3, False)
    assert (queue.full(), queue.qsize()) == (True, 2)
    assert [queue.get_nowait(), queue.get(False)] == [2, 1]
    assert queue.empty()


def test_waiting_ends_in_time_and_leaves_nobody_behind() -> None:
    queue: FairQueue[int] = FairQueue(1)
    with pytest.raises(Empty):
        queue.get(True, 0.05)
    queue.put(1)
    assert queue.get(False) == 1


def test_what_was_meant_for_one_that_is_gone_is_given_to_another(monkeypatch: pytest.MonkeyPatch) -> None:
    queue: FairQueue[int] = FairQueue(1)

    def served_and_gone(event: threading.Event, timeout: float | None = None) -> bool:
        queue.put(5)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(threading.Event, "wait", served_and_gone)
        with pytest.raises(KeyboardInterrupt):
            queue.get(True, 1)
    assert queue.get(False) == 5


def test_more_requests_than_connections_are_all_served(database_url: str) -> None:
    engine, made = make_engine(database_url, pool=3, name="pool"), list[object]()
    event.listen(engine, "connect", lambda connection, _: made.append(connection))
    for _ in range(3):
        with ThreadPoolExecutor(12) as pool:
            rows = [pool.submit(fetch, engine, "SELECT %s FROM pg_sleep(0.01)", (n,)) for n in range(60)]
            assert [row.result()[0][0] for row in rows] == list(range(60))
        assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    assert len(made) == 3, "kept from one peak to the next"
    engine.dispose()


def test_where_no_connection_comes_back_waiting_ends(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine: Engine = make_engine(database_url, pool=1, name="pool")
    monkeypatch.setattr(engine.pool, "_timeout", 0.1)
    with engine.connect(), pytest.raises(PoolTimeout):
        fetch(engine, "SELECT 1")
    assert fetch(engine, "SELECT 1") == [(1,)]
    engine.dispose()
