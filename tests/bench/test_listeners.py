"""A stream that loses, doubles or turns messages round is noticed by what measures posting, and how long posts take."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bench import listeners
from bench.listeners import Listeners, check_arrivals
from fechatter.keys import make_keys
from launcher.errors import LaunchError
from tests.world import Person

WANTED = {"a": (1, 1), "b": (1, 2), "c": (2, 1)}
WRONG = [
    ("ab", "3 messages, but 2 on a stream"),
    ("abbc", "but 4 on a stream, 3 of them different"),
    ("abb", "but 3 on a stream, 2 of them different"),
    ("abx", "but 3 on a stream, 3 of them different"),
    ("bac", "message 1 of chat 1 came behind 2"),
]
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nevent: ready\ndata: {}\n\n"
EVENT = 'data: {"client_id":"%s"}\n\n'


@pytest.mark.parametrize("came", ["abc", "cab", "acb"])
def test_chats_may_come_in_any_order_beside_each_other(came: str) -> None:
    check_arrivals(list(came), WANTED)


@pytest.mark.parametrize(("came", "told"), WRONG)
def test_what_is_lost_doubled_foreign_or_turned_round_is_told(came: str, told: str) -> None:
    with pytest.raises(LaunchError, match=told):
        check_arrivals(list(came), WANTED)


@contextmanager
def streaming(came: str, mark: str = "") -> Iterator[Listeners]:
    """One stream, live, of a server that sends these messages."""
    server, over = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def serve() -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(4096)
            # All at once: nobody is to look when only some of it is there.
            connection.sendall(HEAD + "".join(EVENT % (mark + client_id) for client_id in came).encode())
            over.wait(30)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with server, Listeners(f"http://127.0.0.1:{server.getsockname()[1]}", [Person(1, 1, "")]) as one:
            yield one
    finally:
        over.set()
        thread.join()


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JWT_PRIVATE_KEY", make_keys()["JWT_PRIVATE_KEY"])


@pytest.mark.usefixtures("keys")
def test_a_stream_is_looked_at_when_all_has_come_and_what_others_posted_is_let_be() -> None:
    with streaming("abcxx") as live:
        assert [one.client_id for one in live.all_of(0, {"a": (1, 1)}, "a")] == ["a"]
    with streaming("acb", "mine-") as live:
        wanted = {f"mine-{client_id}": place for client_id, place in WANTED.items()}
        came = live.all_of(0, wanted, "mine-")
        assert [one.client_id for one in came] == ["mine-a", "mine-c", "mine-b"]
        assert came[0].at <= came[1].at <= came[2].at


@pytest.mark.usefixtures("keys")
@pytest.mark.parametrize(("came", "told"), WRONG)
def test_a_wrong_stream_fails_the_run(came: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with streaming(came) as live:
        monkeypatch.setattr(listeners, "PATIENCE", 1.0)
        with pytest.raises(LaunchError, match=told):
            live.all_of(0, WANTED)
