"""Whatever a client sends is answered with a 4xx that says why, and never with a 500."""

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.app.signing import assert_problem, sign_up

JSON = "application/json"


def sent(client: FlaskClient, body: bytes | str, content_type: str | None = JSON) -> TestResponse:
    return client.post("/api/auth/signin", data=body, content_type=content_type)


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "nonsense",
        " ",
        "{'email': 1}",
        '{"email": NaN}',
        '{"email": -Infinity}',
        '{"email": Infinity}',
        '{"email": "a" "b"}',
        '{"email": ' + "9" * 5000 + "}",
        "[" * 100_000,
        '{"a":' * 50_000,
        "[" * 50_000 + "]" * 50_000,
        b"\xff\xfe",
        b'{"email": "\xed\xa0\x80"}',
        "\ufeff{}",
        '{"email": "a\tb"}',
        "{} {}",
    ],
)
def test_what_is_not_json_is_malformed(client: FlaskClient, body: bytes | str) -> None:
    assert_problem(sent(client, body), 400, "bad_request")


@pytest.mark.parametrize("body", ["[]", "null", "7", '"text"', "true", "[{}]", "1e999"])
def test_json_that_is_no_object_is_invalid(client: FlaskClient, body: str) -> None:
    answer = sent(client, body)
    assert_problem(answer, 422, "invalid")
    assert list(answer.json["errors"]) == ["body"]


@pytest.mark.parametrize(
    "value", ["7", "1e999", "true", "null", "[]", "{}", '[["x"]]', '"\\u0000"', '"\\ud800"', '"x\\udc00y"']
)
def test_a_field_of_the_wrong_kind_is_named(client: FlaskClient, value: str) -> None:
    answer = sent(client, f'{{"email": {value}, "password": "12345678"}}')
    assert_problem(answer, 422, "invalid")
    assert list(answer.json["errors"]) == ["email"]


@pytest.mark.parametrize("name", ["sub.field", "", "\\ud800", "\\u0000", "__class__", "x" * 5000])
def test_an_unknown_field_is_invalid_whatever_its_name(client: FlaskClient, name: str) -> None:
    answer = sent(client, f'{{"email": "a@b.org", "password": "12345678", "{name}": 1}}')
    assert_problem(answer, 422, "invalid")
    assert len(answer.data) < 1000


def test_a_hundred_thousand_unknown_fields_make_a_short_answer(client: FlaskClient) -> None:
    answer = sent(client, "{" + ",".join(f'"f{n}":1' for n in range(80_000)) + "}")
    assert_problem(answer, 422, "invalid")
    assert len(answer.data) < 10_000


@pytest.mark.parametrize(
    "content_type", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/xml"]
)
def test_a_body_of_another_kind_is_unsupported(client: FlaskClient, content_type: str | None) -> None:
    assert_problem(sent(client, "{}", content_type), 415, "unsupported_media_type")


@pytest.mark.parametrize("content_type", [JSON, "application/json; charset=utf-8", "application/merge-patch+json"])
def test_json_by_any_of_its_names_is_read(client: FlaskClient, content_type: str) -> None:
    assert sent(client, '{"email": "nobody", "password": "12345678"}', content_type).status_code == 401


def test_over_a_mebibyte_is_too_large(client: FlaskClient) -> None:
    body = b'{"email": "' + b"x" * 2**20 + b'"}'
    assert_problem(sent(client, body), 413, "too_large")


def test_a_chunked_body_over_a_mebibyte_is_too_large(client: FlaskClient) -> None:
    answer = client.post(
        "/api/auth/signin",
        input_stream=BytesIO(b'{"email": "' + b"x" * 2**20 + b'"}'),
        content_type=JSON,
        environ_overrides={"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
    )
    assert_problem(answer, 413, "too_large")


def test_a_large_body_is_refused_where_none_is_read(client: FlaskClient) -> None:
    assert_problem(client.post("/api/nowhere", data=b"x" * (2**20 + 1)), 413, "too_large")


def test_a_call_without_fields_needs_no_body(client: FlaskClient) -> None:
    assert sign_up(client).post("/api/auth/signout").status_code == 204


def test_a_call_without_fields_takes_an_empty_object(client: FlaskClient) -> None:
    assert sign_up(client).post("/api/auth/signout", {}).status_code == 204


def test_a_call_without_fields_refuses_fields(client: FlaskClient) -> None:
    ann = sign_up(client)
    answer = ann.post("/api/auth/signout", {"everywhere": True})
    assert_problem(answer, 422, "invalid")
    assert list(answer.json["errors"]) == ["everywhere"]
    assert_problem(ann.post("/api/auth/signout", data="{", content_type=JSON), 400, "bad_request")
    assert ann.is_signed_in()


def test_missing_fields_are_all_named(client: FlaskClient) -> None:
    answer = client.post("/api/auth/signup", json={})
    assert_problem(answer, 422, "invalid")
    assert set(answer.json["errors"]) == {"email", "password", "name"}
    assert all(isinstance(reason, str) for reasons in answer.json["errors"].values() for reason in reasons)


def test_an_absent_body_counts_as_an_empty_one(client: FlaskClient) -> None:
    assert_problem(client.post("/api/auth/signup"), 422, "invalid")


@pytest.mark.parametrize("number", ["0", "-1", "01", "1.0", "x", "9223372036854775808", "9" * 40, "%31%00", "١"])
def test_what_cannot_be_an_id_is_as_missing_as_what_is_not_there(client: FlaskClient, number: str) -> None:
    ann = sign_up(client)
    headers = {"X-Request-ID": "same"}
    missing = ann.get(f"/api/users/{2**63 - 1}", headers=headers)
    answer = ann.get(f"/api/users/{number}", headers=headers)
    assert_problem(answer, 404, "not_found")
    assert answer.data == missing.data


def test_an_id_has_one_way_to_be_written(client: FlaskClient) -> None:
    ann = sign_up(client)
    assert ann.get(f"/api/users/{ann.id}").status_code == 200
    assert_problem(ann.get(f"/api/users/0{ann.id}"), 404, "not_found")
