"""An operator lets somebody in by a link."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from fechatter import models
from tests.app.commands.conftest import Run
from tests.app.signing import sign_up
from tests.factories import a_user, a_workspace, committed

URL = "https://chat.example.org"


@pytest.fixture
def workspace(engine: Engine) -> models.Workspace:
    with committed(engine) as session:
        return a_workspace(session, a_user(session))


@pytest.fixture
def public(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """After `run`, which takes the variable away."""
    monkeypatch.setenv("PUBLIC_URL", URL)


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize("by", ["slug", "id"])
def test_a_link_lets_one_person_sign_up_into_the_workspace(
    run: Run, client: FlaskClient, workspace: models.Workspace, by: str
) -> None:
    made = run("invite", "--workspace", str(getattr(workspace, by)), "--role", "admin")
    assert made.exit_code == 0, made.output
    token = re.fullmatch(rf"{URL}/invite/([\w-]{{43}})\n", made.output)
    assert token
    ben = sign_up(client, invite=token[1])
    assert [item["role"] for item in ben.get("/api/workspaces").json["items"]] == ["admin"]
    body = {"email": "one.more@example.org", "password": "correct horse", "name": "C", "invite": token[1]}
    assert client.post("/api/auth/signup", json=body).status_code == 404


@pytest.mark.usefixtures("public")
def test_it_is_on_record(run: Run, engine: Engine, workspace: models.Workspace) -> None:
    run("invite", "--workspace", workspace.slug)
    query = text("SELECT action, actor_id FROM audit_log WHERE workspace_id = :id")
    with engine.connect() as connection:
        assert ("invite.created", None) in [tuple(row) for row in connection.execute(query, {"id": workspace.id})]


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize("words", ["--workspace no-such-one", "--workspace 999999999", "--workspace x --email nobody"])
def test_what_cannot_be_is_one_line(run: Run, words: str) -> None:
    refused = run("invite", *words.split())
    assert refused.exit_code == 1
    assert re.fullmatch(r"Error: .*\n", refused.output)


def test_without_an_address_for_it_there_is_no_invitation(
    run: Run, workspace: models.Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FECHATTER_ENV", "production")  # elsewhere it is localhost
    refused = run("invite", "--workspace", workspace.slug)
    assert (refused.exit_code, "PUBLIC_URL is missing" in refused.output) == (1, True)
