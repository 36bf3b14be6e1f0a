"""The checker sees when a message is lost, changed, doubled or made up, in history or in an answer."""

from pathlib import Path

import pytest

from tests.faults.perfect import rfc
from tests.faults.tampered import CHAT, CONTENT, SEQ, SUBJECT, TIME, TYPE, Break, Tampered, red

ID_, SEQ_, SENDER_, CLIENT_, CONTENT_, CREATED_, EDITED_, DELETED_ = range(8)


def lost(run: Tampered) -> None:
    """With all counts as if it had never been."""
    rows = run.final["messages"]["12"]
    rows.pop()
    run.final["sql"]["messages"]["12"] -= 1
    for chats in run.final["lists"].values():
        if "12" in chats:
            chats["12"] -= 1


def other_bytes(run: Tampered) -> None:
    run.stored(next(run.plain())[SUBJECT])[CONTENT_] += " "


def other_time(run: Tampered) -> None:
    run.sent(next(run.plain())[SUBJECT])["message"]["created_at"] = rfc(7)


def other_seq_in_the_answer(run: Tampered) -> None:
    run.sent(next(run.plain())[SUBJECT])["message"]["seq"] += 1


def other_sender(run: Tampered) -> None:
    """The row is then nobody's, too."""
    run.stored(next(run.plain())[SUBJECT])[SENDER_] = 77


def answered_with_other_text(run: Tampered) -> None:
    run.sent(next(run.plain())[SUBJECT])["message"]["content"] += "!"


def answered_with_nothing(run: Tampered) -> None:
    run.sent(next(run.plain())[SUBJECT])["message"] = None


def edit_undone(run: Tampered) -> None:
    edit = next(edit for edit in run.made("edit") if not run.stored(edit["message_id"])[DELETED_])
    row = run.stored(edit["message_id"])
    row[CONTENT_], row[EDITED_] = run.sent(row[ID_])["content"], None


def edit_gone_back_to_an_older_one(run: Tampered) -> None:
    """Two edits one after the other, and the first stands."""
    edit = next(edit for edit in run.made("edit") if not run.stored(edit["message_id"])[DELETED_])
    later = edit["ended"] + 0.01
    times = {"began": later, "ended": later + 0.01, "tries": [[later, later + 0.01, 200, "web1"]]}
    run.calls.append({**edit, **times, "content": "e-later"})


def deletion_undone(run: Tampered) -> None:
    row = run.stored(run.made("delete")[0]["message_id"])
    row[CONTENT_], row[DELETED_] = run.sent(row[ID_])["content"], None


def text_of_the_deleted_still_there(run: Tampered) -> None:
    row = run.stored(run.made("delete")[0]["message_id"])
    row[CONTENT_] = run.sent(row[ID_])["content"]


def deleted_by_nobody(run: Tampered) -> None:
    row = run.stored(next(run.plain())[SUBJECT])
    row[CONTENT_], row[DELETED_] = None, rfc(7)


def made_up(run: Tampered) -> None:
    rows = run.final["messages"]["10"]
    run.store(10, 10**6, len(rows) + 1, 1, "nobody's", "hello", "2027-01-01T00:00:00.000000Z", None, None)


def unknown_with_other_text(run: Tampered) -> None:
    """Of a send that was never answered only its text can tell whether somebody sent it."""
    call = next(call for call in run.calls if call["op"] == "send" and call["status"] is None)
    row = next(row for row in run.final["messages"]["10"] if row[CLIENT_] == call["client_id"])
    row[CONTENT_] += "?"


def other_text_on_a_stream(run: Tampered) -> None:
    next(run.plain())[CONTENT] += "?"


def unknown_message_on_a_stream(run: Tampered) -> None:
    next(run.plain())[SUBJECT] = 10**6


def no_text_on_a_stream(run: Tampered) -> None:
    next(run.plain())[CONTENT] = None


def edit_by_nobody(run: Tampered) -> None:
    """The one that there was is then missing, too."""
    next(line for line in run.events("message.updated") if line[CONTENT])[CONTENT] = "made up"


def text_in_a_deletion(run: Tampered) -> None:
    run.events("message.deleted")[0][CONTENT] = "still here"


def addition_by_nobody(run: Tampered) -> None:
    run.events("member.added")[0][SUBJECT] = 99


def removal_by_nobody(run: Tampered) -> None:
    run.events("member.removed", chat=11)[0][CHAT] = 10


def unreadable(run: Tampered) -> None:
    line = run.events("member.added")[0]
    line[SUBJECT], line[CONTENT] = "unreadable", "{"


def seen_before_it_was_sent(run: Tampered) -> None:
    line = next(run.plain())
    line[TIME] -= 50


def seq_of_another_on_a_stream(run: Tampered) -> None:
    line = next(run.plain())
    line[SEQ] += 1


def time_does_not_rise(run: Tampered) -> None:
    call = next(call for call in run.calls if call["op"] == "send" and call["status"] is None)
    row = next(row for row in run.final["messages"]["10"] if row[CLIENT_] == call["client_id"])
    row[CREATED_] = rfc(7)


def a_hole(run: Tampered) -> None:
    """All that comes behind is where it should not be, by its answers too."""
    for row in run.final["messages"]["12"][20:]:
        row[SEQ_] += 1


def sql_counts_more(run: Tampered) -> None:
    run.final["sql"]["messages"]["10"] += 1


def sql_was_not_asked(run: Tampered) -> None:
    run.final["sql"] = {}


def twice_in_history(run: Tampered) -> None:
    row = next(row for row in run.final["messages"]["10"] if not row[EDITED_] and not row[DELETED_])
    run.store(
        10,
        10**6,
        len(run.final["messages"]["10"]) + 1,
        *row[SENDER_:CREATED_],
        "2027-01-01T00:00:00.000000Z",
        None,
        None,
    )


def twice_without_client_id(run: Tampered) -> None:
    twice_in_history(run)
    run.final["messages"]["10"][-1][CLIENT_] = None


def twins_with_two_answers(run: Tampered) -> None:
    twin = next(call for call in run.calls if call["op"] == "send" and call["status"] == 200)
    twin["message"] = {**twin["message"], "id": 10**6}


@pytest.mark.parametrize(
    ("spoil", "turns_red"),
    [
        (lost, {"1"}),
        (other_bytes, {"1"}),
        (other_time, {"1"}),
        (other_seq_in_the_answer, {"1"}),
        (other_sender, {"1", "2"}),
        (answered_with_other_text, {"1"}),
        (answered_with_nothing, {"1"}),
        (edit_undone, {"1"}),
        (edit_gone_back_to_an_older_one, {"1", "4c"}),
        (deletion_undone, {"1"}),
        (text_of_the_deleted_still_there, {"1"}),
        (deleted_by_nobody, {"1"}),
        (made_up, {"2"}),
        (unknown_with_other_text, {"2"}),
        (other_text_on_a_stream, {"2"}),
        (unknown_message_on_a_stream, {"2"}),
        (no_text_on_a_stream, {"2"}),
        (edit_by_nobody, {"2", "4c"}),
        (text_in_a_deletion, {"2"}),
        (addition_by_nobody, {"2"}),
        (removal_by_nobody, {"2", "6"}),
        (unreadable, {"2"}),
        (seen_before_it_was_sent, {"2"}),
        (seq_of_another_on_a_stream, {"2", "4a"}),
        (time_does_not_rise, {"3"}),
        (a_hole, {"1", "2", "3", "13a"}),
        (sql_counts_more, {"3"}),
        (sql_was_not_asked, {"3"}),
        (twice_in_history, {"9"}),
        (twice_without_client_id, {"9"}),
        (twins_with_two_answers, {"1", "9"}),
    ],
)
def test_it_sees(spoil: Break, turns_red: set[str], tmp_path: Path) -> None:
    run = Tampered()
    spoil(run)
    assert red(run, tmp_path) == turns_red


def test_a_send_without_an_answer_may_be_in_history_or_not(tmp_path: Path) -> None:
    run = Tampered()
    unknown = [call["client_id"] for call in run.calls if call["op"] == "send" and call["status"] is None]
    stored = {row[CLIENT_] for rows in run.final["messages"].values() for row in rows}
    assert {client_id in stored for client_id in unknown} == {True, False}
    assert red(run, tmp_path) == set()


def test_types_that_are_not_known_yet_do_no_harm(tmp_path: Path) -> None:
    run = Tampered()
    line = run.events("member.added")[0]
    line[TYPE] = "reaction.added"
    assert red(run, tmp_path) == set()
