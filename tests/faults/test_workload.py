"""The whole workload, with a few people for some seconds, against a real system."""

import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from launcher.paths import PROJECT
from tests.doors import until
from tests.journeys.conftest import System

SECONDS = 6
FIELDS = {
    "member": {"chat", "whom"},
    "send": {"chat", "client_id", "content", "message"},
    "edit": {"chat", "message_id", "content"},
    "delete": {"chat", "message_id"},
    **{way: {"chat", "whom"} for way in ("add", "remove", "join", "leave")},
    "signin": {"new_session"},
    "signout": set(),
    "refresh": set(),
    "list": {"cursor", "chats"},
    "history": {"chat", "messages"},
}
ALWAYS = {"member", "send", "edit", "delete", "signin", "signout", "refresh", "list", "history"}
SOMETIMES = {"add", "remove", "join", "leave"}
LEAST = 30 * SECONDS / 2
"""Sends: half of what the rate asks for, in the time that there is at least."""

COMMON = {"op", "by", "session", "began", "ended", "status", "tries"}
LENGTHS = {"open": 9, "head": 5, "e": 10, "id": 5, "quiet": 5, "end": 5, "list": 5, "lag": 3}

Lines = list[Any]


@pytest.fixture(scope="module")
def history() -> Iterator[tuple[Lines, Lines]]:
    """The calls and what streams said, of one run that was asked to drain and ended well."""
    folder = Path(tempfile.mkdtemp(prefix="fechatter-workload-"))
    system = System(folder / "data").start()
    try:
        yield _history_of_a_run(folder, system)
    finally:
        system.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _history_of_a_run(folder: Path, system: System) -> tuple[Lines, Lines]:
    web, notify = f"http://127.0.0.1:{system.port}", f"http://127.0.0.1:{system.notify_port}"
    layout = {"seed": 7, "web": [web, web], "notify": [notify, notify], "database_url": "", "redis_url": ""}
    few = {"people": 8, "chats": 9, "rate": 30, "streams": 16}
    (folder / "layout.json").write_bytes(orjson.dumps(layout | few))
    command = [sys.executable, "-m", "tests.faults.workload", str(folder)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=PROJECT, text=True, **pipes) as workload:  # type: ignore[call-overload]
        assert workload.stdout.readline() == "running\n"
        time.sleep(SECONDS)
        until(lambda: _is_enough(folder / "history"), 90, "all kinds of calls, and streams that came back")
        workload.stdin.write("drain\n")
        workload.stdin.flush()
        assert workload.wait(120) == 0
    return tuple(_lines(folder / "history" / f"{name}.jsonl") for name in ("calls", "streams"))  # type: ignore


def _is_enough(history: Path) -> bool:
    """A slow machine takes longer for what there must be of everything."""
    calls, streams = (_lines(history / f"{name}.jsonl") for name in ("calls", "streams"))
    done = {call["op"] for call in calls if call["status"] in (200, 201, 204)}
    sent = Counter(call["client_id"] for call in calls if call["op"] == "send")
    connections = Counter(line[2] for line in streams if line[0] == "open")
    is_enough = len(sent) > LEAST and {1, 2} <= {*sent.values()} and max(connections.values(), default=0) > 1
    return is_enough and done >= ALWAYS and bool(done & SOMETIMES)


def _lines(path: Path) -> Lines:
    """The whole ones."""
    return [orjson.loads(line) for line in path.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]


@pytest.fixture
def calls(history: tuple[Lines, Lines]) -> Lines:
    return history[0][:-1]


@pytest.fixture
def streams(history: tuple[Lines, Lines]) -> Lines:
    return history[1]


def test_it_drains_with_no_stream_left_behind(history: tuple[Lines, Lines]) -> None:
    drained = history[0][-1]
    assert (drained["op"], drained["late"]) == ("drained", [])
    assert drained["began"] < drained["ended"]


def test_every_call_is_written_as_described(calls: Lines) -> None:
    for call in calls:
        assert call.keys() == COMMON | FIELDS[call["op"]], call
        assert call["began"] == call["tries"][0][0] < call["ended"] == call["tries"][-1][1]
        assert all(began < ended and web in ("web1", "web2") for began, ended, _, web in call["tries"])
    done = {call["op"] for call in calls}
    assert done >= ALWAYS
    assert done & SOMETIMES


def test_every_line_of_the_streams_is_written_as_described(streams: Lines) -> None:
    assert {line[0] for line in streams} <= LENGTHS.keys()
    assert all(len(line) == LENGTHS[line[0]] and isinstance(line[1], float) for line in streams)
    assert [line for line in streams if line[0] == "e" and line[7] == "unreadable"] == []


def test_sends_come_at_about_their_rate_and_some_twice(calls: Lines) -> None:
    ids = Counter(call["client_id"] for call in calls if call["op"] == "send" and call["client_id"][:5] != "final")
    assert len(ids) > LEAST
    assert set(ids.values()) == {1, 2}
    assert len({call["content"] for call in calls if call["op"] == "send"}) == len(ids) + 9


def test_every_chain_is_one_line_of_connections(streams: Lines) -> None:
    """Each resumes where the last one was, from the list on."""
    at: dict[int, str | None] = {}
    connections: Counter[int] = Counter()
    for line in streams:
        kind, _, chain, *rest = line
        if kind == "list":
            at[chain] = rest[0]
        elif kind == "open":
            connections[chain] += 1
            assert (rest[0], rest[3]) == (connections[chain], at[chain])
        elif kind in ("e", "id"):
            at[chain] = rest[1] or at[chain]
    assert len(connections) >= 16
    assert max(connections.values()) > 1, "some have dropped and come back"


def test_messages_arrive_on_the_streams_of_everybody_in_the_first_chat(calls: Lines, streams: Lines) -> None:
    first = next(call["chat"] for call in calls if call["op"] == "member")
    answers = [call["message"] for call in calls if call["op"] == "send" and call["chat"] == first]
    last = max(message["seq"] for message in answers if message)
    start = {line[2]: line[4][str(first)] for line in streams if line[0] == "list"}
    got: dict[int, list[int]] = defaultdict(list)
    for line in streams:
        if line[0] == "e" and line[5:7] == ["message.created", first]:
            got[line[2]].append(line[8])
    ended = {line[2] for line in streams if line[0] == "end" and line[4] == "signed_out"}
    assert len(start.keys() - ended) == 16
    for chain in start.keys() - ended:
        # It may begin before the list, whose cursor was read first.
        begins = got[chain][0] if got[chain] else last + 1
        assert begins <= start[chain] + 1
        assert got[chain] == list(range(begins, last + 1))


def test_a_client_that_was_signed_out_signs_in_and_begins_a_new_chain(calls: Lines, streams: Lines) -> None:
    (first, *_) = [call for call in calls if call["op"] == "signout" and call["status"] == 204]
    opened = {line[2]: line[5] for line in streams if line[0] == "open"}
    (chain,) = [chain for chain, session in opened.items() if session == first["session"]]
    ends = [line for line in streams if line[0] == "end" and line[2] == chain]
    assert ends[-1][4] == "signed_out"
    assert ends[-1][1] < first["ended"] + 5
    assert any(call["op"] == "signin" and call["by"] == first["by"] and call["began"] > ends[-1][1] for call in calls)
