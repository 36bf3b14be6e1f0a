"""What people write cannot break out of its line of a stream, however a client reads lines."""

import json
import re
from collections.abc import Callable

import httpx
import pytest

from client.stream import read_events
from tests.notify.process import Notify
from tests.notify.raw_stream import RawStream
from tests.world import Person, World

ENDS = ("\r", "\n", "\r\n", "\n\n", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")
TRICKS = (
    "\ndata: {}\n\n",
    "\r\rid: 1\r\r",
    "\n\nevent: bye\n\n",
    ":",
    "\ufeff",
    "\x7f\x1b[2J",
    "\u202e",
    "\\u0000",
    "\\",
)
READERS: dict[str, Callable[[str], list[str]]] = {
    "by the standard": lambda text: re.split("\r\n|\r|\n", text),
    "by Unicode": str.splitlines,
    "by line feeds": lambda text: text.split("\n"),
}


@pytest.fixture(scope="module")
def carried(database_url: str, notify: Notify, world: World) -> tuple[list[str], bytes]:
    """Texts that were posted, and the bytes of a stream that carries them all, in messages and in their names."""
    ann = world.person("Ann")
    chat = world.chat(ann, world.workspace(ann), type="private_channel")
    texts = [f"a{trick}b" for trick in (*ENDS, *TRICKS)]
    headers = {"Authorization": f"Bearer {ann.token}"}
    with httpx.stream("GET", f"{notify.url}/api/notifications/events", headers=headers, timeout=60) as stream:
        data, chunks = b"", stream.iter_raw()
        while b"ready" not in data:
            data += next(chunks)
        for text in texts:
            world.post(ann, chat, text, client_id=text)
        world.post(ann, chat, "the end")
        while b"the end" not in data:
            data += next(chunks)
    return texts, data


@pytest.fixture(scope="module")
def world(engine: object) -> World:
    return World(engine)  # type: ignore[arg-type]


@pytest.mark.parametrize("reader", READERS)
def test_every_text_comes_through_as_it_was_sent(carried: tuple[list[str], bytes], reader: str) -> None:
    texts, data = carried
    events = [event for event in read_events(iter(READERS[reader](data.decode()))) if event.type == "message.created"]
    assert [event.data["message"]["content"] for event in events] == [*texts, "the end"]
    assert [event.data["message"]["client_id"] for event in events] == [*texts, None]


def test_nothing_but_fields_of_events_begins_a_line(carried: tuple[list[str], bytes]) -> None:
    _, data = carried
    names = {line.partition(":")[0] for line in data.decode().splitlines()}
    assert names <= {"", "retry", "event", "data", "id"}
    for line in data.decode().splitlines():
        if line.startswith("data: "):
            json.loads(line.removeprefix("data: "))


@pytest.mark.parametrize("cursor", ["1\r\nX-Evil: 1", "\u2028", "1.1-1\n\nevent: bye", "x" * 8000, "%00", "1.-1--1"])
def test_no_cursor_writes_lines_of_its_own(notify: Notify, world: World, cursor: str) -> None:
    person: Person = world.person("Ann")
    headers = {"Authorization": f"Bearer {person.token}"}
    address = f"{notify.url}/api/notifications/events"
    with httpx.stream("GET", address, params={"cursor": cursor}, headers=headers, timeout=60) as stream:
        assert stream.status_code in (200, 414)
        assert "x-evil" not in stream.headers
        if stream.status_code == 200:
            seen = next(stream.iter_raw())
            assert re.match(rb"retry: \d+\nevent: ready\n", seen)
            assert b"event: bye" not in seen


def test_streams_are_told_to_wait_for_different_times(connect: Callable[..., RawStream], world: World) -> None:
    """Browsers do just that: they would all come back in the same moment."""
    person, waits = world.person("Ann"), set[int]()
    for _ in range(8):
        stream = connect(person)
        stream.until_type("ready")
        waits.add(int(stream.retry or 0))
    assert len(waits) > 1
    assert all(500 <= wait <= 1500 for wait in waits)
