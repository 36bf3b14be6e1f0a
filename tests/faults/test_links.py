"""Every mode of a link does what it says, to connections that stand and to new ones."""

import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from tests.faults.links import Links

pytestmark = pytest.mark.by_the_clock


class Echo(socketserver.BaseRequestHandler):
    """Says back what it hears; the end too."""

    def handle(self) -> None:
        with suppress(OSError):
            while data := self.request.recv(65536):
                self.request.sendall(data)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    request_queue_size = 100


@pytest.fixture
def echo_port() -> Iterator[int]:
    with Server(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.fixture
def links(echo_port: int) -> Iterator[Links]:
    with Links() as links:
        links.open("a", echo_port)
        yield links


Connect = Callable[[], socket.socket]


@pytest.fixture
def connect(links: Links) -> Iterator[Connect]:
    made: list[socket.socket] = []

    def connect() -> socket.socket:
        made.append(socket.create_connection(("127.0.0.1", links.ports["a"]), timeout=3))
        return made[-1]

    yield connect
    for one in made:
        one.close()


def says_back(client: socket.socket, data: bytes = b"hello") -> float:
    """The seconds that it took."""
    began, got = time.monotonic(), b""
    client.sendall(data)
    while len(got) < len(data):
        part = client.recv(65536)
        assert part, f"ended after {len(got)} bytes"
        got += part
    assert got == data
    return time.monotonic() - began


def is_silent(client: socket.socket, seconds: float = 0.3) -> bool:
    client.settimeout(seconds)
    try:
        client.recv(1)
    except TimeoutError:
        return True
    finally:
        client.settimeout(3)
    return False


def is_reset(client: socket.socket) -> bool:
    return read_all(client)[1]


def read_all(client: socket.socket) -> tuple[int, bool]:
    """The number of bytes until its end, and whether that was a reset."""
    got = 0
    try:
        while part := client.recv(65536):
            got += len(part)
    except ConnectionResetError:
        return got, True
    return got, False


def send_all(client: socket.socket, data: bytes) -> None:
    client.sendall(data)
    client.shutdown(socket.SHUT_WR)


def write_until_full(client: socket.socket) -> int:
    """The number of bytes that it took until it would take no more for a third of a second."""
    client.settimeout(0.3)
    sent = 0
    with suppress(TimeoutError):
        while sent < 100_000_000:
            sent += client.send(b"x" * 65536)
    return sent


def test_what_passes_is_what_was_sent_and_the_end_comes_last(connect: Connect) -> None:
    client = connect()
    data = bytes(range(256)) * 20_000
    threading.Thread(target=send_all, args=(client, data), daemon=True).start()
    got = b""
    while part := client.recv(65536):
        got += part
    assert got == data


def test_a_reader_that_does_not_read_is_felt_by_the_writer(links: Links) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = links.open("slow", server.getsockname()[1])
        with socket.create_connection(("127.0.0.1", port)) as reader, server.accept()[0] as writer:
            sent = write_until_full(writer)
            assert sent < 20_000_000
            writer.shutdown(socket.SHUT_WR)
            assert read_all(reader) == (sent, False)


def test_a_server_that_is_away_resets_the_client(links: Links) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    link = links.open("away", port)
    # It may come as quick as the connection itself.
    with suppress(ConnectionResetError), socket.create_connection(("127.0.0.1", link), timeout=3) as client:
        assert is_reset(client)


def test_refuse_resets_what_stands_and_refuses_what_comes(links: Links, connect: Connect) -> None:
    client = connect()
    says_back(client)
    links.set("a", "refuse")
    assert is_reset(client)
    with pytest.raises(ConnectionRefusedError):
        connect()
    links.heal("a")
    says_back(connect())


def test_reset_breaks_what_stands_and_passes_what_comes(links: Links, connect: Connect) -> None:
    client = connect()
    says_back(client)
    links.set("a", "reset")
    assert is_reset(client)
    says_back(connect())


def test_swallow_is_silent_and_breaks_whatever_lost_bytes_when_it_heals(links: Links, connect: Connect) -> None:
    talker, quiet = connect(), connect()
    says_back(talker)
    says_back(quiet)
    links.set("a", "swallow")
    newcomer = connect()
    for client in (talker, newcomer):
        client.sendall(b"into the void")
        assert is_silent(client)
    links.heal("a")
    assert is_reset(talker)
    assert is_reset(newcomer)
    says_back(quiet)


def test_swallow_hides_that_the_other_side_has_gone(links: Links, connect: Connect) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = links.open("hidden", server.getsockname()[1])
        with socket.create_connection(("127.0.0.1", port)) as client, server.accept()[0] as left:
            links.set("hidden", "swallow")
            left.close()
            assert is_silent(client)
            links.heal("hidden")
            assert is_reset(client)


def test_a_stall_holds_everything_and_then_it_goes_on(links: Links, connect: Connect) -> None:
    client = connect()
    says_back(client)
    links.set("a", "stall")
    newcomer = connect()
    for each in (client, newcomer):
        each.sendall(b"later")
        assert is_silent(each)
    links.heal("a")
    assert (client.recv(5), newcomer.recv(5)) == (b"later", b"later")


def test_delay_holds_each_byte_for_its_time_and_keeps_the_order(links: Links, connect: Connect) -> None:
    client = connect()
    links.set("a", "delay", delay=0.1)
    assert 0.2 <= says_back(client) < 0.4
    parts = [b"%d " % n for n in range(200)]
    for part in parts:
        client.sendall(part)
    got = b""
    while len(got) < sum(map(len, parts)):
        got += client.recv(65536)
    assert got == b"".join(parts)
    links.heal("a")
    assert says_back(client) < 0.1


def test_throttle_lets_so_many_bytes_a_second_through(links: Links, connect: Connect) -> None:
    client = connect()
    links.set("a", "throttle", rate=20_000)
    assert 0.4 < says_back(client, b"x" * 10_000) < 1.5
    client.sendall(b"y" * 30_000)
    links.heal("a")
    got = 0
    began = time.monotonic()
    while got < 30_000:
        got += len(client.recv(65536))
    assert time.monotonic() - began < 0.5


def test_cut_resets_each_connection_after_some_bytes_of_it(links: Links, connect: Connect) -> None:
    standing = connect()
    says_back(standing)
    links.set("a", "cut", least=1000, most=1000, seed=1)
    for client in (standing, connect()):
        says_back(client, b"x" * 400)
        client.sendall(b"y" * 400)
        got, reset = read_all(client)
        assert reset
        assert got <= 200, "1000 bytes both ways together"
    links.heal("a")
    says_back(connect(), b"z" * 2000)


def test_it_is_cheap(links: Links, connect: Connect) -> None:
    client, number = connect(), 5_000
    before = links.counts()["seconds"]
    for _ in range(number):
        client.sendall(b"x" * 200)
        client.recv(200)
    spent = links.counts()["seconds"] - before
    assert spent / (2 * number) < 100e-6, "seconds of processor time for one packet"
