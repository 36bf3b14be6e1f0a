"""One call for several workspaces: each gets what it would get alone, and what another relays is left to it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import monotonic

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from fechatter.feed.pages import read_feeds
from fechatter.feed.placed import Batch
from fechatter.feed.relay import Relayed, relay, relay_once
from tests.factories import committed
from tests.fechatter.feed.feeds import a_feed, positions, put, waiting
from tests.waiting import until_waiting

LOCK = text("SELECT FROM feeds WHERE workspace_id = :w FOR NO KEY UPDATE")


def placed(relayed: Relayed) -> dict[int, list[int]]:
    return {batch.workspace_id: [event.position for event in batch.events] for batch in relayed.batches}


def test_each_is_moved_to_its_own_feed_in_its_own_order(engine: Engine) -> None:
    one, two, empty, other = (a_feed(engine) for _ in range(4))
    put(engine, one, 2)
    relay(engine, one, lambda batches: None)
    for workspace in (two, one, two, one, other):
        put(engine, workspace)
    relayed = relay_once(engine, [two, one, empty], wait=False)
    assert placed(relayed) == {one: [3, 4], two: [1, 2]}
    assert (relayed.moved, list(relayed.left)) == (4, [])
    feeds = read_feeds(engine, [one, two, empty])
    assert [feeds[workspace].head for workspace in (one, two, empty)] == [4, 2, 0]
    assert {batch.workspace_id: batch.epoch for batch in relayed.batches} == {w: feeds[w].epoch for w in (one, two)}
    for batch in relayed.batches:
        assert [event.outbox_id for event in batch.events] == sorted(event.outbox_id for event in batch.events)
    assert [waiting(engine, workspace) for workspace in (one, two, other)] == [0, 0, 1]


def test_a_feed_that_another_relays_is_left_and_holds_up_nobody(engine: Engine) -> None:
    held, free = a_feed(engine), a_feed(engine)
    for workspace in (held, free):
        put(engine, workspace)
    with committed(engine) as other:
        other.execute(LOCK, {"w": held})
        relayed = relay_once(engine, [held, free], wait=False)
        assert placed(relayed) == {free: [1]}
        assert list(relayed.left) == [held]
    assert (waiting(engine, held), positions(engine, held)) == (1, [])


def test_no_more_is_moved_of_each_than_it_may_be_and_the_rest_is_left(engine: Engine) -> None:
    long, short = a_feed(engine), a_feed(engine)
    put(engine, short)
    put(engine, long, 5)
    put(engine, short)
    relayed = relay_once(engine, [long, short], wait=False, most=3)
    assert placed(relayed) == {long: [1, 2, 3], short: [1, 2]}
    assert list(relayed.left) == [long]


def test_a_workspace_that_is_gone_is_left_and_moves_nothing(engine: Engine) -> None:
    there, gone = a_feed(engine), 10**15 + 1
    put(engine, there)
    relayed = relay_once(engine, [gone, there], wait=False)
    assert (placed(relayed), list(relayed.left)) == ({there: [1]}, [gone])
    assert relay(engine, gone, lambda batches: None) == 0


def test_what_commits_behind_the_locks_and_before_the_look_goes_along(engine: Engine) -> None:
    """Also of the feed whose lock it had long before the last one."""
    one, two = sorted((a_feed(engine), a_feed(engine)))
    put(engine, one)
    with ThreadPoolExecutor(1) as pool, committed(engine) as other:
        other.execute(LOCK, {"w": two})
        waits = pool.submit(relay_once, engine, [one, two], True)
        until_waiting(engine, part="relay_v2")
        put(engine, one)
        put(engine, two)
        other.commit()
        assert placed(waits.result()) == {one: [1, 2], two: [1]}


@pytest.mark.by_the_clock
def test_who_waits_for_a_feed_gives_up_in_time(engine: Engine) -> None:
    held = a_feed(engine)
    put(engine, held)
    with committed(engine) as other:
        other.execute(LOCK, {"w": held})
        began = monotonic()
        with pytest.raises(OperationalError, match="lock timeout"):
            relay(engine, held, lambda batches: None)
    assert 2.9 < monotonic() - began < 8
    assert waiting(engine, held) == 1


def test_all_is_moved_or_nothing(engine: Engine) -> None:
    one, two = a_feed(engine), a_feed(engine)
    for workspace in (one, two):
        put(engine, workspace)
    with Session(engine) as stopped:
        stopped.execute(text("SELECT relay_v2(ARRAY[:one, :two], false, 500)"), {"one": one, "two": two}).all()
        stopped.rollback()
    assert [waiting(engine, workspace) for workspace in (one, two)] == [1, 1]
    assert [positions(engine, workspace) for workspace in (one, two)] == [[], []]


def test_a_crowd_of_relays_of_several_loses_and_doubles_nothing(engine: Engine) -> None:
    workspaces = [a_feed(engine) for _ in range(6)]
    done, batches = Event(), list[Batch]()

    def write(number: int) -> None:
        for turn in range(40):
            put(engine, workspaces[(number + turn) % 6])

    def keep_relaying(number: int) -> None:
        mine = workspaces[number:] + workspaces[:number]
        while not done.is_set():
            relayed = relay_once(engine, mine[:4], wait=False, most=3)
            batches.extend(relayed.batches)
            for workspace in relayed.left:
                relay(engine, workspace, batches.extend, most=3)

    with ThreadPoolExecutor(12) as pool:
        relays = [pool.submit(keep_relaying, number) for number in range(5)]
        writers = [pool.submit(write, number) for number in range(6)]
        for writer in writers:
            writer.result()
        done.set()
        for one in relays:
            one.result()
    for workspace in workspaces:
        relay(engine, workspace, batches.extend)
        moved = [event.position for batch in batches if batch.workspace_id == workspace for event in batch.events]
        assert sorted(moved) == positions(engine, workspace) == list(range(1, 41))
