"""The workload's operations against a web that answers as it is told to: what is tried again, and what is logged."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.faults.stand_ins import NO_ANSWER, REFUSED, a_person, a_run, calls, scripted, token_of
from tests.faults.workload import memberships, operations
from tests.faults.workload.chats import Chat
from tests.faults.workload.memberships import Memberships
from tests.faults.workload.people import Person
from tests.faults.workload.run import Run
from tests.faults.workload.sending import Sending
from tests.faults.workload.sessions import refresh, sign_out
from tests.faults.workload.texts import text

MESSAGE = {"id": 9, "seq": 3, "created_at": "2026-01-01T00:00:00Z", "content": "m"}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(operations, "PAUSES", (0.0,) * 6)
    monkeypatch.setattr(memberships, "REST", 0.0)
    return a_run(tmp_path)


@pytest.fixture
def ann() -> Person:
    return a_person()


@pytest.fixture
def chat(ann: Person) -> Chat:
    return Chat(5, "public_channel", ann, [ann, a_person(8), a_person(9)], changes=True)


def statuses(line: Any) -> list[int | None]:
    return [status for _, _, status, _ in line["tries"]]


def send(run: Run, chat: Chat) -> Any:
    Sending(run, [chat]).send(chat, chat.owner, "m", "1-1")
    (line,) = calls(run)
    return line


def test_a_send_is_tried_again_with_its_client_id_at_another_web(run: Run, chat: Chat) -> None:
    asked = scripted(run, NO_ANSWER, 503, REFUSED, 500, (200, MESSAGE))
    line = send(run, chat)
    assert [request.body for _, request, _ in asked] == [{"content": "m", "client_id": "1-1"}] * 5
    assert all(one[0] != other[0] for one, other in pairwise(asked))
    assert (statuses(line), line["status"]) == ([None, 503, None, 500, 200], 200)
    assert (line["message"], line["unexpected"]) == (MESSAGE, "500 None")
    assert (line["by"], line["session"], line["chat"]) == (7, 70, 5)
    assert line["began"] == line["tries"][0][0]
    assert line["ended"] == line["tries"][-1][1]


def test_a_send_without_any_answer_is_unknown(run: Run, chat: Chat) -> None:
    scripted(run, *[NO_ANSWER] * 6)
    line = send(run, chat)
    assert (line["status"], line["message"], len(line["tries"])) == (None, None, 6)


def test_a_refusal_is_expected_only_where_people_come_and_go(run: Run, chat: Chat) -> None:
    scripted(run, (404, {"code": "not_found"}))
    assert "unexpected" not in send(run, chat)
    chat.changes = False
    scripted(run, (404, {"code": "not_found"}))
    Sending(run, [chat]).send(chat, chat.owner, "m", "1-1")
    assert calls(run)[1]["unexpected"] == "404 not_found"


def test_a_401_is_answered_by_a_refresh_and_that_by_signing_in(run: Run, ann: Person, chat: Chat) -> None:
    ann.sessions[0].renewed_at -= 60
    signed_in = {"user": {"id": 7}, "access_token": token_of(71), "refresh_token": "r"}
    asked = scripted(run, 401, 401, (200, signed_in), (201, MESSAGE))
    Sending(run, [chat]).send(chat, chat.owner, "m", "1-1")
    assert [(line["op"], line["session"], line["status"]) for line in calls(run)] == [
        ("refresh", 70, 401),
        ("signin", None, 200),
        ("send", 71, 201),
    ]
    assert asked[-1][2] == token_of(71)


def test_a_refresh_whose_answer_is_lost_is_asked_for_again_with_the_same_token(run: Run, ann: Person) -> None:
    pair = {"access_token": token_of(70, "new"), "refresh_token": "refresh-2"}
    asked = scripted(run, NO_ANSWER, (200, pair))
    refresh(run, ann.sessions[0])
    assert [request.body for _, request, _ in asked] == [{"refresh_token": "refresh-1"}] * 2
    assert (ann.sessions[0].access, ann.sessions[0].refresh_token) == (token_of(70, "new"), "refresh-2")


def test_a_sign_out_goes_on_until_it_is_known_to_have_worked(run: Run, ann: Person) -> None:
    scripted(run, NO_ANSWER, 204)
    sign_out(run, ann.sessions[0])
    assert [statuses(line) for line in calls(run)] == [[None], [204]]
    assert ann.sessions == []


def change(run: Run, chat: Chat, way: str, *answers: Any) -> list[Any]:
    scripted(run, *answers)
    bob = chat.members[1] if way in ("remove", "leave") else chat.outside[0]
    by = chat.owner if way in ("add", "remove") else bob
    Memberships(run, [chat], Sending(run, [chat]))._until_clear(chat, way, by, bob)
    return calls(run)


def test_a_change_of_members_that_nobody_answered_is_not_tried_again_at_once(run: Run, chat: Chat) -> None:
    """Done later, as another operation: else nobody could say which of the tries a refusal was for."""
    lines = change(run, chat, "remove", NO_ANSWER, 404)
    assert [(line["op"], line["whom"], line["status"]) for line in lines] == [("remove", 8, None), ("remove", 8, 404)]
    assert [person.id for person in chat.outside] == [8]


def test_a_change_of_members_that_was_never_sent_is_tried_again(run: Run, chat: Chat) -> None:
    (line,) = change(run, chat, "leave", REFUSED, 204)
    assert (statuses(line), line["by"], line["whom"]) == ([None, 204], 8, 8)


def test_a_message_whose_edit_is_unclear_is_not_changed_again(run: Run, ann: Person, chat: Chat) -> None:
    sending = Sending(run, [chat])
    scripted(run, (201, MESSAGE), NO_ANSWER, 200)
    sending.send(chat, ann, "m", "1-1")
    own = sending.own.pop()
    sending.edit(own, "e")
    assert list(sending.own) == []


def test_texts_keep_their_mark_and_their_bounds(run: Run) -> None:
    texts = [text(run.rng(f"text {number}"), f"m-{number}") for number in range(500)]
    assert all(t == f"m-{n}" or t.startswith(f"m-{n} ") for n, t in enumerate(texts))
    assert max(map(len, texts)) <= 310
    assert any("\u2028" in t for t in texts)
    assert texts[3] == text(run.rng("text 3"), "m-3"), "the same seed says the same"
