"""The page of the web client and its files, as browsers get them."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from gzip import decompress
from html import unescape
from pathlib import Path
from shutil import copytree

import pytest
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder

from app import web_client, web_files
from app.create import create_app
from app.web_client import PATHS
from app.web_files import ROOT, WebFiles
from fechatter.config import Config
from tests.app.signing import assert_problem
from tests.web.node import run_node

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Encoding": "gzip, br"}
ADDRESSES = ["/", "/invite/some-token", *(re.sub(r"<[^>]+>", "42", path) for path in PATHS)]
MOST_BYTES = 100_000


def imports(page: str) -> dict[str, str]:
    found = re.search(r'<script type="importmap">(.*?)</script>', page)
    assert found
    return json.loads(found[1])["imports"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_browser_gets_the_page_at_every_address_of_the_client(client: FlaskClient, address: str) -> None:
    page = client.get(address, headers={"Accept": BROWSER["Accept"]})
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert 'type="module"' in page.text
    head = client.head(address, headers={"Accept": BROWSER["Accept"]})
    assert head.headers["Content-Length"] == page.headers["Content-Length"]
    assert head.data == b""


@pytest.mark.parametrize("address", ADDRESSES[2:])
def test_a_program_gets_a_problem_there(client: FlaskClient, address: str) -> None:
    for accept in ("*/*", "application/json", ""):
        problem = client.get(address, headers={"Accept": accept})
        assert_problem(problem, 404, "not_found")
        assert problem.json["detail"] == "There is no such path."


@pytest.mark.parametrize("address", ["/nope", "/chats", "/w/1/nope", "/chats/1/nope", "/api/nope"])
def test_other_addresses_are_not_the_clients(client: FlaskClient, address: str) -> None:
    assert client.get(address, headers=BROWSER).status_code == 404


@pytest.mark.parametrize("address", ["//invite/x", "//evil.org/invite/x", "///signin", "/\\\\evil.org", "//chats/1"])
def test_an_address_that_reads_as_another_hosts_leads_to_no_host(client: FlaskClient, address: str) -> None:
    """Made straight by a redirect, it would lead to a host that somebody else has chosen."""
    there = EnvironBuilder(path="/x", environ_overrides={"PATH_INFO": address}, headers={"Accept": BROWSER["Accept"]})
    answer = client.open(there)
    assert answer.status_code in (200, 404)
    assert "Location" not in answer.headers
    if answer.status_code == 200:
        assert answer.data == client.get("/", headers={"Accept": BROWSER["Accept"]}).data


def test_the_server_and_the_client_know_the_same_addresses() -> None:
    done = run_node("-e", 'import("#web/js/router.js").then(({ROUTES}) => console.log(JSON.stringify(ROUTES)))')
    known = {re.sub(r":\w+", "42", path) for path in json.loads(done.stdout)}
    assert known == {re.sub("some-token", "42", address) for address in ADDRESSES}


def test_the_pages_policy_allows_no_inline_code_but_the_import_map(client: FlaskClient) -> None:
    page = client.get("/", headers={"Accept": BROWSER["Accept"]})
    policy = dict(part.split(" ", 1) for part in page.headers["Content-Security-Policy"].split("; "))
    inline = re.findall(r"<script[^>]*>([^<]+)</script>", page.text)
    digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in inline]
    assert policy["script-src"] == f"'self' 'sha256-{digests[0]}'"
    assert len(inline) == 1
    assert policy["default-src"] == "'none'"
    assert policy["require-trusted-types-for"] == "'script'"
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert not re.search(r"<style|\sstyle=|\son\w+=", page.text)


@pytest.mark.parametrize(
    ("notify", "allowed"),
    [
        ("http://localhost:8001", "http://localhost:8001"),
        ("https://chat.example.org/stream", "https://chat.example.org"),
    ],
)
def test_the_page_may_connect_to_us_and_to_notify(config: Config, notify: str, allowed: str) -> None:
    page = create_app(replace(config, notify_url=notify)).test_client().get("/", headers=BROWSER)
    assert f"connect-src 'self' {allowed};" in page.headers["Content-Security-Policy"]


def test_the_page_says_what_the_client_has_to_know(config: Config) -> None:
    odd = replace(config, public_url='https://chat.example.org/"><script>')
    page = create_app(odd).test_client().get("/", headers={"Accept": BROWSER["Accept"]}).text
    found = re.search(r'name="fechatter" content="([^"]*)"', page)
    assert found
    told = json.loads(unescape(found[1]))
    assert told["public_url"] == odd.public_url
    assert {"notify_url", "sign_up", "mail", "version"} <= told.keys()


def test_the_page_is_asked_for_again_and_answered_shortly(client: FlaskClient) -> None:
    page = client.get("/", headers=BROWSER)
    assert page.headers["Cache-Control"] == "no-cache"
    assert {"Accept", "Accept-Encoding"} <= set(page.headers["Vary"].split(", "))
    again = client.get("/chats/7", headers=BROWSER | {"If-None-Match": page.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_everything_that_the_page_names_is_there_for_ever(client: FlaskClient) -> None:
    page = client.get("/", headers={"Accept": BROWSER["Accept"]}).text
    named = set(re.findall(r'(?:href|src)="(/assets/[^"]+)"', page)) | set(imports(page).values())
    assert len(named) > 20
    for address in named:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", address)
        assert hashlib.sha256(answer.data).hexdigest().startswith(address.split(".")[-2])
        assert answer.headers["Content-Type"] == {
            "js": "text/javascript; charset=utf-8",
            "mjs": "text/javascript; charset=utf-8",
            "css": "text/css; charset=utf-8",
        }.get(address.rpartition(".")[2])


def test_a_file_comes_compressed_to_who_takes_that(client: FlaskClient) -> None:
    address = imports(client.get("/", headers={"Accept": BROWSER["Accept"]}).text)["preact"]
    plain, packed = client.get(address), client.get(address, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 2
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert client.get(address, headers={"Accept-Encoding": "gzip;q=0, identity"}).data == plain.data
    again = client.get(address, headers={"If-None-Match": plain.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "address",
    [
        "/assets/js/main.js",
        "/assets/js/main.000000000000.js",
        "/assets/index.html",
        "/assets/../web_client.py",
        "/assets/%2e%2e/create.py",
        "/assets/js/types.d.ts",
        "/assets/vendor/VENDOR.json",
        "/assets/",
    ],
)
def test_nothing_else_of_the_folder_is_served(client: FlaskClient, address: str) -> None:
    assert_problem(client.get(address), 404, "not_found")


def test_the_first_load_is_one_step_and_small(config: Config) -> None:
    client = create_app(replace(config, environment="production")).test_client()
    page = client.get("/", headers=BROWSER)
    text = decompress(page.data).decode()
    preloaded = re.findall(r'rel="modulepreload" href="([^"]+)"', text)
    styles = re.findall(r'rel="stylesheet" href="([^"]+)"', text)
    sizes = {address: len(client.get(address, headers=BROWSER).data) for address in [*preloaded, *styles]}
    assert len(preloaded) == len(set(preloaded)) > 20
    assert len(page.data) + sum(sizes.values()) < MOST_BYTES, sizes


def test_modules_import_only_what_the_import_map_leads_to() -> None:
    files = WebFiles()
    known = json.loads(files.import_map())["imports"]
    for file in files.by_path.values():
        if file.is_module:
            for name in web_files.IMPORT.findall(file.body.decode()):
                path = web_files.normpath(web_files.join(web_files.PREFIX, web_files.dirname(file.path), name))
                assert name in known or path in known, f"{file.path} imports {name}"


def test_all_vendored_names_are_in_the_import_map() -> None:
    known = json.loads(WebFiles().import_map())["imports"]
    assert {"preact", "preact/hooks", "htm", "@preact/signals", "marked", "dompurify"} <= known.keys()


@pytest.mark.parametrize("environment", ["development", "production"])
def test_a_file_that_changes_is_seen_at_the_next_page_load_in_development_alone(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment: str
) -> None:
    root = copytree(ROOT, tmp_path / "web")
    monkeypatch.setattr(web_client, "ROOT", root)
    monkeypatch.setattr(WebFiles.__init__, "__defaults__", (root,))
    one, other = (create_app(replace(config, environment=environment)).test_client() for _ in range(2))
    before = imports(one.get("/", headers={"Accept": BROWSER["Accept"]}).text)["/assets/js/router.js"]
    other.get("/", headers=BROWSER)
    (root / "js" / "router.js").write_text("export const changed = true;\n")
    after = imports(one.get("/", headers={"Accept": BROWSER["Accept"]}).text)["/assets/js/router.js"]
    assert (after != before) == (environment == "development")
    # Another process has not shown a page since.
    assert other.get(after).status_code == 200


def test_what_has_an_address_of_its_own_has_no_other(client: FlaskClient) -> None:
    """The service worker: as a module of the page it would have the rights of the page."""
    digest = hashlib.sha256((ROOT / "sw.js").read_bytes()).hexdigest()[:12]
    assert_problem(client.get(f"/assets/sw.{digest}.js"), 404, "not_found")
