"""Sign-ins at the level of rows: races, the cap, what the database alone gives away."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from fechatter import models
from fechatter.access import Caller
from fechatter.actions.accounts import change_password, create_account, lock_account
from fechatter.actions.sessions import MOST_SESSIONS, Renewal, end_session, renew_session, start_session
from fechatter.errors import Conflict, NotFound, SignInNeeded
from fechatter.refresh_tokens import RefreshTokens
from tests import factories
from tests.waiting import until_waiting

TOKENS = RefreshTokens("a secret that is long enough for the tests")


@pytest.fixture
def sign_in(engine: Engine) -> models.Session:
    """Committed, for races."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        return start_session(session, factories.a_user(session).id, "a test")


@pytest.fixture
def two(engine: Engine) -> Iterator[tuple[Session, Session]]:
    with Session(engine) as first, Session(engine) as second:
        yield first, second


def test_two_tabs_that_refresh_at_once_get_one_successor(engine: Engine, sign_in: models.Session) -> None:
    token = TOKENS.write(sign_in)

    def renew(_: int) -> str:
        with Session(engine) as session, session.begin():
            renewal, row = renew_session(session, TOKENS, token)
            assert renewal is Renewal.RENEWED
            return TOKENS.write(row)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(renew, range(8)))) == 1


def test_a_refresh_that_waits_for_a_sign_out_finds_the_session_ended(
    engine: Engine, sign_in: models.Session, two: tuple[Session, Session]
) -> None:
    leaving, refreshing = two
    end_session(leaving, sign_in.user_id, sign_in.id, "signed_out")
    leaving.flush()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(renew_session, refreshing, TOKENS, TOKENS.write(sign_in))
        until_waiting(engine)
        leaving.commit()
        with pytest.raises(SignInNeeded):
            waiting.result()


def test_a_reused_token_ends_the_session_in_the_same_transaction(session: Session) -> None:
    row = start_session(session, factories.a_user(session).id, "a test")
    spent = TOKENS.write(row)
    renew_session(session, TOKENS, spent)
    row.rotated_at = datetime.now(UTC) - timedelta(minutes=1)
    session.flush()
    assert renew_session(session, TOKENS, spent)[0] is Renewal.REUSED
    session.flush()
    session.refresh(row)
    assert (row.end_reason, row.ended_at is not None) == ("revoked", True)


def test_a_token_from_before_a_restored_backup_is_bad_and_ends_nothing(session: Session) -> None:
    row = start_session(session, factories.a_user(session).id, "a test")
    with pytest.raises(SignInNeeded):
        renew_session(session, TOKENS, TOKENS.write(row, generation=5))
    assert row.ended_at is None


def test_whoever_reads_the_database_cannot_make_a_token(session: Session) -> None:
    row = start_session(session, factories.a_user(session).id, "a test")
    forged = RefreshTokens("another secret than the one in the environment").write(row)
    with pytest.raises(SignInNeeded):
        renew_session(session, TOKENS, forged)
    assert row.generation == 1


def test_a_person_has_a_hundred_sessions_and_the_oldest_end(session: Session) -> None:
    user = factories.a_user(session)
    rows = [start_session(session, user.id, f"{number}") for number in range(MOST_SESSIONS + 3)]
    session.flush()
    living = session.scalars(
        select(models.Session.id).where(models.Session.user_id == user.id, models.Session.ended_at.is_(None))
    )
    assert sorted(living) == [row.id for row in rows[3:]]
    told = session.scalars(select(models.UserChange.session_id).where(models.UserChange.user_id == user.id))
    assert sorted(told) == [row.id for row in rows[:3]]


def test_only_ones_own_living_session_can_be_ended(session: Session) -> None:
    ann, ben = factories.a_user(session), factories.a_user(session)
    of_ann = start_session(session, ann.id, "a test")
    with pytest.raises(NotFound):
        end_session(session, ben.id, of_ann.id, "revoked")
    end_session(session, ann.id, of_ann.id, "revoked")
    with pytest.raises(NotFound):
        end_session(session, ann.id, of_ann.id, "revoked")


def test_a_sign_in_that_was_checked_against_an_old_password_fails(session: Session) -> None:
    ann = create_account(session, f"{uuid4().hex}@example.org", "Ann", "old hash")
    caller = Caller(ann.id, start_session(session, ann.id, "a test").id, 0)
    change_password(session, caller, "old hash", "new hash")
    session.flush()
    with pytest.raises(SignInNeeded):
        lock_account(session, ann.id, "old hash")
    assert lock_account(session, ann.id, "new hash").id == ann.id


def test_a_sign_in_racing_a_new_password_does_not_survive_it(engine: Engine, two: tuple[Session, Session]) -> None:
    changing, signing_in = two
    with Session(engine, expire_on_commit=False) as session, session.begin():
        ann = create_account(session, f"{uuid4().hex}@example.org", "Ann", "old hash")
        caller = Caller(ann.id, start_session(session, ann.id, "a test").id, 0)
    seen_before = signing_in.get_one(models.User, ann.id)
    change_password(changing, caller, "old hash", "new hash")
    changing.flush()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(lock_account, signing_in, ann.id, "old hash")
        until_waiting(engine)
        changing.commit()
        with pytest.raises(SignInNeeded):
            waiting.result()
    assert seen_before.password_hash == "new hash"


def test_of_two_who_sign_up_with_one_address_one_is_told_that_it_is_taken(
    engine: Engine, two: tuple[Session, Session]
) -> None:
    first, second = two
    email = f"{uuid4().hex}@example.org"
    create_account(first, email, "Ann", "hash")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(create_account, second, email.upper(), "Ann", "hash")
        until_waiting(engine)
        first.commit()
        with pytest.raises(Conflict) as refusal:
            waiting.result()
    assert refusal.value.code == "email_taken"
