"""Whatever a client sends is answered with a 4xx that says why, and never with a 500."""

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from marshmallow import Schema, fields
from werkzeug.test import TestResponse

from app.schemas.fields import Id, ListOf, OneOf, StrictSchema, Text
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
        "[" * 30_000,
        '{"a":' * 6_000,
        "[" * 15_000 + "]" * 15_000,
        b"\xff\xfe",
        b'{"email": "\xed\xa0\x80"}',
        "\ufeff{}",
        '{"email": "a\tb"}',
        "{} {}",
    ],
)
def test_what_is_not_json_is_malformed(client: FlaskClient, body: bytes | str) -> None:
    assert_problem(sent(client, body), 400, "bad_request")


@pytest.mark.parametrize("header", ["Content-Encoding", "Transfer-Encoding"])
@pytest.mark.parametrize("coding", ["gzip", "GZIP", "br", "gzip, chunked"])
def test_a_body_that_is_compressed_is_refused_and_not_taken_for_what_it_looks_like(
    client: FlaskClient, header: str, coding: str
) -> None:
    answer = client.post("/api/auth/signin", data="{}", content_type=JSON, headers={header: coding})
    assert_problem(answer, 415, "unsupported_media_type")


def test_a_body_may_say_that_it_is_as_it_is(client: FlaskClient) -> None:
    answer = client.post("/api/auth/signin", data="{}", content_type=JSON, headers={"Content-Encoding": "identity"})
    assert_problem(answer, 422, "invalid")


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


def test_dozens_of_unknown_fields_make_a_short_answer(client: FlaskClient) -> None:
    answer = sent(client, "{" + ",".join(f'"f{n}":1' for n in range(90)) + "}")
    assert_problem(answer, 422, "invalid")
    assert len(answer.json["errors"]) == 50
    assert len(answer.data) < 5_000


@pytest.mark.parametrize("names", ['"f%d":1', '"email":%d'])
@pytest.mark.parametrize("around", ["%s", '{"email": [[%s]]}'])
def test_thousands_of_fields_are_refused_before_any_is_looked_at(client: FlaskClient, names: str, around: str) -> None:
    answer = sent(client, around % ("{" + ",".join(names % n for n in range(2_000)) + "}"))
    assert_problem(answer, 422, "invalid")
    assert answer.json["errors"] == {"body": ["An object has more than 100 fields."]}


def test_a_list_that_is_too_long_is_refused_before_any_of_it_is_looked_at(client: FlaskClient) -> None:
    ann = sign_up(client)
    for path, name in (("/api/chats/1/members", "user_ids"), ("/api/chats", "member_ids")):
        answer = ann.post(path, {name: [0] * 1001})
        assert_problem(answer, 422, "invalid")
        assert answer.json["errors"][name] == ["More than 1000."]


def test_text_that_is_too_long_is_refused_before_it_is_normalised(client: FlaskClient) -> None:
    ann, accents = sign_up(client), "\u0316\u0301" * 7_000
    for answer, name in (
        (client.post("/api/auth/signup", data=f'{{"email": "a{accents}@b.com"}}'.encode(), content_type=JSON), "email"),
        (
            ann.call("POST", "/api/workspaces/1/invites", data=f'{{"email": "a{accents}@b.com"}}', content_type=JSON),
            "email",
        ),
        (
            ann.call("PATCH", "/api/users/me", data=f'{{"avatar_url": "http://{accents}"}}', content_type=JSON),
            "avatar_url",
        ),
    ):
        assert_problem(answer, 422, "invalid")
        assert answer.json["errors"][name][0].startswith("Longer than ")


def test_nothing_in_a_body_is_read_without_a_bound(app: Flask) -> None:
    bodies = {
        type(parameter["schema"])
        for view in app.view_functions.values()
        for parameter in getattr(view, "_apidoc", {}).get("arguments", {}).get("parameters", [])
        if parameter["in"] == "json"
    }
    assert len(bodies) > 10, "the search is broken"
    unbounded = (fields.Nested, fields.Dict, fields.Mapping, fields.List, fields.String, fields.Raw)
    for name, field in [pair for body in bodies for pair in _fields(body())]:
        assert isinstance(field, (Text, OneOf, ListOf, Id)) or not isinstance(field, unbounded), name


def _fields(schema: Schema) -> Iterator[tuple[str, Any]]:
    """Its own, and of an object within those of that: as strict as the rest, or not taken apart."""
    for name, field in schema.fields.items():
        if isinstance(field, fields.Nested) and isinstance(field.schema, StrictSchema) and not field.many:
            yield from _fields(field.schema)
        else:
            yield name, field


@pytest.mark.parametrize(
    "content_type", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/xml"]
)
def test_a_body_of_another_kind_is_unsupported(client: FlaskClient, content_type: str | None) -> None:
    assert_problem(sent(client, "{}", content_type), 415, "unsupported_media_type")


@pytest.mark.parametrize("content_type", [JSON, "application/json; charset=utf-8", "application/merge-patch+json"])
def test_json_by_any_of_its_names_is_read(client: FlaskClient, content_type: str) -> None:
    assert sent(client, '{"email": "nobody", "password": "12345678"}', content_type).status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "most"),
    [
        ("POST", "/api/auth/signin", 32),
        ("POST", "/api/auth/signup", 32),
        ("POST", "/api/auth/refresh", 32),
        ("POST", "/api/auth/password", 32),
        ("POST", "/api/auth/signout", 64),
        ("PATCH", "/api/users/me", 64),
        ("POST", "/api/chats", 64),
        ("POST", "/api/chats/1/messages", 128),
        ("PATCH", "/api/messages/1", 128),
    ],
)
def test_a_body_may_be_as_large_as_its_call_needs(client: FlaskClient, method: str, path: str, most: int) -> None:
    ann, body = sign_up(client), b"{" + b" " * (most * 1024 - 2) + b"}"
    for sent, refused in ((body, False), (body + b" ", True)):
        answer = ann.call(method, path, data=sent, content_type=JSON)
        assert (answer.status_code == 413) is refused, answer.text
    assert_problem(answer, 413, "too_large")


def test_the_longest_message_fits_however_it_is_escaped(client: FlaskClient) -> None:
    body = {"content": "🙂" * 10_000, "client_id": "🙂" * 64, "reply_to": 2**63 - 1}
    ann, text = sign_up(client), json.dumps(body, indent=4)
    assert "\\ud83d" in text
    assert_problem(ann.call("POST", "/api/chats/1/messages", data=text, content_type=JSON), 404, "not_found")


def test_a_chunked_body_over_the_limit_is_too_large(client: FlaskClient) -> None:
    answer = client.post(
        "/api/auth/signin",
        input_stream=BytesIO(b'{"email": "' + b"x" * 2**15 + b'"}'),
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
