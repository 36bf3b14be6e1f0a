"""The API's description, and the page that shows it."""

import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask
from flask.testing import FlaskClient

from fechatter.config import Config
from tests.exact import accepts
from tests.test_docs import text

RETRY = {"Retry-After"}
METHODS = ("get", "post", "patch", "delete", "put")


@pytest.fixture
def description(client: FlaskClient) -> Any:
    return client.get("/openapi.json").json


def operations(description: Any) -> list[tuple[str, str, Any]]:
    return [
        (path, method, operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    ]


def test_it_describes_every_route(description: Any, app: Flask) -> None:
    described = {(path, method.upper()) for path, method, _ in operations(description)}
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/"):
            path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                assert (path, method) in described


def test_every_operation_has_a_summary_a_name_of_its_own_and_problems(description: Any) -> None:
    names = []
    for path, method, operation in operations(description):
        assert operation["summary"], (path, method)
        names.append(operation["operationId"])
        if path.startswith("/api/"):
            assert {"503", "default"} <= set(operation["responses"]), (path, method)
    assert len(names) == len(set(names))


def test_it_says_which_calls_need_a_token(description: Any) -> None:
    schemes = description["components"]["securitySchemes"]
    assert {name: scheme["scheme"] for name, scheme in schemes.items()} == {"bearer": "bearer", "personal": "bearer"}
    open_to_all = {path for path, _, operation in operations(description) if "security" not in operation}
    assert open_to_all == {
        "/healthz",
        "/api/invites/{token}",
        "/readyz",
        "/api/config",
        "/api/auth/signup",
        "/api/auth/signin",
        "/api/auth/refresh",
        "/api/auth/verify",
        "/api/auth/forgot",
        "/api/auth/reset",
    }


def test_problems_are_described_as_what_they_are(description: Any) -> None:
    for name, response in description["components"]["responses"].items():
        assert list(response["content"]) == ["application/problem+json"], name


def test_a_body_is_required_where_one_of_its_fields_is(description: Any) -> None:
    paths = description["paths"]
    assert paths["/api/auth/signup"]["post"]["requestBody"]["required"]
    assert not paths["/api/users/me"]["patch"]["requestBody"]["required"]


def test_it_names_the_version_and_the_servers(description: Any, config: Config) -> None:
    assert description["openapi"].startswith("3.1")
    assert description["info"]["title"] == "Fechatter"
    # /docs calls the first: under another name than PUBLIC_URL, only where it comes from lets it.
    assert [server["url"] for server in description["servers"]] == ["/", config.public_url]


def test_a_prefilled_body_is_taken_as_it_stands(description: Any) -> None:
    """Swagger UI would make up ids and keys for what is optional."""
    bodies = [operation["requestBody"] for _, _, operation in operations(description) if "requestBody" in operation]
    shown = [body["content"]["application/json"] for body in bodies]
    for body in shown:
        accepts(description, body["schema"]["$ref"].rpartition("/")[2]).validate(body["example"])
    assert {"content": "Hello"} in [body["example"] for body in shown]


def test_every_answer_is_described_with_its_headers(description: Any) -> None:
    shared = description["components"]["responses"]
    for path, method, operation in operations(description):
        for status, response in operation["responses"].items():
            response = shared[response["$ref"].rpartition("/")[2]] if "$ref" in response else response
            wanted = {"X-Request-ID"} | {"401": {"WWW-Authenticate"}, "429": RETRY, "503": RETRY}.get(status, set())
            if status == "429" or (status < "400" and "429" in operation["responses"]):
                wanted |= {"RateLimit", "RateLimit-Policy"}
            assert wanted <= set(response["headers"]), (path, method, status)


def test_bodies_are_described_as_closed_and_answers_as_open(description: Any) -> None:
    """A client that was generated must outlive the first field that is added to an answer."""
    taken = {
        name(operation["requestBody"]) for _, _, operation in operations(description) if "requestBody" in operation
    }
    schemas = description["components"]["schemas"]
    within = re.findall(r"'#/components/schemas/(\w+)'", str([schemas[schema]["properties"] for schema in taken]))
    taken |= set(within)
    for schema, described in schemas.items():
        if described.get("type") == "object":
            assert (described.get("additionalProperties", True) is False) == (schema in taken), schema


def name(body: Any) -> str:
    return str(body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2])


def test_summaries_are_plain_words_and_tags_are_declared(description: Any) -> None:
    tags = {tag["name"] for tag in description["tags"]}
    for path, method, operation in operations(description):
        assert "`" not in operation["summary"], (path, method)
        assert set(operation["tags"]) <= tags, (path, method)
    assert description["paths"]["/api/chats"]["get"]["tags"] == ["chats"]


def test_the_list_of_chats_can_be_asked_for_afresh(description: Any) -> None:
    parameters = description["paths"]["/api/chats"]["get"]["parameters"]
    assert ("header", "Cache-Control") in [(parameter["in"], parameter["name"]) for parameter in parameters]


def test_the_stream_is_described_with_what_opens_it_and_what_comes(description: Any) -> None:
    stream = description["paths"]["/api/notifications/events"]["get"]
    parameters = {(parameter["in"], parameter["name"]) for parameter in stream["parameters"]}
    assert parameters == {("query", "cursor"), ("query", "ticket"), ("header", "Last-Event-ID")}
    assert "Location" in stream["responses"]["307"]["headers"]
    schema = stream["responses"]["200"]["content"]["text/event-stream"]["schema"]
    assert schema["contentSchema"] == {"$ref": "#/components/schemas/StreamEvent"}


def test_every_schema_is_one(description: Any) -> None:
    for schema in description["components"]["schemas"].values():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})


def test_every_call_is_in_the_guide_as_it_is(description: Any) -> None:
    section = text("docs/api.md").partition("\n## All calls\n")[2].partition("\n## ")[0]
    shown = re.findall(r"^\| `.*$", section, re.MULTILINE)
    assert shown == [row(description, *at) for at in operations(description)]


def row(description: Any, path: str, method: str, operation: Any) -> str:
    """Of the guide's table."""
    statuses = " or ".join(status for status in sorted(operation["responses"]) if status[0] in "23")
    takes = f" `{', '.join(taken)}`" if (taken := takes_of(description, operation)) else ""
    return f"| `{method.upper()} {path}` |{takes} | {statuses} | {operation['summary']} |"


def takes_of(description: Any, operation: Any) -> list[str]:
    if "requestBody" not in operation:
        asked = [one for one in operation.get("parameters", ()) if one["in"] == "query"]
        return [one["name"] if one["required"] else f"{one['name']}?" for one in asked]
    body = description["components"]["schemas"][name(operation["requestBody"])]
    return [field if field in body.get("required", ()) else f"{field}?" for field in body["properties"]]


def test_every_reference_leads_somewhere(description: Any, client: FlaskClient) -> None:
    for reference in re.findall(r'"\$ref":\s*"#/([^"]+)"', client.get("/openapi.json").text):
        place = description
        for step in reference.split("/"):
            place = place[step]


def test_the_page_has_all_it_needs_from_us(client: FlaskClient) -> None:
    page = client.get("/docs")
    assert page.mimetype == "text/html"
    for address in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert address.startswith("/static/"), address
        assert client.get(address).status_code == 200, address
    assert "<script>" not in page.text
    assert "style=" not in page.text


def test_vendored_files_keep_their_licence_and_version() -> None:
    folder = Path("app/static/vendor/swagger-ui")
    assert "Apache License" in (folder / "LICENSE").read_text()
    assert re.search(r"\d+\.\d+\.\d+", (folder / "VERSION").read_text())
