"""The API's description, and the page that shows it."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fechatter.config import Config

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
    assert description["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    open_to_all = {path for path, _, operation in operations(description) if "security" not in operation}
    assert open_to_all == {
        "/healthz",
        "/readyz",
        "/api/config",
        "/api/auth/signup",
        "/api/auth/signin",
        "/api/auth/refresh",
    }


def test_problems_are_described_as_what_they_are(description: Any) -> None:
    for name, response in description["components"]["responses"].items():
        assert list(response["content"]) == ["application/problem+json"], name


def test_a_body_is_required_where_one_of_its_fields_is(description: Any) -> None:
    paths = description["paths"]
    assert paths["/api/auth/signup"]["post"]["requestBody"]["required"]
    assert not paths["/api/users/me"]["patch"]["requestBody"]["required"]


def test_it_names_the_version_and_the_server(description: Any, config: Config) -> None:
    assert description["openapi"].startswith("3.1")
    assert description["info"]["title"] == "Fechatter"
    assert description["servers"][0]["url"] == config.public_url


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
