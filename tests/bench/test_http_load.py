"""The load's program and its driver, on a small real server."""

import shutil
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise

import pytest

from bench.http_load import load, render
from bench.tools import COMPILERS
from launcher.errors import LaunchError
from launcher.ports import free_port

pytestmark = [
    pytest.mark.skipif(not any(map(shutil.which, COMPILERS)), reason="there is no C compiler"),
    pytest.mark.by_the_clock,
]


class Handler(BaseHTTPRequestHandler):
    """Answers with the status that the path names, in the way that its end names."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        self.server.connections.add(self.client_address)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.bodies.append(body)
        _, status, way = self.path.split("/")
        if way == "slow":
            time.sleep(0.05)
        if way == "mute":
            self.close_connection = True
            return
        self.send_response(int(status))
        if way == "chunked":
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(len(body)))
        if way == "once":
            self.send_header("Connection", "close")
        self.end_headers()
        if way == "chunked":
            self.wfile.write(b"%x\r\n%b\r\n" % (len(body), body))
            time.sleep(0.01)
            self.wfile.write(b"3\r\n\r\n\r\r\n0\r\n\r\n")
        else:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.connections: set[tuple[str, int]] = set()
        self.bodies: list[bytes] = []
        self.url = f"http://127.0.0.1:{self.server_port}"

    def post(self, path: str, body: bytes = b"a\n\0b") -> bytes:
        return render("POST", f"{self.url}{path}", body, X_Test="yes")


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_statuses_are_counted_and_connections_kept(server: Server) -> None:
    requests = [server.post("/201/plain"), server.post("/201/chunked"), server.post("/200/plain")]
    got = load(server.url, requests, connections=3, seconds=0.3, expected={200, 201})
    assert got.count == len(server.bodies) == sum(got.statuses.values())
    assert set(got.statuses) == {200, 201}
    assert abs(got.statuses[201] - 2 * got.statuses[200]) <= 3
    assert got.opened == len(server.connections) == 3
    assert set(server.bodies) == {b"a\n\0b"}
    assert 0 < got.p50 <= got.p99 <= got.max
    assert 0 < got.client_core < 1


def test_each_request_is_sent_once_if_that_is_asked(server: Server) -> None:
    requests = [server.post("/201/plain", b"%d" % number * 1000) for number in range(50)]
    got = load(server.url, requests, connections=4, seconds=30, repeat=False, exchanges=True)
    assert got.statuses == {201: 50}
    assert sorted(server.bodies) == sorted(b"%d" % number * 1000 for number in range(50))
    assert sorted(one.number for one in got.exchanges) == list(range(50))
    assert all(one.due <= one.sent < one.answered < time.monotonic_ns() for one in got.exchanges)


def test_bodies_are_kept_as_they_were_before_they_were_cut_into_chunks(server: Server) -> None:
    sent = {"/201/plain": b"a\n\0b", "/201/chunked": b"\0" * 70_000, "/201/once": b"last"}
    requests = [server.post(path, body) for path, body in sent.items()] + [server.post("/201/plain", b"")]
    got = load(server.url, requests, connections=2, seconds=30, repeat=False, bodies=True)
    assert got.bodies == {0: b"a\n\0b", 1: b"\0" * 70_000 + b"\r\n\r", 2: b"last", 3: b""}


def test_a_server_that_closes_is_connected_to_again(server: Server) -> None:
    got = load(server.url, [server.post("/201/once")], connections=2, seconds=0.2)
    assert got.opened == len(server.connections) == got.count > 2


def test_at_a_rate_the_time_of_a_request_begins_when_it_was_due(server: Server) -> None:
    got = load(server.url, [server.post("/201/slow")], connections=1, seconds=0.5, rate=40)
    assert got.statuses == {201: 20}
    assert got.seconds >= 1
    assert got.max > 400


def test_at_a_rate_each_request_is_sent_when_it_is_due(server: Server) -> None:
    got = load(server.url, [server.post("/201/plain")], connections=2, seconds=1, rate=20, exchanges=True)
    assert got.statuses == {201: 20}
    late = sorted(one.sent - one.due for one in got.exchanges)
    assert 0 <= late[0] < 10_000_000  # on a busy machine the others may be later; a tick would be 50 ms
    assert {after.due - before.due for before, after in pairwise(got.exchanges)} <= set(range(49_999_998, 50_000_003))


def test_an_unexpected_status_fails_and_shows_the_answer(server: Server) -> None:
    requests = [server.post("/201/plain"), server.post("/429/plain", b'{"code": "too \xc3\xa9"}')]
    with pytest.raises(LaunchError, match=r"429: \d+.*\{\"code\": \"too"):
        load(server.url, requests, connections=2, seconds=0.1)


def test_no_answer_fails(server: Server) -> None:
    with pytest.raises(LaunchError, match=r"0: 1.*ended before the answer did"):
        load(server.url, [server.post("/201/mute")], connections=1, seconds=10, repeat=False)


def test_no_server_fails() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(LaunchError, match="Connection refused"):
        load(url, [render("GET", url)], connections=1, seconds=10, repeat=False)
