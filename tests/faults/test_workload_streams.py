"""The workload's readers against a notify that says what it is told to, and the operations against such a web."""

from pathlib import Path

import gevent
import pytest

from tests.faults.stand_ins import (
    HEAD,
    ScriptedNotify,
    a_chain,
    a_person,
    a_run,
    message_event,
    scripted,
    streamed,
    token_of,
)
from tests.faults.workload import connection, operations
from tests.faults.workload.chain import Chain
from tests.faults.workload.connection import Connection
from tests.faults.workload.paces import STYLES, Dropper, Pace
from tests.faults.workload.readers import Reader, readers_of
from tests.faults.workload.run import Run
from tests.faults.workload.sse import Parser, facts_of


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(operations, "PAUSES", (0.0,) * 6)
    return a_run(tmp_path)


@pytest.fixture
def chain(run: Run) -> Chain:
    return a_chain(run)


def follow(chain: Chain, pace: Pace | None = None) -> Connection:
    made = Connection(chain, chain.run.notifies[0], pace or Pace(chain.run.rng("pace")))
    made.follow("token")
    return made


def test_events_are_the_same_wherever_their_bytes_are_cut() -> None:
    frames = (b"retry: 1000\nevent: ready\ndata: {}\nid: a\n\n", b":\n\n", message_event(1, "b"), b":\nid: c\n\n")
    whole = b"".join(frames)
    ends = {len(frames[0]): 1, len(b"".join(frames[:3])): 2, len(whole): 3}
    for cut in range(len(whole) + 1):
        parser = Parser()
        before, after = parser.feed(whole[:cut]), parser.feed(whole[cut:])
        assert [event.id for event in before + after] == ["a", "b", "c"]
        assert len(before) == sum(end <= cut for end in ends), "one that was not whole, or not all that were"


@pytest.mark.parametrize("data", [b"{", b"[]", b'{"message": null, "chat_id": 1}'])
def test_what_is_not_as_described_is_kept_as_unreadable(data: bytes) -> None:
    (event,) = Parser().feed(b"event: message.created\ndata: " + data + b"\n\n")
    assert facts_of(event)[1:] == ("unreadable", None, data.decode())


def test_a_stream_cut_in_the_middle_of_an_event_resumes_behind_the_last_whole_one(run: Run, chain: Chain) -> None:
    second = message_event(2, "c2")
    notify = ScriptedNotify(run, HEAD + message_event(1, "c1") + second[:-1], HEAD + second)
    follow(chain)
    follow(chain)
    assert "Last-Event-ID: c0\r\n" in notify.asked[0]
    assert "Last-Event-ID: c1\r\n" in notify.asked[1]
    assert streamed(run, "e") == [
        [1, "c1", "message.created", 5, 101, 1, "m-1"],
        [2, "c2", "message.created", 5, 102, 2, "m-2"],
    ]
    assert streamed(run, "end") == [[1, "eof"], [2, "eof"]]
    assert (chain.cursor, chain.seen) == ("c2", {5: 2})


def test_a_dropper_takes_only_so_many_bytes(run: Run, chain: Chain) -> None:
    ScriptedNotify(run, HEAD + b"".join(message_event(seq, f"c{seq}") for seq in range(1, 9)), open_for=1)
    pace = Dropper(run.rng("dropper"))
    pace.left = len(message_event(1, "c1")) * 9 // 2 - len(HEAD)
    follow(chain, pace)
    assert streamed(run, "end") == [[1, "cut"]]


def test_a_bare_id_moves_the_cursor_and_is_told_when_it_is_another(run: Run, chain: Chain) -> None:
    ScriptedNotify(run, HEAD + b":\nid: c0\n\n:\n\n:\nid: c9\n\n")
    follow(chain)
    assert (chain.cursor, streamed(run, "id")) == ("c9", [[1, "c9"]])


def test_a_reset_has_the_list_fetched_afresh_and_goes_on_from_its_id(run: Run, chain: Chain) -> None:
    asked = scripted(run, (200, {"cursor": "c4", "items": [{"id": 5, "last_seq": 4}]}))
    ready = b'event: ready\ndata: {"user_id":7,"cursor":null}\n\n'
    ScriptedNotify(run, HEAD + ready + b'event: reset\ndata: {"cursor":"c3"}\nid: c3\n\n')
    follow(chain)
    chain.lists.join()
    assert asked[0][1].headers == {"Cache-Control": "no-cache"}
    assert streamed(run, "list") == [["c4", {"5": 4}]]
    assert (chain.cursor, chain.seen) == ("c3", {5: 4})


ENDS = {"signed_out": "signed_out", "revoked": "signed_out", "restart": "eof"}


@pytest.mark.parametrize(("reason", "why"), ENDS.items())
def test_bye_is_the_end_of_a_chain_unless_it_is_for_a_restart(run: Run, chain: Chain, reason: str, why: str) -> None:
    ScriptedNotify(run, HEAD + b'event: bye\ndata: {"reason":"' + reason.encode() + b'"}\n\n')
    assert follow(chain).session_is_over is (reason != "restart")
    assert streamed(run, "end") == [[1, why]]


@pytest.mark.by_the_clock
def test_silence_is_told_and_ends_a_connection(run: Run, chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "QUIET", 0.1)
    monkeypatch.setattr(connection, "SILENCE", 0.2)
    ScriptedNotify(run, HEAD, open_for=5)
    follow(chain)
    assert [round(seconds, 1) for _, seconds in streamed(run, "quiet")] == [0.2]
    assert streamed(run, "end") == [[1, "timeout"]]


def test_a_notify_that_is_away_has_no_head_and_no_end(run: Run, chain: Chain) -> None:
    ScriptedNotify(run).server.stop()
    follow(chain)
    assert (streamed(run, "head"), streamed(run, "end")) == ([[1, None]], [])


@pytest.mark.by_the_clock
def test_a_chain_whose_tokens_are_refused_ends_and_a_new_one_begins(run: Run) -> None:
    """Nobody has told this client of the end: it learns from the 401, and from what refreshing says."""
    person = a_person()
    person.sessions[0].renewed_at -= 60
    signed_in = {"user": {"id": 7}, "access_token": token_of(71), "refresh_token": "r"}
    one_list = {"cursor": "c1", "items": []}
    scripted(run, (200, one_list), 401, (200, signed_in), (200, one_list))
    notify = ScriptedNotify(run, b"HTTP/1.1 401 No\r\n\r\n", HEAD, open_for=9)
    reading = gevent.spawn(Reader(run, 0, person, "steady").read, person.sessions[0])
    reading.join(1)
    reading.kill()
    assert len(notify.asked) == 2
    assert [line[1:3] for line in streamed(run, "open")] == [[7, 70], [7, 71]]
    assert streamed(run, "end") == [[1, "signed_out"], [1, "cut"]]


def test_styles_are_shared_out_as_they_should_be(run: Run) -> None:
    readers = readers_of(run, [a_person(number) for number in range(1, 51)])
    styles = [reader.style for reader in readers]
    assert {style: styles.count(style) for style in STYLES} == {
        "steady": 60, "dropper": 16, "slow": 8, "stopper": 8, "away": 8,
    }  # fmt: skip
