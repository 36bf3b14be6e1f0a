"""The sweep moves what has missed its wake-up, fairly, and goes on through failures that it tells of once."""

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from fechatter.db import make_engine
from fechatter.feed.pages import read_feeds
from fechatter.feed.placed import Batch
from fechatter.feed.relay import MOST
from tests.fechatter.feed.feeds import a_feed, positions, put, waiting
from worker.sweep import Sweep

MISSED = timedelta(seconds=1)


@pytest.fixture
def published() -> list[Batch]:
    return []


@pytest.fixture
def own_engine(database_url: str) -> Iterator[Engine]:
    """For the sweep alone, since it listens to what happens to its engine."""
    engine = make_engine(database_url, pool=2, name="sweep")
    yield engine
    engine.dispose()


@pytest.fixture
def sweep(own_engine: Engine, published: list[Batch]) -> Sweep:
    return Sweep(own_engine, published.extend)


def test_a_missed_event_is_moved_and_published(engine: Engine, sweep: Sweep, published: list[Batch]) -> None:
    workspace = a_feed(engine)
    put(engine, workspace, age=MISSED)
    assert sweep.round() is False
    assert positions(engine, workspace) == [1]
    # Other tests leave events too.
    assert [batch.workspace_id for batch in published].count(workspace) == 1


def test_a_fresh_event_is_left_to_its_wake_up(engine: Engine, sweep: Sweep) -> None:
    workspace = a_feed(engine)
    put(engine, workspace, age=timedelta(seconds=-60))
    sweep.round()
    assert positions(engine, workspace) == []
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM outbox WHERE workspace_id = :w"), {"w": workspace})


def test_a_long_backlog_takes_turns_with_the_other_workspaces(engine: Engine, sweep: Sweep) -> None:
    busy, quiet = a_feed(engine), a_feed(engine)
    put(engine, busy, MOST + 1, age=MISSED)
    put(engine, quiet, age=MISSED)
    assert sweep.round() is True, "the next round should come at once"
    assert waiting(engine, busy) == 1
    assert waiting(engine, quiet) == 0
    assert sweep.round() is False
    assert positions(engine, busy)[-1] == MOST + 1


def test_a_feed_that_another_relays_is_left_alone(engine: Engine, sweep: Sweep) -> None:
    workspace = a_feed(engine)
    put(engine, workspace, age=MISSED)
    with engine.begin() as other:
        other.execute(text("SELECT FROM feeds WHERE workspace_id = :w FOR UPDATE"), {"w": workspace})
        sweep.round()
        assert waiting(engine, workspace) == 1
    sweep.round()
    assert waiting(engine, workspace) == 0


def test_a_workspace_that_fails_does_not_hold_up_the_others(engine: Engine, sweep: Sweep) -> None:
    stuck, fine = a_feed(engine), [a_feed(engine) for _ in range(5)]
    for workspace in (stuck, *fine):
        put(engine, workspace, age=MISSED)
    with engine.begin() as other:
        other.execute(text("SELECT FROM outbox WHERE workspace_id = :w FOR UPDATE"), {"w": stuck})
        sweep.try_round()
        assert [waiting(engine, workspace) for workspace in fine] == [0] * 5
        assert sweep.failing
    sweep.try_round()
    assert waiting(engine, stuck) == 0
    assert not sweep.failing


def test_an_outage_is_told_once_when_it_begins_and_once_when_it_ends(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    sweep = Sweep(make_engine("postgresql://postgres@127.0.0.1:1/none", pool=1, name="sweep"), print)
    with caplog.at_level(logging.WARNING, "worker.sweep"):
        assert [sweep.try_round() for _ in range(3)] == [False] * 3
        sweep.engine = make_engine(database_url, pool=1, name="sweep")
        sweep.try_round()
        sweep.try_round()
    sweep.engine.dispose()
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]


def test_another_postgresql_behind_a_new_connection_renews_the_epochs(engine: Engine, sweep: Sweep) -> None:
    workspace = a_feed(engine)
    before = read_feeds(engine, [workspace])[workspace].epoch
    sweep.round()
    with engine.begin() as connection:
        connection.execute(text("UPDATE installation SET system_identifier = 1"))
    sweep.round()
    assert read_feeds(engine, [workspace])[workspace].epoch == before, "looked without need"
    sweep.engine.dispose()
    sweep.round()
    sweep.round()
    assert read_feeds(engine, [workspace])[workspace].epoch > before


def test_an_epoch_that_could_not_be_checked_is_checked_again(engine: Engine, own_engine: Engine) -> None:
    sweep = Sweep(make_engine("postgresql://postgres@127.0.0.1:1/none", pool=1, name="sweep"), print)
    sweep.try_round()
    with engine.begin() as connection:
        connection.execute(text("UPDATE installation SET system_identifier = 1"))
    sweep.engine = own_engine
    sweep.try_round()
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT system_identifier FROM installation")) != 1
