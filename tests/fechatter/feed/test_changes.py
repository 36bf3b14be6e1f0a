"""A reader of user_changes misses none, whatever order the writers commit in."""

from itertools import count
from random import randrange
from time import monotonic

from sqlalchemy import Connection, Engine, text

from fechatter.feed.changes import read_changes

_people = count(randrange(10**9, 10**12))


def change(connection: Connection, user_id: int) -> None:
    connection.execute(text("INSERT INTO user_changes (user_id, kind) VALUES (:u, 'workspace_joined')"), {"u": user_id})


def people(engine: Engine, since: int) -> tuple[set[int], int]:
    changes, following = read_changes(engine, since)
    return {change.user_id for change in changes}, following


def test_the_first_reading_begins_at_the_present(engine: Engine) -> None:
    earlier, later = next(_people), next(_people)
    with engine.begin() as connection:
        change(connection, earlier)
        xid = int(connection.scalar(text("SELECT CAST(pg_current_xact_id() AS text)")) or 0)
    changes, start = read_changes(engine, None)
    assert changes == []
    until = monotonic() + 30
    while start <= xid and monotonic() < until:  # an older transaction is open, maybe in another test's database
        _, start = read_changes(engine, None)
    with engine.begin() as connection:
        change(connection, later)
    seen, _ = people(engine, start)
    assert later in seen
    assert earlier not in seen


def test_a_change_that_commits_after_a_later_one_was_read_is_not_missed(engine: Engine) -> None:
    slow, quick = next(_people), next(_people)
    _, start = read_changes(engine, None)
    with engine.connect() as first:
        change(first, slow)
        with engine.begin() as second:
            change(second, quick)
        seen, start = people(engine, start)
        assert quick in seen
        assert slow not in seen
        first.commit()
    seen, _ = people(engine, start)
    assert slow in seen


def test_a_change_tells_which_session_ended_and_why(engine: Engine) -> None:
    person = next(_people)
    _, start = read_changes(engine, None)
    ended = "INSERT INTO user_changes (user_id, kind, session_id, reason) VALUES (:u, 'session_ended', 5, 'revoked')"
    with engine.begin() as connection:
        connection.execute(text(ended), {"u": person})
    mine = [change for change in read_changes(engine, start)[0] if change.user_id == person]
    assert [(c.kind, c.session_id, c.reason) for c in mine] == [("session_ended", 5, "revoked")]
