"""The checker sees when something reaches people whom it is not for: outside their memberships, or signed out."""

from pathlib import Path

import pytest

from fechatter.cursor import Place, write_cursor
from tests.faults.perfect import EPOCH, QUICK
from tests.faults.tampered import CHAIN, CHAT, ID, KIND, SUBJECT, TIME, TYPE, Break, Call, Line, Tampered, red


def position(line: Line, workspace: int = 1) -> int:
    place = next(part for part in line[ID].split(".")[1:] if part.startswith(f"{workspace}-"))
    return int(place.split("-")[2], 36)


def leak(run: Tampered, line: Line, chain: int) -> None:
    """An event of the first workspace at its place on another chain of one who is in no other."""
    mine = [one for one in run.lines if one[KIND] == "e" and one[CHAIN] == chain and one[ID]]
    before = [one for one in mine if one[TIME] <= line[TIME] and position(one) < position(line)][-1]
    id_ = write_cursor({1: Place(EPOCH, position(line))})
    run.put_behind(before, ["e", line[TIME], chain, before[3], id_, *line[TYPE:]])


def watched(run: Tampered, chain: int, line: Line) -> bool:
    """Whether the chain had a stream all about this time."""
    about = [one for one in run.lines if one[CHAIN] == chain and abs(one[TIME] - line[TIME]) < 0.5]
    return bool(about) and all(one[KIND] == "e" for one in about)


def leaked_to_one_never_in(run: Tampered) -> None:
    """From a chat of a workspace in which this person is not."""
    chain = run.chains_of(4)[0]
    line = next(line for line in run.events(chat=12, chain=run.chains_of(1)[0]) if watched(run, chain, line))
    before = [one for one in run.events(chain=chain) if one[TIME] <= line[TIME]][-1]
    id_ = write_cursor({1: Place(EPOCH, position(before)), 2: Place(EPOCH, position(line, 2))})
    run.put_behind(before, ["e", line[TIME], chain, before[3], id_, *line[TYPE:]])


def leaked_before_one_came(run: Tampered) -> None:
    """What was said before the first time that a person was let in."""
    for user in (4, 5, 6):
        came = next(call for call in run.made("add", chat=11, whom=user))
        said = [one for one in run.events(chat=11, chain=run.chains_of(1)[0]) if one[TIME] < came["began"] - 0.1]
        for chain in run.chains_of(user):
            if seen := [line for line in said if watched(run, chain, line)]:
                return leak(run, seen[0], chain)
    raise AssertionError("nobody was there")


def leaked_behind_the_own_end(run: Tampered) -> None:
    """Sent while the removal was under way, so that its time allows it; but the end had been told."""
    removal, line, chain = _behind_a_removal(run)
    run.sent(line[SUBJECT])["began"] = removal["began"] - QUICK
    leak(run, line, chain)


def _behind_a_removal(run: Tampered) -> tuple[Call, Line, int]:
    """That of person 4 at the end, what was said next in that chat, and a chain that was there."""
    removal = run.made("remove", chat=11, whom=4)[-1]
    chain = run.chains_of(4)[0]
    said = (line for line in run.events(chat=11, chain=run.chains_of(1)[0]) if line[TIME] > removal["ended"] + 0.05)
    line = next(line for line in said if run.sent(line[SUBJECT])["status"] == 201)
    return removal, line, chain


def leaked_behind_a_removal(run: Tampered) -> None:
    _, line, chain = _behind_a_removal(run)
    leak(run, line, chain)


def posted_by_one_who_had_left(run: Tampered) -> None:
    """On somebody else's stream its end stands before its last message."""
    for line in run.events("member.removed", chat=11):
        before = run.near(line)[0]
        sender = run.sent(before[SUBJECT]) if before[KIND] == "e" and before[TYPE] == "message.created" else None
        if sender and before[CHAT] == 11 and run.user_of(line[CHAIN]) != line[SUBJECT]:
            sender["by"] = run.stored(before[SUBJECT])[2] = line[SUBJECT]
            for twin in run.calls:
                if twin.get("client_id") == sender["client_id"]:
                    twin["by"] = line[SUBJECT]
            before[TIME] = line[TIME]
            return run.swap(before, line)
    raise AssertionError("no two such neighbours")


def accepted_from_outside(run: Tampered) -> None:
    """A message in a chat of a workspace in which the sender is not."""
    line = next(run.plain(chat=12))
    call = run.sent(line[SUBJECT])
    call["by"] = run.stored(line[SUBJECT])[2] = 5


def sent_long_after_a_sign_out(run: Tampered) -> None:
    """As if it had been answered five seconds earlier."""
    call = run.made("signout")[0]
    call["began"], call["ended"] = call["began"] - 5, call["ended"] - 5


def opened_after_a_sign_out(run: Tampered) -> None:
    """Somebody comes back with the tokens of a session that has ended, and is let in."""
    call = run.made("signout")[0]
    opened = next(line for line in run.lines if line[KIND] == "open" and line[5] == call["session"])
    chain = opened[CHAIN]
    end = [line for line in run.lines if line[CHAIN] == chain][-1]
    number, cursor = (
        end[3] + 1,
        [line for line in run.lines if line[CHAIN] == chain and line[KIND] in ("e", "id") and line[ID]][-1][ID],
    )
    run.put_behind(end, ["head", end[TIME] + 0.2, chain, number, 200])
    run.put_behind(end, ["open", end[TIME] + 0.1, chain, number, *opened[4:6], cursor, *opened[7:]])


@pytest.mark.parametrize(
    ("spoil", "turns_red"),
    [
        (leaked_to_one_never_in, {"6"}),
        (leaked_before_one_came, {"6"}),
        (leaked_behind_the_own_end, {"6"}),
        (posted_by_one_who_had_left, {"6"}),
        (accepted_from_outside, {"6"}),
        (leaked_behind_a_removal, {"7a"}),
        (sent_long_after_a_sign_out, {"7b"}),
        (opened_after_a_sign_out, {"7b"}),
    ],
)
def test_it_sees(spoil: Break, turns_red: set[str], tmp_path: Path) -> None:
    run = Tampered()
    spoil(run)
    assert red(run, tmp_path) == turns_red


def test_what_was_sent_while_a_removal_was_under_way_may_come_before_its_end(tmp_path: Path) -> None:
    run = Tampered()
    for call in run.made("remove"):
        call["began"] -= 0.05
    assert red(run, tmp_path) == set()


def test_an_addition_that_was_never_answered_may_have_worked_later(tmp_path: Path) -> None:
    """So that what follows it is no leak: a request may be under way for long."""
    run = Tampered()
    removal, line, chain = _behind_a_removal(run)
    began = removal["began"] - 2
    run.call("add", 1, None, [[began, began + 1, None, "web1"]], chat=11, whom=4)
    leak(run, line, chain)
    # Its chain was told of the end, and of no new beginning.
    assert red(run, tmp_path) == {"6"}


def test_a_removal_that_was_refused_or_not_answered_ends_nothing(tmp_path: Path) -> None:
    run = Tampered()
    began = run.start_of_talk + 20
    for status in (404, None):
        run.call("remove", 1, status, [[began, began + 0.01, status, "web1"]], chat=10, whom=4)
    assert red(run, tmp_path) == set()
