"""An answer leaves in one write, whatever kind it is, and no byte of it differs from what gunicorn would send."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.http import wsgi

from frame import gunicorn_response
from frame.gunicorn_response import Response

GUNICORNS: Any = Response.__bases__[0]


class Wire:
    def __init__(self) -> None:
        self.writes: list[bytes] = []

    def sendall(self, data: bytes) -> None:
        self.writes.append(data)


def answer(kind: Any, method: str, status: str, headers: list[tuple[str, str]], parts: list[bytes]) -> list[bytes]:
    wire = Wire()
    request = SimpleNamespace(method=method, version=(1, 1), should_close=lambda: False)
    response = kind(request, wire, Config())
    write = response.start_response(status, headers)
    for part in parts:
        write(part)
    response.close()
    return wire.writes


LENGTH = [("Content-Type", "text/plain"), ("Content-Length", "6")]


@pytest.mark.parametrize(
    ("method", "status", "headers", "parts", "writes"),
    [
        ("GET", "200 OK", LENGTH, [b"answer"], 1),
        ("GET", "200 OK", LENGTH, [b"ans", b"wer"], 2),
        ("GET", "200 OK", [("Content-Length", "0")], [b""], 1),
        ("HEAD", "200 OK", LENGTH, [b"answer"], 1),
        ("DELETE", "204 NO CONTENT", [], [], 1),
        ("GET", "200 OK", [("Content-Type", "text/plain")], [b"ans", b"wer"], 4),
        ("GET", "304 NOT MODIFIED", [("ETag", '"a"')], [], 1),
        ("GET", "200 OK", [("content-LENGTH", "6"), ("x-odd", "")], [b"answer, and more"], 1),
        ("GET", "200 OK", [("Content-Length", " 6 ")], [b"answer"], 1),
        ("GET", "200 OK", [*LENGTH, ("connection", "close"), ("Server", "x"), ("DATE", "today")], [b"answer"], 1),
        ("GET", "101 SWITCHING PROTOCOLS", [("Connection", "upgrade"), ("Upgrade", "websocket")], [], 1),
        ("DELETE", "204 NO CONTENT", [("Content-Length", "0")], [], 1),
    ],
)
def test_every_kind_of_answer(
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    status: str,
    headers: list[tuple[str, str]],
    parts: list[bytes],
    writes: int,
) -> None:
    monkeypatch.setattr("gunicorn.util.http_date", lambda second=None: "Thu, 26 Nov 2026 05:40:00 GMT")
    gunicorn_response._date.cache_clear()
    ours, theirs = (answer(kind, method, status, headers, parts) for kind in (Response, GUNICORNS))
    assert b"".join(ours) == b"".join(theirs)
    assert len(ours) == writes


@pytest.mark.parametrize("kind", [Response, GUNICORNS])
@pytest.mark.parametrize(
    "header",
    [
        ("X-Told", "a\r\nX-Slipped-In: b"),
        ("X-Told", "a\nb"),
        ("X-Told", "a\rb"),
        ("X-Told", "a\0b"),
        ("X-Told: a\r\nX-Slipped-In", "b"),
        ("X Told", "a"),
        ("", "a"),
        ("X-Told", "\u20ac"),
    ],
)
def test_no_header_says_more_than_itself(kind: Any, header: tuple[str, str]) -> None:
    with pytest.raises((wsgi.InvalidResponseHeader, wsgi.InvalidResponseHeaderName)):
        answer(kind, "GET", "200 OK", [*LENGTH, header], [b"answer"])


def test_the_date_is_that_of_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    dates = []
    for second in (0.2, 0.9, 1.1):
        monkeypatch.setattr(gunicorn_response, "time", lambda now=second: now)
        [head] = answer(Response, "GET", "200 OK", LENGTH, [b"answer"])
        dates.append(head.split(b"Date: ")[1].split(b"\r\n")[0])
    assert dates == [b"Thu, 01 Jan 1970 00:00:00 GMT"] * 2 + [b"Thu, 01 Jan 1970 00:00:01 GMT"]


def test_a_file_follows_its_head(tmp_path: Path) -> None:
    path, wire = tmp_path / "file", Wire()
    path.write_bytes(b"answer")
    wire.sendfile = lambda file, offset, count: wire.writes.append(file.read(count))  # type: ignore[attr-defined]
    request = SimpleNamespace(method="GET", version=(1, 1), should_close=lambda: False)
    response = Response(request, wire, Config())
    response.start_response("200 OK", LENGTH)
    with path.open("rb") as file:
        assert response.sendfile(SimpleNamespace(filelike=file))
    response.close()
    assert wire.writes[0].endswith(b"\r\n\r\n")
    assert wire.writes[1:] == [b"answer"]


def test_gunicorn_makes_its_answers_of_ours() -> None:
    made: Callable[..., Any] = wsgi.Response
    assert made is Response
