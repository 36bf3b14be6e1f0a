"""People: oneself, and those with whom a workspace is shared."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from fechatter import models
from tests import factories
from tests.app.people import committed
from tests.app.signing import Account, an_email, assert_problem, sign_up


@pytest.fixture
def ann(client: FlaskClient) -> Account:
    return sign_up(client)


def share_workspace(engine: Engine, *accounts: Account, **fields: object) -> None:
    with committed(engine) as session:
        workspace = factories.a_workspace(session)
        for account in accounts:
            factories.join_workspace(session, workspace, session.get_one(models.User, account.id))
        for field, value in fields.items():
            setattr(workspace, field, value)


def test_name_and_picture_change_one_by_one(ann: Account) -> None:
    assert ann.patch("/api/users/me", {"name": "Änn 🙂"}).json["name"] == "Änn 🙂"
    picture = "https://example.org/ann.png"
    assert ann.patch("/api/users/me", {"avatar_url": picture}).json["avatar_url"] == picture
    me = ann.get("/api/users/me").json
    assert (me["name"], me["avatar_url"]) == ("Änn 🙂", picture)
    assert ann.patch("/api/users/me", {"avatar_url": None}).json["avatar_url"] is None


def test_an_empty_change_changes_nothing(ann: Account) -> None:
    before = ann.get("/api/users/me").json
    assert ann.patch("/api/users/me", {}).json == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", None),
        ("name", "\u2003"),
        ("avatar_url", "javascript:alert(1)"),
        ("avatar_url", "javascript://example.org/%0aalert(1)"),
        ("avatar_url", "ftp://example.org/ann.png"),
        ("avatar_url", "https://"),
        ("avatar_url", "/ann.png"),
        ("avatar_url", "https://example.org/a b"),
        ("avatar_url", "https://[::1"),
        ("avatar_url", "https://example.org/" + "x" * 2000),
        ("email", "other@example.org"),
        ("password", "another password"),
    ],
)
def test_a_profile_refuses_what_is_wrong_or_not_its_own(ann: Account, field: str, value: object) -> None:
    answer = ann.patch("/api/users/me", {field: value})
    assert_problem(answer, 422, "invalid")
    assert list(answer.json["errors"]) == [field]


def test_a_colleague_is_visible(ann: Account, client: FlaskClient, engine: Engine) -> None:
    ben = sign_up(client, name="Ben")
    share_workspace(engine, ann, ben)
    answer = ann.get(f"/api/users/{ben.id}")
    assert (answer.status_code, answer.json["name"]) == (200, "Ben")


def test_a_stranger_is_as_missing_as_nobody(ann: Account, client: FlaskClient) -> None:
    stranger = sign_up(client, email=an_email())
    answers = [ann.get(f"/api/users/{number}", headers={"X-Request-ID": "r"}) for number in (stranger.id, 2**63 - 1)]
    for answer in answers:
        assert_problem(answer, 404, "not_found")
    assert answers[0].data == answers[1].data


def test_a_deleted_workspace_no_longer_shows_its_people(ann: Account, client: FlaskClient, engine: Engine) -> None:
    ben = sign_up(client)
    share_workspace(engine, ann, ben, deleted_at=models.Workspace.created_at)
    assert_problem(ann.get(f"/api/users/{ben.id}"), 404, "not_found")


def test_whether_an_address_is_proved_is_not_shown_to_others(ann: Account, client: FlaskClient, engine: Engine) -> None:
    ben = sign_up(client)
    share_workspace(engine, ann, ben)
    assert set(ann.get("/api/users/me").json) - set(ann.get(f"/api/users/{ben.id}").json) == {"email_verified"}


def test_one_sees_oneself_by_id_too_as_others_do(ann: Account) -> None:
    own = ann.get("/api/users/me").json
    assert own == ann.get(f"/api/users/{ann.id}").json | {"email_verified": own["email_verified"]}
    assert "email_verified" not in ann.get(f"/api/users/{ann.id}").json


def test_a_new_name_sends_no_event(ann: Account, client: FlaskClient, engine: Engine) -> None:
    ben = sign_up(client)
    share_workspace(engine, ann, ben)
    workspace = ann.get("/api/workspaces").json["items"][0]["id"]
    assert ben.patch("/api/users/me", {"name": "Benjamin"}).status_code == 200
    with engine.connect() as connection:
        told = text("SELECT count(*) FROM outbox WHERE workspace_id = :id")
        assert connection.scalar(told, {"id": workspace}) == 0
