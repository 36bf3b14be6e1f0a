"""Refresh tokens, and the list of places where one is signed in."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from tests.app.signing import Account, assert_problem, sign_in, sign_up


def shift(engine: Engine, account: Account, column: str, interval: str) -> None:
    """Moves a moment in all sessions of this person."""
    with engine.begin() as connection:
        connection.execute(
            text(f"UPDATE sessions SET {column} = {column} + CAST(:by AS interval) WHERE user_id = :id"),
            {"by": interval, "id": account.id},
        )


def test_a_refresh_gives_a_new_pair_for_the_same_session(client: FlaskClient) -> None:
    ann = sign_up(client)
    answer = ann.refresh()
    assert answer.status_code == 200
    assert set(answer.json) == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert answer.json["refresh_token"] != ann.refresh_token
    assert ann.get("/api/users/me", token=answer.json["access_token"]).status_code == 200
    assert len(ann.get("/api/auth/sessions").json["items"]) == 1


def test_a_spent_token_gets_the_same_successor_for_ten_seconds(client: FlaskClient, engine: Engine) -> None:
    ann = sign_up(client)
    successor = ann.refresh().json["refresh_token"]
    again = ann.refresh()
    assert (again.status_code, again.json["refresh_token"]) == (200, successor)
    shift(engine, ann, "rotated_at", "-9 s")
    assert ann.refresh().json["refresh_token"] == successor
    assert ann.refresh(successor).status_code == 200


def test_a_spent_token_that_comes_back_late_ends_the_session(client: FlaskClient, engine: Engine) -> None:
    ann = sign_up(client)
    successor = ann.refresh().json["refresh_token"]
    shift(engine, ann, "rotated_at", "-11 s")
    answer = ann.refresh()
    assert_problem(answer, 401, "token_reused")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert not ann.is_signed_in()
    assert_problem(ann.refresh(successor), 401, "bad_token")
    assert ended(engine, ann) == [("revoked", "revoked")]


def test_a_spent_token_whose_successor_is_used_ends_the_session_at_once(client: FlaskClient) -> None:
    ann = sign_up(client)
    first = ann.refresh_token
    second = ann.refresh().json["refresh_token"]
    third = ann.refresh(second).json["refresh_token"]
    assert_problem(ann.refresh(first), 401, "token_reused")
    assert_problem(ann.refresh(third), 401, "bad_token")


def test_a_stolen_token_ends_no_other_session(client: FlaskClient, engine: Engine) -> None:
    ann = sign_up(client)
    elsewhere = sign_in(client, ann.email)
    ann.refresh()
    shift(engine, ann, "rotated_at", "-1 min")
    assert_problem(ann.refresh(), 401, "token_reused")
    assert elsewhere.is_signed_in()
    assert elsewhere.refresh().status_code == 200


@pytest.mark.parametrize("change", ["generation", "mac", "session", "form", "empty", "huge"])
def test_a_made_up_token_is_refused_and_revokes_nothing(client: FlaskClient, change: str) -> None:
    ann = sign_up(client)
    session_id, generation, mac = ann.refresh_token.split(".")
    made_up = {
        "generation": f"{session_id}.{int(generation) + 1}.{mac}",
        "mac": f"{session_id}.{generation}.{'A' * 43}",
        "session": f"{int(session_id) + 1}.{generation}.{mac}",
        "form": f"{session_id}.{generation}",
        "empty": "..",
        "huge": f"{10**18 * 9 + 10**18 - 1}.{10**18 * 9 + 10**18 - 1}.{mac}",
    }[change]
    assert_problem(ann.refresh(made_up), 401, "bad_token")
    assert ann.is_signed_in()
    assert ann.refresh().status_code == 200


def test_an_old_generation_with_a_forged_mac_revokes_nothing(client: FlaskClient) -> None:
    ann = sign_up(client)
    session_id, generation, _ = ann.refresh_token.split(".")
    newest = ann.refresh(ann.refresh().json["refresh_token"]).json["refresh_token"]
    assert_problem(ann.refresh(f"{session_id}.{generation}.{'A' * 43}"), 401, "bad_token")
    assert ann.refresh(newest).status_code == 200


def test_a_session_that_is_not_refreshed_for_thirty_days_is_over(client: FlaskClient, engine: Engine) -> None:
    ann = sign_up(client)
    shift(engine, ann, "expires_at", "-30 days")
    assert_problem(ann.get("/api/users/me"), 401, "bad_token")
    assert_problem(ann.refresh(), 401, "bad_token")


def test_a_refresh_moves_the_end_of_the_session_on(client: FlaskClient, engine: Engine) -> None:
    ann = sign_up(client)
    shift(engine, ann, "expires_at", "-29 days")
    assert ann.refresh().status_code == 200
    shift(engine, ann, "expires_at", "-29 days")
    assert ann.is_signed_in()


def test_the_list_shows_ones_own_living_sessions(client: FlaskClient) -> None:
    ann = sign_up(client)
    sign_up(client)
    phone = sign_in(client, ann.email, headers={"User-Agent": "Phone\t7 \x07" + "x" * 300})
    gone = sign_in(client, ann.email)
    gone.post("/api/auth/signout")
    answer = ann.get("/api/auth/sessions").json
    assert answer["next_cursor"] is None
    latest, first = answer["items"]
    assert set(first) == {"id", "device", "created_at", "last_seen_at", "current"}
    assert (first["current"], latest["current"]) == (True, False)
    assert latest["device"] == ("Phone7 " + "x" * 300)[:200]
    assert phone.get("/api/auth/sessions").json["items"][0]["current"]
    assert datetime.fromisoformat(first["last_seen_at"]) >= datetime.fromisoformat(first["created_at"])


def test_ending_a_session_shuts_that_device_out(client: FlaskClient, engine: Engine) -> None:
    ann = sign_up(client)
    phone = sign_in(client, ann.email)
    phones = next(item["id"] for item in ann.get("/api/auth/sessions").json["items"] if not item["current"])
    assert ann.delete(f"/api/auth/sessions/{phones}").status_code == 204
    assert not phone.is_signed_in()
    assert_problem(phone.refresh(), 401, "bad_token")
    assert ann.is_signed_in()
    assert ended(engine, ann) == [("revoked", "revoked")]


def test_anothers_session_is_as_missing_as_one_that_never_was(client: FlaskClient) -> None:
    ann, ben = sign_up(client), sign_up(client)
    bens = ben.get("/api/auth/sessions").json["items"][0]["id"]
    for session_id in (bens, 1, 2**63 - 1):
        assert_problem(ann.delete(f"/api/auth/sessions/{session_id}"), 404, "not_found")
    assert ben.is_signed_in()


def test_a_session_ends_once(client: FlaskClient, engine: Engine) -> None:
    ann = sign_up(client)
    phone = sign_in(client, ann.email)
    phones = phone.get("/api/auth/sessions").json["items"][0]["id"]
    assert ann.delete(f"/api/auth/sessions/{phones}").status_code == 204
    assert_problem(ann.delete(f"/api/auth/sessions/{phones}"), 404, "not_found")
    assert len(ended(engine, ann)) == 1


def ended(engine: Engine, account: Account) -> list[tuple[str, str]]:
    """The reasons in the sessions' rows, with what their streams were told."""
    query = text(
        "SELECT s.end_reason, c.reason FROM sessions s JOIN user_changes c ON c.session_id = s.id"
        " WHERE s.user_id = :id AND s.ended_at IS NOT NULL AND c.user_id = :id AND c.kind = 'session_ended'"
    )
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query, {"id": account.id})]
