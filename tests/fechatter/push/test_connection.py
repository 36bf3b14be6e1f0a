"""One request, to the address that was checked, within a time, and nothing of its answer but the head."""

import socket
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from time import monotonic, sleep

import pytest

from fechatter.push.addresses import Unsafe
from fechatter.push.connection import LARGEST_HEAD, CheckedSession
from tests.by_the_clock import in_time
from tests.push_service import Answer, PushService


def raw(reply: bytes, pause: float = 0, times: int = 1) -> Answer:
    """Writes this in place of an answer, and then hangs up."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.close_connection = True
        try:
            for _ in range(times):
                request.wfile.write(reply)
                sleep(pause)
        except OSError:
            pass

    return answer


@pytest.fixture
def session(service: PushService) -> CheckedSession:
    return CheckedSession([service.origin], tls=service.tls)


@pytest.fixture
def url(service: PushService) -> Iterator[str]:
    yield f"{service.origin}/here"
    service.answers.clear()
    service.headers.clear()


def test_a_request_arrives_as_it_was_sent(service: PushService, session: CheckedSession, url: str) -> None:
    before = len(service.got)
    assert session.post(f"{url}?a=b", b"\x00body", {"TTL": "60", "Topic": "x"}).status_code == 201
    [pushed] = service.got[before:]
    assert (pushed.path, pushed.body) == ("/here?a=b", b"\x00body")
    shown = {"ttl": "60", "topic": "x", "connection": "close", "host": service.origin.removeprefix("https://")}
    assert shown.items() <= pushed.headers.items()


def test_a_private_address_is_not_reached_at_all(service: PushService, url: str) -> None:
    before = service.connections
    port = service.origin.rpartition(":")[2]
    for session, target in (
        (CheckedSession(tls=service.tls), url),
        (CheckedSession([service.origin], tls=service.tls), f"https://localhost:{port}/here"),
        (CheckedSession(tls=service.tls), "https://localhost/here"),
    ):
        with pytest.raises(Unsafe):
            session.post(target, b"x", {})
    assert service.connections == before


@contextmanager
def a_listener(address: str, port: int = 0) -> Iterator[socket.socket]:
    with socket.create_server((address, port)) as server:
        yield server


def has_caller(server: socket.socket, seconds: float = 30) -> bool:
    server.settimeout(seconds)
    try:
        server.accept()[0].close()
    except TimeoutError:
        return False
    return True


def test_a_name_is_looked_up_once_and_what_was_checked_is_what_is_connected_to() -> None:
    """Names that lead somewhere else when they are looked up again are the way around a check."""
    with a_listener("127.0.0.2") as checked, a_listener("127.0.0.3", checked.getsockname()[1]) as rebound:
        answers = [["127.0.0.2"], ["127.0.0.3"]]
        origin = f"https://localhost:{checked.getsockname()[1]}"
        session = CheckedSession([origin], resolve=lambda *_: answers.pop(0))
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(session.post, f"{origin}/x", b"x", {}, 30.0)
            assert has_caller(checked)
            with pytest.raises(OSError):
                answer.result()
        assert len(answers) == 1, "it was looked up once"
        assert not has_caller(rebound, 0.5)


def test_a_certificate_of_another_name_is_not_believed(service: PushService) -> None:
    port = service.origin.rpartition(":")[2]
    origin = f"https://push.example.org:{port}"
    session = CheckedSession([origin], resolve=lambda *_: ["127.0.0.1"], tls=service.tls)
    before = len(service.got)
    with pytest.raises(ssl.SSLCertVerificationError):
        session.post(f"{origin}/x", b"x", {})
    assert len(service.got) == before


def test_a_certificate_that_nobody_has_signed_is_not_believed(service: PushService, url: str) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        CheckedSession([service.origin]).post(url, b"x", {})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_not_followed(
    service: PushService, session: CheckedSession, url: str, status: int
) -> None:
    service.answers["/here"] = status
    service.headers["Location"] = f"{service.origin}/elsewhere"
    before = len(service.got)
    assert session.post(url, b"x", {}).status_code == status
    assert [pushed.path for pushed in service.got[before:]] == ["/here"]


def test_proxies_of_the_environment_are_not_heeded(
    session: CheckedSession, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert session.post(url, b"x", {}).status_code == 201


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (raw(b"HTTP/1.1 201 Created\r\nX: " + b"x" * 2 * LARGEST_HEAD), "too long"),
        (raw(b"x" * 2 * LARGEST_HEAD), "too long"),
        (raw(b"HTTP/1.1 100 Continue\r\n\r\n", times=2000), "too long"),
        (raw(b"HTTP/1.1 201 Created\r\n"), "hung up"),
        (raw(b"SSH-2.0-OpenSSH\r\n\r\n"), "not speak HTTP"),
        (raw(b"HTTP/1.1 2x1 Created\r\n\r\n"), "not speak HTTP"),
        (raw(b""), "hung up"),
    ],
    ids=["a long head", "no end", "nothing final", "cut short", "no HTTP", "no status", "nothing"],
)
def test_an_answer_that_is_none_is_an_error(
    service: PushService, session: CheckedSession, url: str, answer: Answer, why: str
) -> None:
    service.answers["/here"] = answer
    with pytest.raises(OSError, match=why):
        session.post(url, b"x", {}, 30)


def test_an_interim_answer_is_passed_over(service: PushService, session: CheckedSession, url: str) -> None:
    service.answers["/here"] = raw(b"HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 202 OK\r\nRetry-After: 7\r\n\r\n")
    answer = session.post(url, b"x", {})
    assert (answer.status_code, answer.retry_after) == (202, 7)


def test_of_a_body_nothing_is_read(service: PushService, session: CheckedSession, url: str) -> None:
    service.answers["/here"] = raw(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 65_536, times=10_000)
    begun = monotonic()
    answer = session.post(url, b"x", {})
    assert (answer.status_code, answer.text) == (200, "")
    in_time(begun, 5)


@pytest.mark.parametrize("answer", [raw(b"", 30), raw(b"H", 0.2, 100)], ids=["silent", "drop by drop"])
def test_one_time_is_for_all_of_it(service: PushService, session: CheckedSession, url: str, answer: Answer) -> None:
    service.answers["/here"] = answer
    begun = monotonic()
    with pytest.raises(TimeoutError):
        session.post(url, b"x", {}, 1.0)
    in_time(begun, 3)


def test_one_that_takes_no_handshake_is_given_up() -> None:
    with a_listener("127.0.0.2") as server:
        origin = f"https://localhost:{server.getsockname()[1]}"
        session = CheckedSession([origin], resolve=lambda *_: ["127.0.0.2"])
        begun = monotonic()
        with pytest.raises(OSError):
            session.post(f"{origin}/x", b"x", {}, 1.0)
        in_time(begun, 3)


def test_another_address_is_tried_where_one_does_not_answer(service: PushService) -> None:
    session = CheckedSession([service.origin], resolve=lambda *_: ["127.0.0.9", "127.0.0.1"], tls=service.tls)
    assert session.post(f"{service.origin}/here", b"x", {}).status_code == 201


def test_a_header_cannot_begin_another(session: CheckedSession, url: str) -> None:
    for headers in ({"Topic": "x\r\nX: y"}, {"X\r\nY": "x"}, {"X": "ä"}):
        with pytest.raises(Unsafe):
            session.post(url, b"x", headers)


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("7", 7), ("0", 0), ("x", None), ("", None), ("Mon, 01 Jan 2001 00:00:00 GMT", 0), ("²", None)],
)
def test_retry_after_is_read(
    service: PushService, session: CheckedSession, url: str, told: str, seconds: int | None
) -> None:
    reply = f"HTTP/1.1 429 Slow\r\nRetry-After: {told}\r\n\r\n".encode()
    service.answers["/here"] = raw(reply)
    assert session.post(url, b"x", {}).retry_after == seconds
