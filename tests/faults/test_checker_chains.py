"""The checker sees when a stream leaves something out, says it twice, or says it in the wrong order."""

from pathlib import Path

import pytest

from tests.faults.tampered import CHAIN, CHAT, ID, KIND, SEQ, SUBJECT, TIME, TYPE, Break, Line, Tampered, red


def gap(run: Tampered) -> None:
    run.drop(next(run.plain()))


def gap_at_a_resume(run: Tampered) -> None:
    """The first that is replayed."""
    run.drop(next(line for line in run.events() if _is_behind_ready(run, line)))


def _is_behind_ready(run: Tampered, line: Line) -> bool:
    before, _, *after = run.near(line)
    plain = after and after[0][KIND] == "e" and line[SUBJECT] not in changed(run)
    return bool(plain) and before[KIND] == "e" and before[TYPE] == "ready" and line[3] > 1


def changed(run: Tampered) -> set[int]:
    return {call["message_id"] for call in run.calls if call["op"] in ("edit", "delete")}


def double(run: Tampered) -> None:
    """By the same id, too."""
    line = next(run.plain())
    run.put_behind(line, list(line))


def double_at_the_end_of_a_connection(run: Tampered) -> None:
    """It was whole, and is told again by the next."""
    end = next(line for line in run.lines if line[KIND] == "end" and run.near(line)[0][TYPE] == "message.created")
    line = run.near(end)[0]
    ready = next(one for one in run.lines[run.lines.index(end) :] if one[KIND] == "e" and one[CHAIN] == end[CHAIN])
    run.put_behind(ready, [*line[:TIME], ready[TIME], line[CHAIN], ready[3], *line[ID:]])


def disorder(run: Tampered) -> None:
    line = next(line for line in run.plain() if run.near(line)[2][CHAT] == 10 and run.near(line)[2][TYPE] == line[TYPE])
    after = run.near(line)[2]
    line[TIME] = after[TIME]
    run.swap(line, after)


def gap_behind_the_list(run: Tampered) -> None:
    """The first of a chain is missing."""
    run.drop(run.events(chat=10, chain=run.chains_of(4)[0])[0])


def gap_behind_an_addition(run: Tampered) -> None:
    line = next(line for line in run.events("chat.created") if line[TIME] > run.start_of_talk)
    line[SEQ] -= 1


def addition_not_told(run: Tampered) -> None:
    """Of one who never was in that chat before, as far as the chain was told."""
    chain = run.chains_of(4)[0]
    line = next(line for line in run.events("chat.created", chain=chain) if run.events(chat=11, chain=chain))
    about = [one for one in run.lines if one[KIND] == "e" and one[CHAIN] == chain and one[CHAT] == 11]
    for one in about[: about.index(line) + 1]:
        run.drop(one)


def last_ones_missing(run: Tampered) -> None:
    """And all that was behind them."""
    chain = run.chains_of(4)[0]
    last = run.events(chat=10, chain=chain)[-3]
    run.lines = [one for one in run.lines if one[CHAIN] != chain or one[TIME] < last[TIME]]


def never_came_back(run: Tampered) -> None:
    """From half of the run on, without any word of its session's end."""
    chain = run.chains_of(3)[0]
    run.lines = [one for one in run.lines if one[CHAIN] != chain or one[TIME] < 1060]


def end_of_membership_not_told(run: Tampered) -> None:
    run.drop(run.events("member.removed", chat=11, chain=run.chains_of(4)[0])[-1])


def edit_missing(run: Tampered) -> None:
    run.drop(next(line for line in run.events("message.updated", chat=10) if _is_inside(run, line)))


def deletion_missing(run: Tampered) -> None:
    run.drop(next(line for line in run.events("message.deleted", chat=10) if _is_inside(run, line)))


def _is_inside(run: Tampered, line: Line) -> bool:
    return len(near := run.near(line)) == 3 and all(one[KIND] == "e" for one in near)


def edit_twice(run: Tampered) -> None:
    """At the place of a message, which is then missing."""
    _twice(run, "message.updated")


def deletion_twice(run: Tampered) -> None:
    _twice(run, "message.deleted")


def _twice(run: Tampered, type_: str) -> None:
    before = (run.near(one)[0] for one in run.plain())
    line = next(line for line in before if line[TYPE] == type_ and line[CHAT] == 10)
    run.near(line)[2][TYPE:] = line[TYPE:]


def edit_late(run: Tampered) -> None:
    """Behind a message that was begun when it had been answered."""
    before = (run.near(one)[0] for one in run.plain())
    line = next(line for line in before if line[TYPE] == "message.updated" and line[CHAT] == 10)
    after = run.near(line)[2]
    line[TIME] = after[TIME]
    run.swap(line, after)


def cursor_goes_back(run: Tampered) -> None:
    """By a heartbeat, from which nobody resumes."""
    line = next(one for one in run.lines if one[KIND] == "id")
    run.put_behind(line, [*line[:ID], next(one[ID] for one in run.events(chain=line[CHAIN]))])


def same_id_twice(run: Tampered) -> None:
    line = next(line for line in run.plain() if run.user_of(line[CHAIN]) > 3)
    line[ID] = run.near(line)[0][ID]


def own_place_does_not_rise(run: Tampered) -> None:
    """Only that of the other workspace does."""
    line = next(line for line in run.plain() if run.user_of(line[CHAIN]) <= 3 and run.near(line)[0][CHAT] in (10, 11))
    before = run.near(line)[0]
    mine, others = before[ID].split(".")[1], line[ID].split(".")[2]
    line[ID] = f"1.{mine}.{others[:-1]}{'z' if others[-1] != 'z' else 'zz'}"


def no_id(run: Tampered) -> None:
    next(run.plain())[ID] = None


def another_epoch(run: Tampered) -> None:
    line = next(line for line in run.plain() if run.user_of(line[CHAIN]) > 3)
    line[ID] = line[ID].replace("1-7-", "1-8-")


def ready_somewhere_else(run: Tampered) -> None:
    ready = next(
        line
        for line in run.events("ready")
        if line[3] > 1 and run.near(line)[2][KIND] == "e" and run.near(line)[2][TYPE] == "message.created"
    )
    ready[ID] = run.near(ready)[2][ID]


def read_from_the_wrong_place(run: Tampered) -> None:
    """By the client; only the rig can do that."""
    line = next(line for line in run.lines if line[KIND] == "open" and line[3] > 3 and line[4] > 3)
    line[6] = next(one for one in run.lines if one[KIND] == "open" and one[CHAIN] == line[CHAIN])[6]


def later_before_earlier(run: Tampered) -> None:
    """Of two chats of one workspace, so that each has its own order still."""
    for line in run.plain(chat=11):
        before = run.near(line)[0]
        if before[TYPE] == "message.created" and before[CHAT] == 10 and run.is_answered(before[SUBJECT]):
            before[TIME] = line[TIME]
            return run.swap(before, line)
    raise AssertionError("no two such neighbours")


@pytest.mark.parametrize(
    ("spoil", "turns_red"),
    [
        (gap, {"4a"}),
        (gap_at_a_resume, {"4a"}),
        (double, {"4a", "4d"}),
        (double_at_the_end_of_a_connection, {"4a", "4d"}),
        (disorder, {"4a", "5"}),
        (gap_behind_the_list, {"4a"}),
        (gap_behind_an_addition, {"4a"}),
        (addition_not_told, {"4a"}),
        (last_ones_missing, {"4b"}),
        (never_came_back, {"4b"}),
        (end_of_membership_not_told, {"4b"}),
        (edit_missing, {"4c"}),
        (deletion_missing, {"4c"}),
        (edit_twice, {"4a", "4c"}),
        (deletion_twice, {"4a", "4c"}),
        (edit_late, {"4c", "5"}),
        (cursor_goes_back, {"4d"}),
        (same_id_twice, {"4d"}),
        (own_place_does_not_rise, {"4d"}),
        (no_id, {"4d"}),
        (another_epoch, {"4d"}),
        (ready_somewhere_else, {"4d"}),
        (read_from_the_wrong_place, {"4d"}),
        (later_before_earlier, {"5"}),
    ],
)
def test_it_sees(spoil: Break, turns_red: set[str], tmp_path: Path) -> None:
    run = Tampered()
    spoil(run)
    assert red(run, tmp_path) == turns_red


def test_what_a_list_holds_already_may_be_told_again(tmp_path: Path) -> None:
    run = Tampered()
    line = [line for line in run.lines if line[KIND] == "list" and run.user_of(line[CHAIN]) == 6][-1]
    line[TIME] += 1
    line[4]["10"] += 2
    assert red(run, tmp_path) == set()


def test_what_an_ended_membership_would_have_shown_may_be_missing_from_a_replay(tmp_path: Path) -> None:
    """The perfect run has such ends: a person removed while away has only its own `member.removed`."""
    run = Tampered()
    skipped = 0
    for line in run.events("member.removed", chat=11):
        if line[SUBJECT] == run.user_of(line[CHAIN]):
            before = [one for one in run.events(chat=11, chain=line[CHAIN]) if one[TIME] < line[TIME]]
            behind = [call for call in run.made("send", chat=11) if call["ended"] < line[TIME] - 0.05]
            skipped += bool(before) and before[-1][SEQ] < max(call["message"]["seq"] for call in behind)
    assert skipped
    assert red(run, tmp_path) == set()
