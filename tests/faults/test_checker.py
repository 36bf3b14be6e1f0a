"""The checker finds nothing wrong with a perfect run, takes nothing for proven that it has not seen, and says where."""

from pathlib import Path

import pytest

from fechatter.cursor import Place, read_cursor, write_cursor
from tests.faults.perfect import EPOCH
from tests.faults.perfect_run import perfect_run
from tests.faults.tampered import CHAIN, CHAT, ID, TIME, TYPE, Tampered, red, verdicts


@pytest.mark.parametrize("seed", range(1, 5))
def test_a_perfect_run_is_green_and_each_invariant_has_looked_at_something(seed: int, tmp_path: Path) -> None:
    found = verdicts(perfect_run(seed), tmp_path)
    assert {name: verdict.counterexample for name, verdict in found.items() if not verdict.holds} == {}
    assert [name for name, verdict in found.items() if not verdict.checked] == []
    assert len(found) == 20


def test_an_empty_history_proves_nothing(tmp_path: Path) -> None:
    run = Tampered()
    run.calls, run.lines, run.faults = [], [], []
    run.final = {"messages": {}, "sql": {}, "members": {}, "lists": {}, "feeds": {}, "t": run.now}
    # That nobody has signed out, and that Redis was never away, is no wonder in no time.
    assert {name for name, verdict in verdicts(run, tmp_path).items() if verdict.holds} == {"7b", "14a", "14b"}


def test_streams_that_never_came_prove_nothing(tmp_path: Path) -> None:
    run = Tampered()
    run.lines = [line for line in run.lines if line[0] == "list"]
    assert red(run, tmp_path) >= {"4a", "4b", "4c", "4d", "5", "7b", "8", "11"}


def test_a_run_without_repeats_or_pages_does_not_prove_what_it_says_of_them(tmp_path: Path) -> None:
    run, seen = Tampered(), set[str]()
    for call in list(run.calls):
        if call["op"] == "history" or call.get("client_id") in seen or len(call.get("tries", ())) > 1:
            run.calls.remove(call)
        seen.add(call.get("client_id") or "")
    assert red(run, tmp_path) >= {"9", "13a"}


def test_the_counterexample_is_the_first_in_time_with_the_faults_then_active(tmp_path: Path) -> None:
    run = Tampered()
    fault = run.faults[1]
    late, *_ = [line for line in run.plain() if line[1] > fault["healed"] + 20]
    early, *_ = [line for line in run.plain() if fault["began"] < line[1] < fault["healed"]]
    run.drop(late)
    run.drop(early)
    verdict = verdicts(run, tmp_path)["4a"]
    assert verdict.failures == 2
    assert verdict.counterexample is not None
    assert f"chain {early[CHAIN]} " in verdict.counterexample
    assert "a gap" in verdict.counterexample
    assert "#2 redis_stop redis" in verdict.counterexample


def test_the_bound_of_a_zero_is_three_by_how_often_one_looked(tmp_path: Path) -> None:
    found = verdicts(Tampered(), tmp_path)["4a"]
    assert found.bound == 3 / found.checked


def test_what_is_no_json_is_named_by_its_place(tmp_path: Path) -> None:
    run = Tampered()
    run.write(tmp_path)
    with (tmp_path / "history" / "calls.jsonl").open("ab") as file:
        file.write(b'{"op": "se')
    with pytest.raises(ValueError, match=r"calls.jsonl:\d+"):
        verdicts_of(tmp_path)


def verdicts_of(folder: Path) -> None:
    from tests.faults.checker import judge

    judge(folder)


def test_workspaces_have_no_order_between_them(tmp_path: Path) -> None:
    run = Tampered()
    for line in run.events(chat=12):
        before = run.near(line)[0]
        if before[0] == "e" and before[TYPE] == "message.created" and before[CHAT] in (10, 11):
            _exchange(before, line)
            break
    assert red(run, tmp_path) == set()


def _exchange(one: list[object], other: list[object]) -> None:
    """Neighbours of two workspaces, each with its own place, in the other order."""
    first, second = read_cursor(str(one[ID])), read_cursor(str(other[ID]))
    assert first
    assert second
    between = {1: Place(EPOCH, first[1].position - 1), 2: second[2]}
    one[TYPE:], other[TYPE:] = other[TYPE:], one[TYPE:]
    one[TIME] = other[TIME]
    one[ID], other[ID] = write_cursor(between), write_cursor(second)
