"""web as gunicorn serves it: settings, logs, metrics of several workers, clients that stall."""

import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from platform import libc_ver
from time import monotonic, sleep

import httpx
import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, text

from launcher.ports import free_port
from tests.doors import until


class Web:
    def __init__(self, log: Path, port: int) -> None:
        self.log, self.port, self.url = log, port, f"http://127.0.0.1:{port}"
        self.process: subprocess.Popen[bytes]

    def lines(self) -> list[dict[str, object]]:
        """The whole ones."""
        return [json.loads(line) for line in self.log.read_text().splitlines(keepends=True) if line.endswith("\n")]


@contextmanager
def serving(folder: Path, **told: str) -> Iterator[Web]:
    """In production, with workers of one connection to PostgreSQL each."""
    web = Web(folder / "log", free_port())
    told |= {
        "FECHATTER_ENV": "production",
        "PUBLIC_URL": "https://chat.example.org",
        "NOTIFY_URL": "https://notify.example.org",
        "HOST": "127.0.0.1",
        "PORT": str(web.port),
        "METRICS_TOKEN": "let me in",
        "WEB_CONNECTIONS": "1",
    }
    with open(web.log, "wb") as output:
        web.process = subprocess.Popen(["bin/web"], env=os.environ | told, stdout=output, stderr=output)
        try:
            _until_up(web)
            yield web
        finally:
            web.process.send_signal(signal.SIGTERM)
            assert web.process.wait(60) == 0


@pytest.fixture(scope="module")
def web(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with serving(tmp_path_factory.mktemp("web"), DATABASE_URL=database_url, WEB_CONCURRENCY="2") as web:
        yield web


def _until_up(web: Web) -> None:
    until = monotonic() + 60
    while monotonic() < until:
        try:
            httpx.get(f"{web.url}/healthz")
            return
        except httpx.TransportError:
            sleep(0.1)
    raise AssertionError(web.log.read_text())


def test_every_line_of_the_log_is_json(web: Web) -> None:
    httpx.get(f"{web.url}/api/config", headers={"X-Request-ID": "seen"})
    until(lambda: any(line.get("request_id") == "seen" for line in web.lines()), 30, "the request in the log")
    lines = web.lines()
    assert any(line["logger"] == "gunicorn.error" for line in lines)
    assert [line["route"] for line in lines if line.get("request_id") == "seen"] == ["/api/config"]


def test_paths_and_queries_are_in_no_line(web: Web) -> None:
    httpx.get(f"{web.url}/api/invites/an-invite-token?ticket=a-ticket")
    assert "an-invite-token" not in web.log.read_text()
    assert "a-ticket" not in web.log.read_text()


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /api/notifications/events?ticket=a-s3cret\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nAuthorization Bearer a-s3cret\r\n\r\n",
    ],
)
def test_what_is_no_http_is_not_shown_in_the_log(web: Web, request_: bytes) -> None:
    with socket.create_connection(("127.0.0.1", web.port), 10) as client:
        client.sendall(request_)
        assert b"HTTP/1.1 400" in client.recv(4096)
    refused = "A request was refused: it is no HTTP."
    until(lambda: any(line["message"] == refused for line in web.lines()), 30, "the refusal in the log")
    assert "a-s3cret" not in web.log.read_text()


def test_metrics_are_those_of_all_workers(web: Web) -> None:
    for _ in range(30):
        httpx.delete(f"{web.url}/api/nowhere")
    rule = 'fechatter_request_seconds_count{method="DELETE",route="none",status="404"} '

    def counts(times: int) -> set[str]:
        told = {"Authorization": "Bearer let me in"}
        answers = [httpx.get(f"{web.url}/metrics", headers=told).text for _ in range(times)]
        return {line.removeprefix(rule) for text in answers for line in text.splitlines() if line.startswith(rule)}

    until(lambda: counts(1) == {"30.0"}, 30, "all counted")
    assert counts(6) == {"30.0"}


def test_the_door_says_no_more_than_it_must(web: Web) -> None:
    headers = httpx.get(f"{web.url}/api/config").headers
    assert headers["Strict-Transport-Security"]
    assert "gunicorn/" not in headers["Server"]


HEAD = b"POST /api/auth/signin HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"


@pytest.mark.by_the_clock
@pytest.mark.parametrize("beginning", [b"", b"GET /hea", b"GET /healthz HTTP/1.1\r\nHost: x\r\n", HEAD])
def test_clients_that_begin_a_request_and_stall_hold_up_nobody(web: Web, beginning: bytes) -> None:
    with ExitStack() as stack:
        for _ in range(100):
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", web.port)))
            slow.sendall(beginning)
        sleep(0.3)
        for _ in range(10):
            assert httpx.get(f"{web.url}/healthz", timeout=3).status_code == 200


@pytest.mark.slow
def test_a_request_whose_body_does_not_come_is_ended(web: Web) -> None:
    with socket.create_connection(("127.0.0.1", web.port), 45) as stalled:
        stalled.sendall(HEAD)
        assert stalled.recv(1000) == b""


@pytest.mark.by_the_clock
@pytest.mark.slow
def test_a_request_whose_head_does_not_end_is_ended(web: Web) -> None:
    """However steadily its bytes drip; a connection that says nothing may stay longer."""
    with ExitStack() as stack:
        dripping, silent = (stack.enter_context(socket.create_connection(("127.0.0.1", web.port), 1)) for _ in range(2))
        dripping.sendall(b"GET /healthz HTTP/1.1\r\nX-Slow: ")
        began = monotonic()
        with suppress(OSError):  # reset or broken, as it comes
            while monotonic() - began < 12:
                sleep(0.2)
                dripping.sendall(b"x")
        assert 4 < monotonic() - began < 9
        silent.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert silent.recv(1000).startswith(b"HTTP/1.1 200 ")


@pytest.mark.by_the_clock
def test_idle_connections_make_room_for_others(database_url: str, tmp_path: Path) -> None:
    room = {"GUNICORN_CMD_ARGS": "--worker-connections=20", "WEB_CONCURRENCY": "1"}
    with serving(tmp_path, DATABASE_URL=database_url, **room) as web, ExitStack() as stack:
        for number in range(60):
            one = stack.enter_context(socket.create_connection(("127.0.0.1", web.port), 10))
            one.sendall((b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", b"", b"GET /hea")[number % 3])
        for _ in range(3):
            assert httpx.get(f"{web.url}/healthz", timeout=8).status_code == 200


SIGN_IN = json.dumps({"email": "nobody@example.org", "password": "wrong password"}).encode()


@pytest.mark.by_the_clock
def test_sigterm_waits_for_what_is_under_way_and_for_no_idle_connection(database_url: str, tmp_path: Path) -> None:
    with serving(tmp_path, DATABASE_URL=database_url, WEB_CONCURRENCY="2") as web, ExitStack() as stack:
        idle = [stack.enter_context(socket.create_connection(("127.0.0.1", web.port), 10)) for _ in range(12)]
        for number, one in enumerate(idle):
            # Some have asked for something before, some for nothing, some have begun.
            one.sendall((b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", b"", b"GET /hea")[number % 3])
        asking = stack.enter_context(socket.create_connection(("127.0.0.1", web.port), 10))
        asking.sendall(HEAD.replace(b": 50", b": %d" % len(SIGN_IN)))
        sleep(0.5)
        began = monotonic()
        web.process.send_signal(signal.SIGTERM)
        sleep(1)
        asking.sendall(SIGN_IN[1:])
        assert asking.recv(1000).startswith(b"HTTP/1.1 401 ")
        assert web.process.wait(10) == 0
        assert monotonic() - began < 3, web.log.read_text()
    said = [str(line["message"]) for line in web.lines()]
    assert sum(line.startswith("Worker exiting") for line in said) == 2
    assert not [line for line in web.lines() if line["level"] not in ("info", "INFO")]


@pytest.mark.by_the_clock
def test_hashing_passwords_holds_up_nobody(web: Web, engine: Engine) -> None:
    """What takes seconds here takes 30 ms of a core else; the loop that answers all others must not wait for it."""
    body = {"email": "slow@example.org", "password": "a long password"}
    assert httpx.post(f"{web.url}/api/auth/signup", json=body | {"name": "Ann"}, timeout=60).status_code == 201
    hashed = PasswordHasher(time_cost=100, memory_cost=19 * 1024, parallelism=1).hash(body["password"])
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE users SET password_hash = :h WHERE email = :e"), {"h": hashed, "e": body["email"]}
        )
    with ThreadPoolExecutor(4) as pool:
        signing_in = [pool.submit(httpx.post, f"{web.url}/api/auth/signin", json=body, timeout=30) for _ in range(4)]
        sleep(0.3)
        answered = 0
        while not any(one.done() for one in signing_in):
            answered += httpx.get(f"{web.url}/healthz", timeout=20).status_code == 200
    assert answered > 5
    assert {one.result().status_code for one in signing_in} <= {200, 503}


@pytest.mark.skipif(libc_ver()[0] != "glibc", reason="another C library's memory is not ours to judge")
def test_what_passwords_took_goes_back_to_the_system(database_url: str, tmp_path: Path) -> None:
    body = {"email": "nobody@example.org", "password": "a wrong one"}
    with serving(tmp_path, DATABASE_URL=database_url, WEB_CONCURRENCY="1") as web:
        httpx.post(f"{web.url}/api/auth/signin", json=body)
        before = _kilobytes(web)
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda _: httpx.post(f"{web.url}/api/auth/signin", json=body), range(8)))
        assert {answer.status_code for answer in answers} == {401}
        assert _kilobytes(web) - before < 10_000


def _kilobytes(web: Web) -> int:
    """Of the worker's own memory."""
    master = web.process.pid
    [worker] = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    return int(Path(f"/proc/{worker}/smaps_rollup").read_text().partition("Private_Dirty:")[2].split()[0])


def test_without_its_variables_it_says_which_are_missing(tmp_path: Path) -> None:
    bare = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    done = subprocess.run(["bin/web"], env=bare, capture_output=True, text=True, timeout=30)
    assert done.returncode != 0
    for name in ("DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "NOTIFY_URL", "JWT_PRIVATE_KEY", "SECRET_KEY"):
        assert f"{name} is missing" in done.stderr
    assert "Traceback" not in done.stderr
