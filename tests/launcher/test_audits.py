"""Packages are asked about where there is somebody to ask; where there is not, that is said and fails nothing."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from launcher import audits

PACKAGE = f"flask==1.0 --hash=sha256:{'0' * 64}\n"


class Knows(BaseHTTPRequestHandler):
    """A service that has something to say of flask."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        known = {
            "id": "TEST-2026-1",
            "summary": "x",
            "details": "x",
            "affected": [],
            "modified": "2026-01-01T00:00:00Z",
        }
        body = json.dumps({"vulns": [known]} if asked["package"]["name"] == "flask" else {}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def service() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Knows) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def pinned(tmp_path: Path) -> str:
    (tmp_path / "requirements.txt").write_text(PACKAGE)
    return str(tmp_path / "requirements.txt")


def test_a_package_that_is_known_to_be_vulnerable_fails(
    service: str, pinned: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not audits.packages_are_sound("-s", "osv", "--osv-url", service, files=[pinned])
    assert "flask 1.0 is vulnerable: TEST-2026-1" in capsys.readouterr().out


def test_where_nobody_can_be_asked_that_is_said(pinned: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert audits.packages_are_sound("-s", "osv", "--osv-url", "http://127.0.0.1:1/", files=[pinned])
    assert "pip-audit was left out" in capsys.readouterr().out
