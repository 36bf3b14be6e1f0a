"""An operator shuts an account, and reads the log of acts."""

import json
from datetime import timedelta

from sqlalchemy import Engine, text

from fechatter import models
from fechatter.access import Caller
from fechatter.actions.invites import Offer, create_invite
from fechatter.actions.tokens import create_token
from fechatter.actions.workspaces import create_workspace, delete_workspace
from fechatter.queries.audit import LARGEST_ID, account_audit
from tests.app.commands.conftest import Run
from tests.factories import a_session, a_user, committed


def test_an_account_is_shut_and_opened(run: Run, engine: Engine) -> None:
    with committed(engine) as session:
        user = a_user(session)
        a_session(session, user)
    shut = run("suspend", "--email", user.email)
    assert (shut.exit_code, shut.output) == (0, f"{user.email} is suspended and signed out everywhere.\n")
    assert "0 sessions" in run("sessions", "list", "--email", user.email).output
    with committed(engine) as session:
        assert session.get_one(models.User, user.id).suspended_at is not None
    assert run("suspend", "--email", user.email, "--off").exit_code == 0
    with committed(engine) as session:
        assert session.get_one(models.User, user.id).suspended_at is None
    entries = [json.loads(line) for line in run("audit", "--email", user.email).output.splitlines()]
    assert [(entry["action"], entry["actor_id"], entry["address"]) for entry in entries] == [
        ("account.unsuspended", None, ""),
        ("account.suspended", None, ""),
    ]


def test_who_ends_the_sessions_of_others_is_the_operator(run: Run, engine: Engine) -> None:
    with committed(engine) as session:
        user = a_user(session)
        sign_in = a_session(session, user)
        token, _ = create_token(session, Caller(user.id, sign_in.id, 0), "A bot", ["read"], timedelta(days=1))
    for ended in (sign_in, token):
        assert run("sessions", "end", str(ended.id)).exit_code == 0
    wanted = [
        ("token.ended", None, "user", user.id, {"reason": "revoked", "token_id": token.id}),
        ("session.ended", None, "user", user.id, {"reason": "revoked", "session_id": sign_in.id}),
    ]
    with committed(engine) as session:
        own = account_audit(session, user.id, LARGEST_ID, 2)
    shown = [json.loads(line) for line in run("audit", "--email", user.email, "--last", "2").output.splitlines()]
    for entries in (shown, own):
        fields = ("action", "actor_id", "target_type", "target_id", "details")
        assert [tuple(entry[name] for name in fields) for entry in entries] == wanted


def test_nobodys_account_cannot_be_shut(run: Run) -> None:
    missing = run("suspend", "--email", "nobody@example.org")
    assert (missing.exit_code, missing.output) == (1, "Error: Nobody has the address nobody@example.org.\n")


def test_the_log_of_a_workspace_outlives_it(run: Run, engine: Engine) -> None:
    with committed(engine) as session:
        owner = a_user(session).id
        workspace = create_workspace(session, owner, "Acme").id
        create_invite(session, owner, workspace, Offer("member", timedelta(days=1), email="guess@example.org"))
        delete_workspace(session, owner, workspace)
        session.flush()
        session.execute(text("DELETE FROM workspaces WHERE id = :id"), {"id": workspace})
    shown = run("audit", "--workspace", str(workspace)).output
    entries = [json.loads(line) for line in shown.splitlines()]
    assert [entry["action"] for entry in entries] == [
        "workspace.deleted",
        "invite.created",
        "workspace.created",
        "member.joined",
    ]
    assert "guess@example.org" not in shown
    assert len(run("audit", "--workspace", str(workspace), "--last", "2").output.splitlines()) == 2
