"""What is in the log of acts stays there, and only what was done is in it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from fechatter.actions import workspaces
from fechatter.audit import record_act
from fechatter.purge import purge_chats, purge_departures, purge_expired, purge_workspaces
from fechatter.queries.audit import operators_audit
from fechatter.retention import Budget
from tests.factories import a_user, committed


def test_an_act_that_is_undone_leaves_no_entry(engine: Engine) -> None:
    with Session(engine) as session:
        owner = a_user(session).id
        workspace = workspaces.create_workspace(session, owner, "Undone").id
        session.flush()
        session.rollback()
    with Session(engine) as session:
        assert operators_audit(session, workspace, None, 10) == []


CHANGES = ["UPDATE audit_log SET action = 'nothing'", "DELETE FROM audit_log", "TRUNCATE audit_log"]


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_recorded_stands(engine: Engine, change: str) -> None:
    with committed(engine) as session:
        record_act(session, "test.stands", None, target=("user", 1))
    with pytest.raises(DBAPIError, match="neither changed nor removed"), engine.begin() as connection:
        connection.execute(text(change))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM audit_log WHERE action = 'test.stands'")) >= 1


def test_no_purge_touches_it(engine: Engine) -> None:
    with committed(engine) as session:
        record_act(session, "test.kept", None)
    purges: list[Callable[..., Any]] = [purge_chats, purge_departures, purge_workspaces]
    for purge in purges:
        purge(engine, Budget(60), timedelta())
    purge_expired(engine, Budget(60))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM audit_log WHERE action = 'test.kept'")) >= 1
