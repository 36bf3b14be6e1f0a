"""Limits on what is really on the wire, whatever a request says of itself; at both doors, as gunicorn serves them."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest

from tests.by_the_clock import in_time
from tests.journeys.conftest import System
from tests.journeys.people import Guest

DOORS = ("web", "notify")
HEAD = "POST /api/auth/signin HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


def port(system: System, door: str) -> int:
    return system.port if door == "web" else system.notify_port


@contextmanager
def connected(system: System, door: str = "web") -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port(system, door)), 10) as sock:
        yield sock


def status(sock: socket.socket) -> int:
    """Of the next answer; 0 if the connection was closed without one."""
    try:
        answer = sock.recv(65536)
    except OSError:
        return 0
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0


def asked(system: System, request: str | bytes, door: str = "web") -> int:
    with connected(system, door) as sock:
        with suppress(OSError):
            sock.sendall(request if isinstance(request, bytes) else request.encode())
        return status(sock)


def chunked(body: bytes, size: int) -> bytes:
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


SIGN_IN = json.dumps({"email": "nobody@example.org", "password": "wrong password"}).encode()


@pytest.mark.parametrize("size", [1, 10, 1000])
def test_a_body_in_chunks_is_read_as_one(system: System, size: int) -> None:
    head = f"{HEAD}Transfer-Encoding: chunked\r\n\r\n".encode()
    assert asked(system, head + chunked(SIGN_IN, size)) == 401


@pytest.mark.parametrize("size", [100, 4096, 60_000])
def test_a_body_in_chunks_over_the_limit_is_too_large(system: System, size: int) -> None:
    """It never says how long it is: what counts is what has come."""
    body = SIGN_IN[:-1] + b" " * 33 * 1024 + b"}"
    assert asked(system, f"{HEAD}Transfer-Encoding: chunked\r\n\r\n".encode() + chunked(body, size)) == 413


def test_a_body_in_chunks_without_an_end_is_refused_when_it_is_too_large_and_not_when_it_ends(system: System) -> None:
    with connected(system) as sock:
        sock.sendall(f"{HEAD}Transfer-Encoding: chunked\r\n\r\n".encode())
        sent = 0
        with suppress(OSError):
            while sent < 64 * 2**20 and not _readable(sock):
                sock.sendall(b"8000\r\n" + b" " * 0x8000 + b"\r\n")
                sent += 0x8000
        assert sent < 8 * 2**20, "it went on reading"
        assert status(sock) in (413, 0)


def _readable(sock: socket.socket) -> bool:
    sock.setblocking(False)
    try:
        return bool(sock.recv(1, socket.MSG_PEEK))
    except BlockingIOError:
        return False
    finally:
        sock.settimeout(10)


def test_the_longest_message_may_come_in_chunks(system: System) -> None:
    person = Guest(system.url, system.notify_url).sign_up("Ann", "Acme")
    chat = person.make_chat(person.workspace()["id"], "private_channel", "wire")["id"]
    head = (
        f"POST /api/chats/{chat}/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {person.tokens['access_token']}\r\nTransfer-Encoding: chunked\r\n\r\n"
    ).encode()
    longest = json.dumps({"content": "🙂" * 10_000}).encode()
    assert asked(system, head + chunked(longest, 5000)) == 201
    assert asked(system, head + chunked(longest + b" " * 2**17, 5000)) == 413
    person.close()


@pytest.mark.parametrize(
    "fields",
    [
        "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n",
        "Content-Length: 2\r\nContent-Length: 3\r\n",
        "Content-Length: 2, 3\r\n",
        "Content-Length: -2\r\n",
        "Content-Length: +2\r\n",
        "Content-Length: 2_0\r\n",
        "Content-Length: 0x2\r\n",
        "Content-Length: ٢\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Transfer-Encoding : chunked\r\n",
        " Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding:\x0bchunked\r\n",
        "Transfer\x00-Encoding: chunked\r\n",
        "Content-Length: 2\nX: y\r\n",
        "X: a\r\n b\r\n",
    ],
)
@pytest.mark.parametrize("door", DOORS)
def test_a_request_whose_end_two_servers_could_see_in_two_places_is_none(
    system: System, door: str, fields: str
) -> None:
    """Or else what stands behind it would be another's request, to whoever passes both on over one connection."""
    smuggled = "GET /api/config HTTP/1.1\r\nHost: x\r\n\r\n"
    with connected(system, door) as sock:
        sock.sendall(f"POST /api/nowhere HTTP/1.1\r\nHost: x\r\n{fields}\r\n{{}}{smuggled}".encode())
        answers = b""
        with suppress(OSError):
            while data := sock.recv(65536):
                answers += data
    assert answers.count(b"HTTP/1.1 ") <= 1
    assert answers[9:12] in (b"400", b"415", b"501", b""), answers


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    "fields",
    [
        "Cookie: " + "x" * 20_000,
        "X-Request-ID: " + "x" * 20_000,
        "\r\n".join(f"X-{n}: y" for n in range(200)),
        "Authorization: Bearer " + "x" * 100_000,
    ],
)
def test_a_head_has_a_bound(system: System, door: str, fields: str) -> None:
    assert asked(system, f"GET /healthz HTTP/1.1\r\nHost: x\r\n{fields}\r\n\r\n", door) in (400, 431)


@pytest.mark.parametrize("door", DOORS)
def test_a_hundred_kilobytes_of_token_cost_nobody_anything(system: System, door: str) -> None:
    began = time.monotonic()
    line = f"GET /api/notifications/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {'x.' * 3500}\r\n\r\n"
    assert asked(system, line, door) == 401
    in_time(began, 1)


@pytest.mark.slow
@pytest.mark.parametrize("door", DOORS)
def test_heads_that_drip_are_ended_at_both_doors_and_hold_up_nobody(system: System, door: str) -> None:
    with ExitStack() as stack:
        slow = [stack.enter_context(connected(system, door)) for _ in range(50)]
        for sock in slow:
            sock.sendall(b"GET /healthz HTTP/1.1\r\nX-Slow: ")
        began = time.monotonic()
        while time.monotonic() - began < 8:
            time.sleep(0.5)
            assert asked(system, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", door) == 200
            for sock in slow:
                with suppress(OSError):
                    sock.sendall(b"x")
        # Whoever has been let go is told so, or finds the connection gone.
        assert {status(sock) for sock in slow} <= {0, 400, 408}


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "get", "GET\x00", "PUT"])
@pytest.mark.parametrize("door", DOORS)
def test_methods_that_nobody_serves_are_refused(system: System, door: str, method: str) -> None:
    assert asked(system, f"{method} /api/notifications/events HTTP/1.1\r\nHost: x\r\n\r\n", door) in (400, 405, 501)


@pytest.mark.parametrize("nest", ["[" * 30_000, '{"a":' * 6_000, "[" * 15_000 + "]" * 15_000])
def test_nesting_that_no_reader_survives_ends_nothing_but_its_request(system: System, nest: str) -> None:
    """On the small stack of a greenlet too."""
    head = f"{HEAD}Content-Length: {len(nest)}\r\n\r\n"
    for _ in range(3):
        assert asked(system, head + nest) == 400
    assert asked(system, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n") == 200
