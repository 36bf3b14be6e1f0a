"""What is hardly HTTP still gets an answer of our form, from both doors."""

import json
import socket
from contextlib import suppress

import pytest

from tests.journeys.conftest import System


@pytest.mark.parametrize(
    ("request_line", "status"),
    [("GET /" + "x" * 9000 + " HTTP/1.1", 414), ("NONSENSE", 400), ("GET / HTTP/1.1\r\nBad Header", 400)],
)
@pytest.mark.parametrize("door", ["web", "notify"])
def test_an_unreadable_request_is_refused_as_a_problem(
    system: System, door: str, request_line: str, status: int
) -> None:
    port = system.port if door == "web" else system.notify_port
    with socket.create_connection(("127.0.0.1", port), 60) as sock:
        sock.sendall(f"{request_line}\r\nHost: x\r\n\r\n".encode())
        answer = b""
        with suppress(ConnectionResetError):  # it was not read to its end
            while data := sock.recv(65536):
                answer += data
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head
    problem = json.loads(body)
    assert problem["status"] == status
    assert problem["request_id"].encode() in head


@pytest.mark.parametrize("door", ["web", "notify"])
def test_no_door_redirects_to_the_host_that_a_request_has_named(system: System, door: str) -> None:
    port = system.port if door == "web" else system.notify_port
    with socket.create_connection(("127.0.0.1", port), 60) as sock:
        sock.sendall(b"GET /api//notifications/events HTTP/1.1\r\nHost: evil.example\r\n\r\n")
        answer = sock.recv(65536)
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert b"evil.example" not in answer


def test_a_body_that_is_cut_short_is_not_taken_for_whole(system: System) -> None:
    head = "POST /api/auth/signin HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    with socket.create_connection(("127.0.0.1", system.port), 60) as sock:
        sock.sendall(f"{head}Content-Length: 500\r\n\r\n{{}}".encode())
        sock.shutdown(socket.SHUT_WR)
        assert sock.recv(65536).startswith(b"HTTP/1.1 400 ")


def test_malformed_chunks_are_the_clients_mistake(system: System) -> None:
    head = "POST /api/auth/signin HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    with socket.create_connection(("127.0.0.1", system.port), 60) as sock:
        sock.sendall(f"{head}Transfer-Encoding: chunked\r\n\r\n5\r\n{{}}   bad\r\n0\r\n\r\n".encode())
        assert sock.recv(65536).startswith(b"HTTP/1.1 400 ")
