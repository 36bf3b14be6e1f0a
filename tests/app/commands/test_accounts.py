"""An operator makes an account, gives a new password, and sees and ends sessions."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from fechatter import models
from fechatter.access import Caller
from fechatter.actions.tokens import create_token
from fechatter.passwords import Passwords
from tests.app.commands.conftest import Run
from tests.factories import a_session, a_user, committed


def an_email() -> str:
    return f"{uuid4().hex}@example.org"


def account(engine: Engine, email: str) -> models.User:
    with Session(engine) as session:
        return session.scalars(select(models.User).where(models.User.email == email)).one()


def test_an_administrator_can_be_made_with_the_password_from_standard_input(run: Run, engine: Engine) -> None:
    email = an_email()
    made = run("create-admin", "--email", email, "--name", "Ann", "--workspace", "Ours", input="correct horse\n")
    assert made.exit_code == 0, made.output
    user = account(engine, email)
    assert user.is_admin
    assert Passwords().fits("correct horse", user.password_hash)
    with engine.connect() as connection:
        role = text("SELECT role FROM workspace_members WHERE user_id = :id")
        assert connection.scalar(role, {"id": user.id}) == "owner"


def test_the_password_is_not_shown(run: Run) -> None:
    made = run("create-admin", "--email", an_email(), "--name", "Ann", input="correct horse\n")
    assert "correct horse" not in made.output


@pytest.mark.parametrize(
    ("email", "password", "complaint"),
    [
        ("nobody", "correct horse", "email: "),
        ("ann@example.org", "short", "password: "),
        ("a@b.example", "", "password"),
        ("ann@example.org", "password1", "password: Too common"),
        ("ann.long@example.org", "ann.long1", "password: Too close"),
    ],
)
def test_the_rules_of_signing_up_hold(run: Run, email: str, password: str, complaint: str) -> None:
    refused = run("create-admin", "--email", email, "--name", "Ann", input=password + "\n")
    assert refused.exit_code == 1
    assert complaint in refused.output


def test_an_address_that_is_taken_is_refused_in_one_line(run: Run) -> None:
    command = ("create-admin", "--email", an_email(), "--name", "Ann")
    assert run(*command, input="correct horse\n").exit_code == 0
    refused = run(*command, input="correct horse\n")
    assert (refused.exit_code, refused.output) == (1, "Error: There is an account with this e-mail address already.\n")


def test_a_new_password_signs_out_everywhere(run: Run, engine: Engine) -> None:
    with committed(engine) as session:
        user = a_user(session)
        a_session(session, user)
    changed = run("set-password", "--email", user.email.upper(), input="a new password\n")
    assert changed.exit_code == 0, changed.output
    assert Passwords().fits("a new password", account(engine, user.email).password_hash)
    assert "0 sessions" in run("sessions", "list", "--email", user.email).output
    with engine.connect() as connection:
        told = text("SELECT reason FROM user_changes WHERE user_id = :id")
        assert connection.scalars(told, {"id": user.id}).all() == ["revoked"]


@pytest.mark.parametrize("policy", ["open", "invited", "domains:example.net", "closed"])
def test_a_first_account_is_made_under_each_policy(run: Run, monkeypatch: pytest.MonkeyPatch, policy: str) -> None:
    monkeypatch.setenv("SIGN_UP", policy)
    made = run("create-admin", "--email", an_email(), "--name", "Ann", "--workspace", "Ours", input="correct horse\n")
    assert made.exit_code == 0, made.output


def test_a_new_password_is_no_common_one_and_not_the_address(run: Run, engine: Engine) -> None:
    with committed(engine) as session:
        user = a_user(session, "somebody")
    for password in ("password1", user.email):
        refused = run("set-password", "--email", user.email, input=f"{password}\n")
        assert refused.exit_code == 1
        assert "password: Too " in refused.output
    assert account(engine, user.email).password_hash == "-"


def test_who_gets_a_new_password_by_a_command_is_told(run: Run, engine: Engine) -> None:
    with committed(engine) as session:
        user = a_user(session)
    run("set-password", "--email", user.email, input="a new password\n")
    with engine.connect() as connection:
        kinds = text("SELECT kind FROM mails WHERE email = :email")
        assert connection.scalars(kinds, {"email": user.email}).all() == ["password_changed"]


def test_sessions_are_listed_and_one_is_ended(run: Run, engine: Engine) -> None:
    with committed(engine) as session:
        user = a_user(session)
        kept, ended = a_session(session, user), a_session(session, user)
    assert run("sessions", "end", str(ended.id)).exit_code == 0
    listed = run("sessions", "list", "--email", user.email).output
    assert re.findall(r"^ *(\d+)  ", listed, re.MULTILINE) == [str(kept.id)]
    assert listed.endswith("1 sessions\n")


def test_personal_access_tokens_are_listed_and_ended_like_sessions(run: Run, engine: Engine) -> None:
    with committed(engine) as session:
        user = a_user(session)
        caller = Caller(user.id, a_session(session, user).id, 0)
        token, words = create_token(session, caller, "Build bot", ["read"], timedelta(days=1))
    listed = run("sessions", "list", "--email", user.email).output
    assert re.search(rf"^ *{token.id}  last used never  token Build bot$", listed, re.MULTILINE)
    assert listed.endswith("1 sessions\n")
    assert words not in listed
    assert run("sessions", "end", str(token.id)).exit_code == 0
    assert "Build bot" not in run("sessions", "list", "--email", user.email).output


def test_an_operator_turns_a_second_factor_off(run: Run, engine: Engine) -> None:
    with committed(engine) as session:
        user = a_user(session, totp_secret=b"sealed", totp_enabled_at=datetime.now(UTC))
        session.add(models.RecoveryCode(hash=uuid4().bytes, user_id=user.id))
    assert run("second-factor-off", "--email", user.email.upper()).exit_code == 0
    after = account(engine, user.email)
    assert (after.totp_secret, after.totp_enabled_at) == (None, None)
    with engine.connect() as connection:
        codes = text("SELECT count(*) FROM recovery_codes WHERE user_id = :id")
        assert connection.scalar(codes, {"id": user.id}) == 0
        act = text("SELECT action, actor_id FROM audit_log WHERE target_id = :id AND target_type = 'user'")
        assert connection.execute(act, {"id": user.id}).one() == ("second_factor.off", None)
    again = run("second-factor-off", "--email", user.email)
    assert (again.exit_code, again.output) == (1, f"Error: {user.email} has no second factor.\n")


@pytest.mark.parametrize("command", ["sessions end 999999999", "sessions list --email nobody@example.org"])
def test_what_is_not_there_is_one_line_and_a_1(run: Run, command: str) -> None:
    missing = run(*command.split())
    assert missing.exit_code == 1
    assert missing.output.startswith("Error: ")
    assert len(missing.output.splitlines()) == 1


def test_a_session_that_is_over_or_never_was_is_named(run: Run, engine: Engine) -> None:
    with committed(engine) as session:
        ended = a_session(session, a_user(session)).id
    run("sessions", "end", str(ended))
    for number in (ended, 999999999):
        assert run("sessions", "end", str(number)).output == f"Error: There is no session {number}.\n"
