"""The checker sees wrong answers, resets, silence, lateness, and lists and pages that disagree with what was sent."""

from pathlib import Path

import pytest

from tests.faults.tampered import CHAIN, KIND, SEQ, SUBJECT, TIME, TYPE, Break, Line, Tampered, red


def reset_without_a_trim(run: Tampered) -> None:
    run.faults = [fault for fault in run.faults if fault["kind"] != "trim"]


def reset_by_the_trim_of_another_workspace(run: Tampered) -> None:
    """Of which the person sees nothing."""
    next(fault for fault in run.faults if fault["kind"] == "trim")["workspace_id"] = 2


def reset_before_the_trim(run: Tampered) -> None:
    trim = next(fault for fault in run.faults if fault["kind"] == "trim")
    trim["began"], trim["healed"] = trim["began"] + 10, trim["healed"] + 10


def not_reset_below_the_tail(run: Tampered) -> None:
    next(fault for fault in run.faults if fault["kind"] == "trim")["tail"] += 40


def internal_error(run: Tampered) -> None:
    run.made("send")[20]["tries"][0][2] = 500


def unexpected(run: Tampered) -> None:
    run.made("history")[3]["unexpected"] = "422 bad_cursor"


def head(run: Tampered, status: int) -> Line:
    line = next(line for line in run.lines if line[KIND] == "head" and line[3] == 2)
    at = run.lines.index(line)
    opened = run.lines[at - 1]
    assert opened[KIND] == "open"
    run.lines[at - 1 : at - 1] = [list(opened), [*line[:4], status]]
    return line


def stream_error(run: Tampered) -> None:
    head(run, 500)


def stream_refused(run: Tampered) -> None:
    head(run, 401)


def ended_by_nobody(run: Tampered) -> None:
    line = next(line for line in run.lines if line[KIND] == "end")
    run.lines.insert(
        run.lines.index(line), ["e", line[TIME], line[CHAIN], line[3], None, "bye", None, "revoked", None, None]
    )


def quiet(run: Tampered, seconds: float, **fault: object) -> None:
    """The stream of the first chain, on notify1, falls silent at last."""
    end = [line for line in run.lines if line[KIND] == "end" and line[CHAIN] == 1][-1]
    run.lines.insert(run.lines.index(end), ["quiet", end[TIME], 1, end[3], seconds])
    if fault:
        run.faults.append({"n": 90, "detail": {}, "began": end[TIME] - 10, "healed": end[TIME] - 3, **fault})


def silent(run: Tampered) -> None:
    quiet(run, 20.5)


def silent_till_the_reader_gave_up(run: Tampered) -> None:
    [line for line in run.lines if line[KIND] == "end" and line[CHAIN] == 1][-1][4] = "timeout"


def silent_by_a_fault_of_another(run: Tampered) -> None:
    quiet(run, 23, kind="notify_stop", target="notify2")


def silent_for_longer_than_its_fault(run: Tampered) -> None:
    quiet(run, 35, kind="notify_stop", target="notify1")


def late(run: Tampered) -> None:
    next(call for call in run.calls if call["op"] == "drained")["late"] = [3]


def never_drained(run: Tampered) -> None:
    run.calls = [call for call in run.calls if call["op"] != "drained"]


def other_seq_on_a_page(run: Tampered) -> None:
    run.made("history")[5]["messages"][-1][1] += 1


def hole_in_a_page(run: Tampered) -> None:
    del run.made("history")[5]["messages"][1]


def list_behind(run: Tampered) -> None:
    """By more than it may be kept for."""
    run.made("list")[-1]["chats"]["10"] = 5


def list_ahead(run: Tampered) -> None:
    run.made("list")[20]["chats"]["10"] += 5


def chat_missing_from_a_list(run: Tampered) -> None:
    run.made("list")[-1]["chats"].pop("10")


def chat_of_others_on_a_list(run: Tampered) -> None:
    run.made("list", by=5)[-1]["chats"]["12"] = 1


def last_list_behind(run: Tampered) -> None:
    run.final["lists"]["4"]["10"] -= 300


def slow_posts(run: Tampered) -> None:
    """Three of a hundred and twenty."""
    fault = next(fault for fault in run.faults if fault["kind"] == "redis_stop")
    during = [
        call for call in run.made("send") if fault["began"] + 3 < call["began"] and call["ended"] < fault["healed"]
    ]
    for call in during[:3]:
        call["began"] -= 1.2


def unanswered_posts(run: Tampered) -> None:
    fault = next(fault for fault in run.faults if fault["kind"] == "redis_stop")
    for n in range(4):
        began = fault["began"] + 1 + n
        tries = [[began, began + 0.1, 503, "web1"]]
        run.call("send", 1, 503, tries, chat=10, client_id=f"none-{n}", content=f"none-{n}", message=None)


def slow_streams(run: Tampered) -> None:
    """Some events of which it is told late."""
    fault = next(fault for fault in run.faults if fault["kind"] == "redis_and_workers")
    steady = {line[CHAIN] for line in run.lines if line[KIND] == "open" and line[-1] == "steady"}
    during = [line for line in run.plain() if fault["began"] < line[TIME] < fault["healed"] - 3]
    for line in [line for line in during if line[CHAIN] in steady][:10]:
        line[TIME] += 2.5


@pytest.mark.parametrize(
    ("spoil", "turns_red"),
    [
        (reset_without_a_trim, {"8"}),
        (reset_by_the_trim_of_another_workspace, {"8"}),
        (reset_before_the_trim, {"8"}),
        (not_reset_below_the_tail, {"8"}),
        (internal_error, {"10"}),
        (unexpected, {"10"}),
        (stream_error, {"10"}),
        (stream_refused, {"10"}),
        (ended_by_nobody, {"10"}),
        (silent, {"11"}),
        (silent_till_the_reader_gave_up, {"11"}),
        (silent_by_a_fault_of_another, {"11"}),
        (silent_for_longer_than_its_fault, {"11"}),
        (late, {"12"}),
        (never_drained, {"12"}),
        (other_seq_on_a_page, {"13a"}),
        (hole_in_a_page, {"13a"}),
        (list_behind, {"13b"}),
        (list_ahead, {"13b"}),
        (chat_missing_from_a_list, {"13b"}),
        (chat_of_others_on_a_list, {"13b"}),
        (last_list_behind, {"13b"}),
        (slow_posts, {"14a"}),
        (unanswered_posts, {"14a"}),
        (slow_streams, {"14b"}),
    ],
)
def test_it_sees(spoil: Break, turns_red: set[str], tmp_path: Path) -> None:
    run = Tampered()
    spoil(run)
    assert red(run, tmp_path) == turns_red


@pytest.mark.parametrize(
    ("kind", "target"),
    [("notify_stop", "notify1"), ("notify_rolling", "notify"), ("link_stall", "client-notify1")],
)
def test_silence_is_excused_by_a_fault_of_its_own(kind: str, target: str, tmp_path: Path) -> None:
    run = Tampered()
    quiet(run, 23, kind=kind, target=target)
    assert red(run, tmp_path) == set()


@pytest.mark.parametrize(
    ("kind", "target"),
    [("link_stall", "client-notify2"), ("link_stall", "notify1-pg"), ("redis_stop", "redis"), ("crowd", "notify")],
)
def test_silence_is_not_excused_by_other_faults(kind: str, target: str, tmp_path: Path) -> None:
    run = Tampered()
    quiet(run, 23, kind=kind, target=target)
    assert "11" in red(run, tmp_path)


def test_a_stream_may_be_refused_while_a_clock_is_wrong(tmp_path: Path) -> None:
    run = Tampered()
    line = head(run, 401)
    times = {"began": line[TIME] - 5, "healed": line[TIME] + 5}
    run.faults.append({"n": 91, "kind": "clock_off", "target": "web1", "detail": {}, **times})
    assert red(run, tmp_path) == set()


def test_a_stream_may_be_refused_and_told_to_go_when_its_session_may_have_ended(tmp_path: Path) -> None:
    """By a spent token that came back too late: its first answer was lost."""
    run = Tampered()
    line = head(run, 401)
    session = next(one[5] for one in run.lines if one[KIND] == "open" and one[CHAIN] == line[CHAIN])
    tries = [[line[TIME] - 15, line[TIME] - 11, None, "web1"], [line[TIME] - 2, line[TIME] - 1, 200, "web2"]]
    run.call("refresh", 1, 200, tries, session=session)
    assert red(run, tmp_path) == set()


def test_one_slow_post_of_a_hundred_is_within_the_99th_percentile(tmp_path: Path) -> None:
    run = Tampered()
    fault = next(fault for fault in run.faults if fault["kind"] == "redis_stop")
    call = next(call for call in run.made("send") if fault["began"] + 3 < call["began"] < fault["healed"] - 1)
    call["began"] -= 1.2
    assert red(run, tmp_path) == set()


def test_unknown_keys_do_no_harm(tmp_path: Path) -> None:
    run = Tampered()
    assert [line[TYPE] for line in run.events()[:1]] == ["message.created"]
    assert all(isinstance(line[SUBJECT], int) and line[SEQ] for line in run.events()[:5])
    run.calls[0]["more"] = {"of": "it"}
    assert red(run, tmp_path) == set()
