"""A body as gunicorn brings it: whole, in chunks, cut short, longer than its call may take."""

import socket
from collections.abc import Iterator

import pytest

from tests.app.test_gunicorn import HEAD, Web, serving


@pytest.fixture(scope="module")
def web(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with serving(tmp_path_factory.mktemp("web"), DATABASE_URL=database_url, WEB_CONCURRENCY="1") as web:
        yield web


CHUNKED = HEAD.replace(b"Content-Length: 50", b"Transfer-Encoding: chunked").removesuffix(b"{")
CHUNK = b"2000\r\n" + b" " * 0x2000 + b"\r\n"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (HEAD.replace(b"50", b"2") + b"}", 422),
        (HEAD + b"}", 400),
        (CHUNKED + b"1\r\n{\r\n1\r\n}\r\n0\r\n\r\n", 422),
        (CHUNKED + b"2\r\n{}\r\n", 400),
        (CHUNKED + b"2\r\n{}\r\nno size\r\n", 400),
        (CHUNKED + 9 * CHUNK + b"0\r\n\r\n", 413),
    ],
    ids=["whole", "cut short", "chunks", "no last chunk", "no chunk", "too many chunks"],
)
def test_a_body_is_read_to_its_end_and_no_further(web: Web, sent: bytes, status: int) -> None:
    with socket.create_connection(("127.0.0.1", web.port), 30) as client:
        client.sendall(sent)
        client.shutdown(socket.SHUT_WR)
        answer = client.recv(4096)
        assert answer.startswith(b"HTTP/1.1 %d " % status), answer
