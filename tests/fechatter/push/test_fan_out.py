"""Rows and cursor move together: nothing is lost between two steps, nothing is put down twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from fechatter.push import fan_out as module
from fechatter.push.fan_out import fan_out, is_subscribed, lagging_workspaces
from tests.fechatter.push.conftest import Office
from tests.statements import statements_of


def cursor(office: Office) -> int:
    with office.engine.connect() as connection:
        query = "SELECT coalesce(max(position), 0) FROM push_cursors WHERE workspace_id = :w"
        return int(connection.scalar(text(query), {"w": office.workspace}))


def head(office: Office) -> int:
    with office.engine.connect() as connection:
        return int(connection.scalar(text("SELECT head FROM feeds WHERE workspace_id = :w"), {"w": office.workspace}))


def test_an_event_makes_one_row_for_each_subscription_however_often_it_is_looked_at(office: Office) -> None:
    office.subscribe(office.ben)
    office.subscribe(office.ben)
    message = office.post(office.ann, "Hello")
    assert fan_out(office.engine, office.workspace) == 2
    assert cursor(office) == head(office)
    assert fan_out(office.engine, office.workspace) == 0
    office.run("UPDATE push_cursors SET position = 0")  # as if a backup had been put back
    assert fan_out(office.engine, office.workspace) == 0 or [row.message_id for row in office.rows()] == [message] * 2
    assert [row.message_id for row in office.rows()] == [message, message]


def test_an_event_that_was_sent_is_not_put_down_again(office: Office) -> None:
    browser = office.subscribe(office.ben)
    office.post(office.ann, "Hello")
    assert office.push() == ["sent"]
    office.run("UPDATE push_cursors SET position = 0")
    assert office.push() == []
    assert len(office.service.to(browser)) == 1


def test_a_step_that_does_not_commit_leaves_the_cursor_and_no_rows(office: Office) -> None:
    office.subscribe(office.ben)
    office.post(office.ann, "Hello")
    before = cursor(office)
    with office.engine.connect() as connection:
        assert module._step(connection, office.workspace) == (1, False)
    assert (cursor(office), office.rows()) == (before, [])
    assert fan_out(office.engine, office.workspace) == 1


def test_several_at_once_put_nothing_down_twice(office: Office) -> None:
    chats = [office.world.chat(office.ann, office.workspace, office.ben) for _ in range(8)]
    office.subscribe(office.ben)
    for chat in chats:
        office.post(office.ann, "Hello", chat)
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: fan_out(office.engine, office.workspace), range(4))) == len(chats)
    assert sorted(row.chat_id for row in office.rows()) == sorted(chats)


def test_steps_go_on_to_the_end(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE", 2)
    office.subscribe(office.ben)
    for number in range(5):
        office.post(office.ann, f"Hello {number}")
    fan_out(office.engine, office.workspace)
    assert cursor(office) == head(office)
    [row] = office.rows()
    assert row.seq == 5, "of one chat the newest alone waits"


def test_the_newest_takes_the_place_in_the_line_of_the_one_before(office: Office) -> None:
    office.subscribe(office.ben)
    office.post(office.ann, "One")
    fan_out(office.engine, office.workspace)
    office.run("UPDATE pushes SET due_at = now() + interval '20 seconds'")
    [before] = office.rows()
    office.post(office.ann, "Two")
    fan_out(office.engine, office.workspace)
    [after] = office.rows()
    assert (after.seq, after.due_at) == (2, before.due_at)


def test_without_anybody_who_wants_to_know_nothing_is_written(office: Office) -> None:
    for _ in range(3):
        office.post(office.ann, "Hello")
    assert not is_subscribed(office.engine)
    with statements_of(office.engine) as sent:
        assert fan_out(office.engine, office.workspace) == 0
    assert [statement for statement, _ in sent if not statement.lstrip().startswith("SELECT")] == []
    assert cursor(office) == 0


def test_where_nobody_wants_to_know_the_cursor_follows_from_afar(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LAZY", 2)
    for _ in range(3):
        office.post(office.ann, "Hello")
    fan_out(office.engine, office.workspace)
    assert cursor(office) == head(office)


def test_what_nobody_was_called_for_is_found(office: Office) -> None:
    office.subscribe(office.ben)
    office.post(office.ann, "Hello")
    assert lagging_workspaces(office.engine) == [office.workspace]
    fan_out(office.engine, office.workspace)
    assert lagging_workspaces(office.engine) == []


def test_what_has_been_trimmed_is_passed_over(office: Office) -> None:
    office.subscribe(office.ben)
    office.post(office.ann, "Hello")
    office.run("UPDATE feeds SET tail = head WHERE workspace_id = :w", w=office.workspace)
    office.run("DELETE FROM events WHERE workspace_id = :w", w=office.workspace)
    assert fan_out(office.engine, office.workspace) == 0
    office.post(office.ann, "Again")
    assert fan_out(office.engine, office.workspace) == 1
