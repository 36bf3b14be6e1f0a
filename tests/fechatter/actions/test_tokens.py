"""Personal access tokens at the level of rows: what races with a new password leaves nothing behind."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from fechatter import models
from fechatter.access import Caller
from fechatter.actions.accounts import change_password
from fechatter.actions.sessions import end_session
from fechatter.actions.tokens import MOST_TOKENS, create_token
from fechatter.errors import Conflict, SessionEnded
from fechatter.personal_tokens import claims_of
from fechatter.tokens import Claims
from tests import factories
from tests.waiting import until_waiting

DAY = timedelta(days=1)


def a_caller(session: Session, user: models.User) -> Caller:
    return Caller(user.id, factories.a_session(session, user).id, 0)


def test_a_token_names_its_person_its_session_and_its_scopes(session: Session) -> None:
    user = factories.a_user(session)
    row, token = create_token(session, a_caller(session, user), "A bot", ["write"], DAY)
    assert claims_of(session.connection(), token) == Claims(user.id, row.id, frozenset({"write"}))
    assert claims_of(session.connection(), token[:-1]) is None
    assert claims_of(session.connection(), token[:-1] + ("A" if token[-1] != "A" else "B")) is None


@pytest.mark.parametrize("over", ["ended", "expired"])
def test_a_token_that_is_over_names_nobody(session: Session, over: str) -> None:
    row, token = create_token(session, a_caller(session, factories.a_user(session)), "A bot", ["read"], DAY)
    if over == "ended":
        end_session(session, row.user_id, row.id, "revoked", is_token=True)
    else:
        row.expires_at = row.created_at
    session.flush()
    assert claims_of(session.connection(), token) is None


def test_a_token_that_is_made_while_the_password_changes_does_not_survive_it(engine: Engine) -> None:
    """The session that makes it was looked at before the password that was to shut it out."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        user = factories.a_user(session)
        owner, intruder = a_caller(session, user), a_caller(session, user)
    with Session(engine) as changing, Session(engine) as making, ThreadPoolExecutor(1) as pool:
        change_password(changing, owner, "-", "new hash")
        changing.flush()
        waiting = pool.submit(create_token, making, intruder, "A way back", ["read"], DAY)
        until_waiting(engine)
        changing.commit()
        with pytest.raises(SessionEnded):
            waiting.result()


def test_many_at_once_make_no_more_than_fifty(engine: Engine) -> None:
    with Session(engine, expire_on_commit=False) as session, session.begin():
        user = factories.a_user(session)
        caller = a_caller(session, user)
        for _ in range(MOST_TOKENS - 2):
            create_token(session, caller, "One", ["read"], DAY)

    def make(_: int) -> bool:
        with Session(engine) as session, session.begin():
            try:
                return bool(create_token(session, caller, "One more", ["read"], DAY))
            except Conflict:
                return False

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(make, range(8))) == 2
    with Session(engine) as session:
        mine = select(func.count()).where(models.Session.user_id == user.id, models.Session.token_hash.is_not(None))
        assert session.scalar(mine) == MOST_TOKENS
