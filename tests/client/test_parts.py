"""The parts of bin/chat that can be wrong by themselves."""

import stat
from pathlib import Path

import pytest

from client import memory
from client.screen import clean
from client.stream import read_events


def test_events_are_read_from_lines_whatever_their_order() -> None:
    lines = ["retry: 1000", "event: a", 'data: {"x":', "data: 1}", "id: 1", "", ":", "id: 2", "", 'data: {"y":2}', ""]
    events = list(read_events(iter(lines)))
    assert [(e.type, e.data, e.id) for e in events] == [
        ("a", {"x": 1}, "1"),
        ("message", None, "2"),
        ("message", {"y": 2}, None),
    ]


def test_an_event_cut_in_the_middle_is_not_seen() -> None:
    assert list(read_events(iter(["event: a", 'data: {"x":1}', "id: 7"]))) == []


def test_what_others_write_cannot_drive_the_terminal() -> None:
    assert clean("red \x1b[31malert\x07 \u202egnp.exe") == "red [31malert gnp.exe"
    assert clean("two\nlines").splitlines() == ["two", "      lines"]


def test_the_session_is_remembered_for_this_person_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "state" / "chat.json"
    monkeypatch.setenv("FECHATTER_CHAT_STATE", str(path))
    memory.remember("http://a", "ann@example.org", "secret")
    assert memory.remembered("http://a", "") == ("ann@example.org", "secret")
    assert memory.remembered("http://a", "bob@example.org") is None
    assert memory.remembered("http://b", "") is None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    memory.remember("http://a", "ann@example.org", None)
    assert memory.remembered("http://a", "") is None


def test_a_broken_memory_is_an_empty_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "chat.json"
    path.write_text("[]")
    monkeypatch.setenv("FECHATTER_CHAT_STATE", str(path))
    assert memory.remembered("http://a", "") is None
