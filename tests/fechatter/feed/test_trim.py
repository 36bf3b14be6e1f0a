"""Old events go, the tail says so first, and no reader takes a trimmed feed for a whole one."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, event, text

from fechatter.cursor import Place
from fechatter.feed.pages import FeedState, Trimmed, read_feeds, read_page
from fechatter.feed.trim import trim_feed, trim_feeds
from fechatter.retention import BATCH, Budget
from tests.fechatter.feed.feeds import a_feed, place, positions

OLD = timedelta(days=8)
PLENTY = 60


def state(engine: Engine, workspace_id: int) -> FeedState:
    return read_feeds(engine, [workspace_id])[workspace_id]


def test_what_is_older_than_a_week_goes_and_the_rest_stays(engine: Engine) -> None:
    workspace = a_feed(engine)
    place(engine, workspace, 3, OLD)
    place(engine, workspace, 2)
    trim_feeds(engine, Budget(PLENTY))
    assert positions(engine, workspace) == [4, 5]
    assert state(engine, workspace)[1:] == (5, 3)


def test_an_old_event_behind_a_young_one_stays(engine: Engine) -> None:
    workspace = a_feed(engine)
    place(engine, workspace, 1, OLD)
    place(engine, workspace, 1)
    place(engine, workspace, 1, OLD)
    trim_feeds(engine, Budget(PLENTY))
    assert positions(engine, workspace) == [2, 3]


def test_a_feed_that_is_old_as_a_whole_keeps_its_head(engine: Engine) -> None:
    workspace = a_feed(engine)
    place(engine, workspace, 3, OLD)
    trim_feeds(engine, Budget(PLENTY))
    place(engine, workspace, 1)
    assert positions(engine, workspace) == [4]


def test_more_than_one_batch_is_trimmed_in_one_run(engine: Engine) -> None:
    workspace = a_feed(engine)
    place(engine, workspace, BATCH + 5, OLD)
    assert trim_feed(engine, workspace, Budget(PLENTY)) == BATCH + 5
    assert positions(engine, workspace) == []


def test_a_spent_budget_leaves_the_rest_to_the_next_run(engine: Engine) -> None:
    workspace = a_feed(engine)
    place(engine, workspace, 3, OLD)
    assert trim_feed(engine, workspace, Budget(0)) == 0
    assert positions(engine, workspace) == [1, 2, 3]
    assert trim_feed(engine, workspace, Budget(PLENTY)) == 3


def test_the_tail_has_moved_before_the_first_row_goes(engine: Engine) -> None:
    workspace = a_feed(engine)
    place(engine, workspace, 3, OLD)
    tails = []

    def before(connection, cursor, statement, parameters, context, executemany) -> None:  # type: ignore[no-untyped-def]
        if statement.strip().startswith("DELETE FROM events") and positions(engine, workspace):
            tails.append(state(engine, workspace).tail)

    event.listen(engine, "before_cursor_execute", before)
    try:
        trim_feed(engine, workspace, Budget(PLENTY))
    finally:
        event.remove(engine, "before_cursor_execute", before)
    # The first DELETE is for what a run cut short may have left; it finds nothing behind a tail of 0.
    assert tails == [0, 3]


def test_a_run_cut_short_between_tail_and_rows_is_finished_by_the_next(engine: Engine) -> None:
    workspace = a_feed(engine)
    place(engine, workspace, 3, OLD)
    with engine.begin() as connection:
        connection.execute(text("UPDATE feeds SET tail = 3 WHERE workspace_id = :w"), {"w": workspace})
    trim_feeds(engine, Budget(PLENTY))
    assert positions(engine, workspace) == []


def test_a_reader_from_before_the_tail_is_told_to_start_afresh(engine: Engine) -> None:
    workspace = a_feed(engine)
    place(engine, workspace, 3, OLD)
    place(engine, workspace, 2)
    epoch = state(engine, workspace).epoch
    trim_feeds(engine, Budget(PLENTY))
    with pytest.raises(Trimmed):
        read_page(engine, workspace, Place(epoch, 2))
    assert [e.position for e in read_page(engine, workspace, Place(epoch, 3)).events] == [4, 5]
