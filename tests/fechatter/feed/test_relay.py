"""The relay: every committed event once, at dense positions, in commit order; whoever stops where."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from fechatter.cursor import Place
from fechatter.db import make_engine
from fechatter.feed.pages import read_feeds, read_page
from fechatter.feed.placed import Batch, read_batch, write_batch
from fechatter.feed.relay import relay, stale_workspaces
from fechatter.models import Workspace
from tests import factories
from tests.factories import committed
from tests.fechatter.feed.feeds import a_feed, positions, put, relay_one, waiting
from tests.fechatter.scene import Scene
from tests.waiting import until_waiting

PUT = text("INSERT INTO outbox (workspace_id, audience, type, body) VALUES (:w, 'workspace', :type, '{}') RETURNING id")
LOCK = text("SELECT FROM feeds WHERE workspace_id = :w FOR NO KEY UPDATE")


def put_in(session: Session, workspace_id: int, type: str) -> int:
    """An event of a write that is not yet committed; its outbox id."""
    return session.scalars(PUT, {"w": workspace_id, "type": type}).one()


def types(batch: Batch | None) -> list[str]:
    return [event.type for event in batch.events] if batch else []


def test_events_are_moved_to_dense_positions_as_they_are(engine: Engine, scene: Scene) -> None:
    scene.post(scene.ann, "one")
    scene.post(scene.ben, "two")
    waiting_rows = scene.ask("SELECT * FROM outbox WHERE workspace_id = :workspace ORDER BY id")
    batch = relay_one(engine, scene.chat.workspace_id, wait=True)
    assert batch
    feed = read_feeds(engine, [scene.chat.workspace_id])[scene.chat.workspace_id]
    assert (batch.workspace_id, batch.epoch, feed.head, feed.tail) == (scene.chat.workspace_id, feed.epoch, 2, 0)
    assert [tuple(event) for event in batch.events] == [
        (position, row.id, row.audience, row.chat_id, row.to_user, row.message_id, row.type, row.body)
        for position, row in enumerate(waiting_rows, start=1)
    ]
    assert read_page(engine, scene.chat.workspace_id, Place(feed.epoch, 0)).events == batch.events
    assert waiting(engine, scene.chat.workspace_id) == 0


def test_a_batch_survives_the_way_over_redis(engine: Engine, scene: Scene) -> None:
    scene.post(scene.ann, "Grüße \U0001f600")
    batch = relay_one(engine, scene.chat.workspace_id, wait=True)
    assert batch
    assert read_batch(write_batch(batch)) == batch


def test_nothing_to_move_is_none_and_moves_no_head(engine: Engine) -> None:
    workspace = a_feed(engine)
    assert relay_one(engine, workspace, wait=True) is None
    assert read_feeds(engine, [workspace])[workspace].head == 0


def test_events_of_a_workspace_without_a_feed_stay(engine: Engine) -> None:
    workspace = a_feed(engine)
    put(engine, workspace)
    with committed(engine) as session:
        session.execute(text("DELETE FROM feeds WHERE workspace_id = :w"), {"w": workspace})
    assert relay_one(engine, workspace, wait=True) is None
    assert waiting(engine, workspace) == 1


def test_only_its_own_workspace_is_moved(engine: Engine) -> None:
    mine, other = a_feed(engine), a_feed(engine)
    put(engine, mine, 2)
    put(engine, other, 3)
    relay(engine, mine, lambda batches: None)
    assert (waiting(engine, mine), waiting(engine, other)) == (0, 3)


def test_it_goes_on_until_a_call_comes_back_short(engine: Engine) -> None:
    workspace = a_feed(engine)
    put(engine, workspace, 7)
    batches: list[Batch] = []
    assert relay(engine, workspace, batches.extend, most=3) == 7
    assert [[event.position for event in batch.events] for batch in batches] == [[1, 2, 3], [4, 5, 6], [7]]


def test_an_event_that_commits_after_one_with_a_higher_id_is_not_passed_over(engine: Engine) -> None:
    """Whoever remembers the highest id that it has seen would never ask for the lower one again."""
    workspace = a_feed(engine)
    with committed(engine) as slow:
        low = put_in(slow, workspace, "slow")
        with committed(engine) as quick:
            high = put_in(quick, workspace, "quick")
        assert low < high
        assert types(relay_one(engine, workspace, wait=True)) == ["quick"]
    assert types(relay_one(engine, workspace, wait=True)) == ["slow"]
    assert positions(engine, workspace) == [1, 2]


def test_what_commits_while_a_relay_waits_for_the_feed_goes_with_it(engine: Engine) -> None:
    workspace = a_feed(engine)
    with ThreadPoolExecutor(1) as pool, committed(engine) as other:
        other.execute(LOCK, {"w": workspace})
        batch = pool.submit(relay_one, engine, workspace, True)
        until_waiting(engine, part="relay_v2")
        put(engine, workspace)
        other.commit()
        assert len(types(batch.result())) == 1


def test_relays_that_wait_for_each_other_double_nothing(engine: Engine) -> None:
    workspace = a_feed(engine)
    put(engine, workspace, 10)
    with ThreadPoolExecutor(6) as pool, committed(engine) as other:
        other.execute(LOCK, {"w": workspace})
        calls = [pool.submit(relay_one, engine, workspace, True, 3) for _ in range(6)]
        until_waiting(engine, 6, part="relay_v2")
        other.commit()
        batches = [batch for call in calls if (batch := call.result())]
    moved = sorted(event.position for batch in batches for event in batch.events)
    assert moved == positions(engine, workspace) == list(range(1, 11))


def test_who_does_not_wait_leaves_a_feed_to_the_other(engine: Engine) -> None:
    workspace = a_feed(engine)
    put(engine, workspace)
    with committed(engine) as other:
        other.execute(LOCK, {"w": workspace})
        assert relay_one(engine, workspace, wait=False) is None
    assert relay_one(engine, workspace, wait=False)


def test_one_workspace_does_not_hold_up_another(engine: Engine) -> None:
    held, free = a_feed(engine), a_feed(engine)
    put(engine, free)
    with committed(engine) as other:
        other.execute(LOCK, {"w": held})
        assert types(relay_one(engine, free, wait=True)) == ["workspace.updated"]


def test_who_stops_between_commit_and_publishing_loses_nothing(engine: Engine) -> None:
    workspace = a_feed(engine)

    def stop(batches: Sequence[Batch]) -> None:
        raise KeyboardInterrupt

    put(engine, workspace, 2)
    with pytest.raises(KeyboardInterrupt):
        relay(engine, workspace, stop)
    epoch = read_feeds(engine, [workspace])[workspace].epoch
    page = read_page(engine, workspace, Place(epoch, 0))
    assert ([event.position for event in page.events], page.head) == ([1, 2], 2)
    put(engine, workspace)
    batches: list[Batch] = []
    relay(engine, workspace, batches.extend)
    assert [event.position for batch in batches for event in batch.events] == [3]


def test_who_stops_before_the_commit_has_moved_nothing(engine: Engine) -> None:
    workspace = a_feed(engine)
    put(engine, workspace, 2)
    with Session(engine) as stopped:
        stopped.execute(text("SELECT relay_v2(ARRAY[:w], true, 500)"), {"w": workspace}).all()
        stopped.rollback()
    assert (waiting(engine, workspace), positions(engine, workspace)) == (2, [])
    assert relay(engine, workspace, lambda batches: None) == 2


def test_a_crowd_of_writers_and_relays_loses_doubles_and_disorders_nothing(engine: Engine, scene: Scene) -> None:
    with committed(engine) as session:
        workspace = session.get_one(Workspace, scene.chat.workspace_id)
        other = factories.a_chat(session, workspace, "group", with_members=[scene.ann, scene.ben])
    done, batches = Event(), list[Batch]()

    def write(number: int) -> None:
        mine = scene._replace(chat=(scene.chat, other)[number % 2])
        for _ in range(25):
            mine.post(scene.ann)

    def keep_relaying(wait: bool) -> None:
        while not done.is_set():
            relay(engine, scene.chat.workspace_id, batches.extend, wait=wait, most=7)

    relays = [scene.pool.submit(keep_relaying, wait) for wait in (True, True, False)]
    writers = [scene.pool.submit(write, number) for number in range(12)]
    for writer in writers:
        writer.result()
    done.set()
    for one in relays:
        one.result()
    relay(engine, scene.chat.workspace_id, batches.extend)
    published = sorted((event for batch in batches for event in batch.events), key=lambda event: event.position)
    assert [event.position for event in published] == list(range(1, 301))
    placed = scene.ask(
        "SELECT m.chat_id, m.seq FROM events e JOIN messages m ON m.id = e.message_id"
        " WHERE e.workspace_id = :workspace ORDER BY e.position"
    )
    for chat in (scene.chat, other):
        assert [row.seq for row in placed if row.chat_id == chat.id] == list(range(1, 151))


def test_workspaces_whose_events_have_waited_are_found(engine: Engine) -> None:
    fresh, stale, both = a_feed(engine), a_feed(engine), a_feed(engine)
    for workspace, age in ((stale, 60), (both, 60), (both, 0), (fresh, 0)):
        put(engine, workspace, age=timedelta(seconds=age))
    ours = {fresh, stale, both}
    assert ours & set(stale_workspaces(engine, older_than=30)) == {stale, both}
    assert set(stale_workspaces(engine, among=[fresh, stale], older_than=30)) == {stale}
    assert stale_workspaces(engine, among=[], older_than=30) == []
    for workspace in ours:
        relay(engine, workspace, lambda batches: None)
    assert ours & set(stale_workspaces(engine)) == set()


SCANNED = text("SELECT relname FROM pg_stat_xact_user_tables WHERE seq_scan > 0 ORDER BY relname")


def test_plans_that_were_made_while_tables_were_empty_read_none_from_end_to_end(engine: Engine, scene: Scene) -> None:
    """A connection keeps them for the day on which there is a backlog."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("DELETE FROM outbox"))
        connection.execute(text("DELETE FROM messages"))
        connection.execute(text("VACUUM (ANALYZE) outbox, messages"))
    # A connection of its own: one that has been used keeps plans for foreign keys from whoever came first.
    fresh = make_engine(engine.url.render_as_string(hide_password=False), pool=1, name="tests")
    with Session(fresh) as session:
        for _ in range(12):
            scene.post_in(session, scene.ann)
            session.execute(text("SELECT relay_v2(ARRAY[:w], true, 500)"), {"w": scene.chat.workspace_id})
        assert session.scalars(SCANNED).all() == []
        session.rollback()
    fresh.dispose()
