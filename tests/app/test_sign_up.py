"""Who may sign up, by each policy; nobody learns on the way which addresses have accounts."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from werkzeug.test import TestResponse

from fechatter import models
from fechatter.actions.invites import Offer, create_invite
from fechatter.config import Config
from fechatter.sign_up import SignUp, read_sign_up
from tests import factories
from tests.app.mails import MAIL, Mails, an_app
from tests.app.signing import PASSWORD, Account, an_email, assert_problem, sign_in, sign_up
from tests.factories import committed

Under = Callable[[str], FlaskClient]
TITLES = {"closed": "sign_up_closed", "invited": "invite_needed", "domains:example.net": "domain_not_allowed"}


@pytest.fixture
def under(config: Config) -> Iterator[Under]:
    """A client of a web with this policy."""
    with ExitStack() as apps:

        def client(policy: str) -> FlaskClient:
            told = read_sign_up(policy)
            assert told
            return apps.enter_context(an_app(config, sign_up=told, mail=MAIL)).test_client()

        yield client


@pytest.fixture
def workspace(engine: Engine) -> models.Workspace:
    with committed(engine) as session:
        return factories.a_workspace(session, factories.a_user(session))


def an_invite(engine: Engine, workspace: models.Workspace, **offer: Any) -> str:
    with committed(engine) as session:
        owners = text("SELECT user_id FROM workspace_members WHERE workspace_id = :id AND role = 'owner'")
        owner = session.scalar(owners, {"id": workspace.id})
        whole = Offer("member", timedelta(days=1), max_uses=1)._replace(**offer)
        return create_invite(session, owner, workspace.id, whole)[1]


def ask(client: FlaskClient, email: str, **more: Any) -> TestResponse:
    body = {"email": email, "password": PASSWORD, "name": "Ann"} | more
    return client.post("/api/auth/signup", json=body, headers={"X-Request-ID": "same"})


def role_of(engine: Engine, workspace: models.Workspace, email: str) -> str | None:
    query = text(
        "SELECT m.role FROM workspace_members m JOIN users u ON u.id = m.user_id"
        " WHERE m.workspace_id = :workspace AND u.email = :email"
    )
    with engine.connect() as connection:
        return connection.scalar(query, {"workspace": workspace.id, "email": email})


@pytest.mark.parametrize("policy", TITLES)
def test_who_may_not_sign_up_is_refused_alike_whether_the_address_has_an_account_or_not(
    under: Under, client: FlaskClient, policy: str
) -> None:
    taken, refusing = sign_up(client).email, under(policy)
    answers = [ask(refusing, email) for email in (taken, an_email())]
    for answer in answers:
        assert_problem(answer, 403, TITLES[policy])
    assert answers[0].data == answers[1].data
    assert sorted(answers[0].headers) == sorted(answers[1].headers)
    assert refusing.get("/api/config").json["sign_up"] == policy.partition(":")[0]


def test_it_is_open_unless_told_otherwise(client: FlaskClient, config: Config) -> None:
    assert config.sign_up == SignUp("open")
    assert client.get("/api/config").json["sign_up"] == "open"
    assert ask(client, an_email()).status_code == 201


@pytest.mark.parametrize("policy", ["invited", "open"])
def test_an_invitation_lets_in_and_into_its_workspace_at_once(
    under: Under, engine: Engine, workspace: models.Workspace, policy: str
) -> None:
    email, client = an_email(), under(policy)
    answer = ask(client, email, invite=an_invite(engine, workspace, role="guest"))
    assert answer.status_code == 201, answer.text
    assert role_of(engine, workspace, email) == "guest"
    account = sign_in(client, email)
    assert [item["id"] for item in account.get("/api/workspaces").json["items"]] == [workspace.id]


@pytest.mark.parametrize(("policy", "status", "code"), [("invited", 403, "invite_needed"), ("open", 404, "not_found")])
def test_an_invitation_that_does_not_stand_makes_no_account_and_tells_nothing_of_the_address(
    under: Under, engine: Engine, workspace: models.Workspace, policy: str, status: int, code: str
) -> None:
    client, taken = under(policy), an_email()
    used = an_invite(engine, workspace)
    assert ask(client, taken, invite=used).status_code == 201
    expired = an_invite(engine, workspace, lifetime=timedelta(seconds=-1))
    for_another = an_invite(engine, workspace, email=an_email())
    new = an_email()
    answers = [ask(client, email, invite=bad) for email in (taken, new) for bad in (used, expired, for_another, "?")]
    for answer in answers:
        assert_problem(answer, status, code)
    assert {answer.data for answer in answers} == {answers[0].data}
    assert role_of(engine, workspace, new) is None
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM users WHERE email = :new"), {"new": new}) == 0


def test_an_invitation_that_names_an_address_lets_that_one_sign_up(
    under: Under, engine: Engine, workspace: models.Workspace
) -> None:
    email = an_email()
    invite = an_invite(engine, workspace, email=email)
    assert ask(under("invited"), email.upper().replace("EXAMPLE", "example"), invite=invite).status_code == 201


def test_an_address_that_is_taken_uses_nothing_up(
    under: Under, client: FlaskClient, engine: Engine, workspace: models.Workspace
) -> None:
    taken, invite, invited = sign_up(client).email, an_invite(engine, workspace), under("invited")
    assert_problem(ask(invited, taken, invite=invite), 409, "email_taken")
    assert ask(invited, an_email(), invite=invite).status_code == 201


def test_where_it_is_closed_an_invitation_does_not_help(
    under: Under, engine: Engine, workspace: models.Workspace
) -> None:
    assert_problem(ask(under("closed"), an_email(), invite=an_invite(engine, workspace)), 403, "sign_up_closed")


def test_an_address_of_the_domain_signs_in_once_it_is_proved(under: Under, engine: Engine, tmp_path: Path) -> None:
    client, email = under("domains:other.example,Example.ORG"), an_email()
    answer = ask(client, email, workspace="Acme")
    assert answer.status_code == 202
    assert set(answer.json) == {"user"}
    assert answer.json["user"]["email"] == email
    body = {"email": email, "password": PASSWORD}
    assert_problem(client.post("/api/auth/signin", json=body), 403, "email_unverified")
    wrong = client.post("/api/auth/signin", json=body | {"password": "not this one"})
    assert_problem(wrong, 401, "bad_credentials")
    mails = Mails(engine, tmp_path / "mail", client)
    assert client.post("/api/auth/verify", json={"token": mails.token(email)}).status_code == 204
    assert sign_in(client, email).get("/api/users/me").json["email_verified"] is True


def test_who_lost_that_mail_gets_in_by_the_one_for_a_new_password(under: Under, engine: Engine, tmp_path: Path) -> None:
    client, email = under("domains:example.org"), an_email()
    assert ask(client, email).status_code == 202
    mails = Mails(engine, tmp_path / "mail", client)
    mails.forget(email)
    body = {"token": mails.token(email), "password": "a newer and longer one"}
    assert client.post("/api/auth/reset", json=body).status_code == 204
    assert sign_in(client, email, "a newer and longer one").is_signed_in()


def test_an_unproved_address_is_still_unproved_where_the_policy_has_changed(under: Under) -> None:
    email = an_email()
    assert ask(under("domains:example.org"), email).status_code == 202
    body = {"email": email, "password": PASSWORD}
    assert_problem(under("open").post("/api/auth/signin", json=body), 403, "email_unverified")


def test_who_was_there_before_the_policy_signs_in_as_before(under: Under, client: FlaskClient) -> None:
    ann: Account = sign_up(client)
    assert sign_in(under("domains:example.net"), ann.email).is_signed_in()


@pytest.mark.parametrize("email", ["a@example.org.evil.example", "a@evil-example.org", "a@sub.example.org"])
def test_only_the_domain_itself_is_meant(under: Under, email: str) -> None:
    assert_problem(ask(under("domains:example.org"), email), 403, "domain_not_allowed")


@pytest.mark.parametrize(
    ("listed", "shown"), [("strasse.example", "straße.example"), ("straße.example", "strasse.example")]
)
def test_a_domain_that_merely_folds_to_it_is_another(under: Under, listed: str, shown: str) -> None:
    """Whoever has that one reads its mails, and would prove the address."""
    client = under(f"domains:{listed}")
    assert_problem(ask(client, f"{an_email().partition('@')[0]}@{shown}"), 403, "domain_not_allowed")
    assert ask(client, f"{an_email().partition('@')[0]}@{listed}").status_code == 202


@pytest.mark.parametrize(
    "email",
    [
        "a@evil.example@example.org",
        '"a@evil.example"@example.org',
        '"a"@example.org',
        "a(comment)@example.org",
        "a@example.org(comment)",
        "a@(evil.example)example.org",
        "Ann <a@example.org>",
        "<a@evil.example>@example.org",
        "a@example.org.",
        "a@.example.org",
        "a@example.org\n",
        "a@example.org\r\nRCPT TO:<a@evil.example>",
        "a@example.org,b@example.org",
        "a@[127.0.0.1]",
        "a@example.org\u0000",
        "a@evil.example%example.org",
        "a@evil.example\\@example.org",
        "a@evil.example#@example.org",
        "a＠example.org",
        "@evil.example:a@example.org",
    ],
)
def test_what_only_some_readers_take_for_an_address_is_none(under: Under, email: str) -> None:
    answer = ask(under("domains:example.org"), email)
    assert_problem(answer, 422, "invalid")
    assert list(answer.json["errors"]) == ["email"]


def test_a_domain_is_the_same_in_any_case_width_and_script(under: Under) -> None:
    client = under("domains:xn--mnchen-3ya.example,example.org")
    local = an_email().partition("@")[0]
    for domain in ("EXAMPLE.org", "ｅxample.org", "münchen.example", "xn--mnchen-3ya.example"):
        assert ask(client, f"{local}@{domain}").status_code in (202, 409), domain
