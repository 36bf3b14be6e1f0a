"""A request is read as gunicorn reads it, but nobody is believed for where he comes from; settings are at hand."""

from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.http import message, parser
from gunicorn.http.unreader import IterUnreader

from frame.gunicorn_request import Request
from frame.gunicorn_worker import keep_settings

HEADS = [
    b"POST /api/chats/7/messages?a=b HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nX-Request-ID: a\r\n\r\n{}",
    b"GET / HTTP/1.0\r\nHost: x\r\nExpect: 100-continue\r\n\r\n",
    b"\r\nGET /a%20b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
]


def settings(**told: Any) -> Config:
    config = Config()
    for name, value in told.items():
        config.set(name, value)
    return config


def read(kind: Any, head: bytes, config: Config, peer: Any = ("127.0.0.1", 5)) -> dict[str, Any]:
    request = kind(config, IterUnreader([head]), peer)
    names = ("method", "uri", "path", "query", "version", "headers", "scheme", "must_close")
    return {name: getattr(request, name) for name in names} | {"body": request.body.read()}


@pytest.mark.parametrize("head", HEADS)
def test_it_is_read_as_by_gunicorn(head: bytes) -> None:
    nobody = settings(forwarded_allow_ips="")
    assert read(Request, head, nobody) == read(message.Request, head, nobody)


@pytest.mark.parametrize("peer", [("127.0.0.1", 5), ("::1", 5, 0, 0), ""])
def test_who_calls_is_never_believed(peer: Any) -> None:
    head = b"GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Ssl: on\r\n\r\n"
    assert read(message.Request, head, settings(forwarded_allow_ips="*"), peer)["scheme"] == "https"
    assert read(Request, head, settings(forwarded_allow_ips="*"), peer)["scheme"] == "http"


def test_gunicorn_makes_its_requests_of_ours() -> None:
    assert parser.RequestParser.mesg_class is Request


def test_settings_that_are_kept_are_all_there_and_are_not_looked_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    told, kept = settings(keepalive=31, workers=3), settings(keepalive=31, workers=3)
    keep_settings(kept)
    assert {name: getattr(kept, name) for name in kept.settings} == {n: getattr(told, n) for n in told.settings}

    def looked_up(config: Config, name: str) -> Any:
        raise AssertionError(name)

    monkeypatch.setattr(Config, "__getattr__", looked_up)
    assert (kept.keepalive, kept.workers, kept.limit_request_fields) == (31, 3, 100)
