"""The schedule follows from its seed, keeps its pace, and never breaks what another fault has its hands on."""

from collections import Counter
from itertools import pairwise

import pytest

from tests.faults.kinds import ALL, KINDS
from tests.faults.kinds.kind import Fault
from tests.faults.options import read_options
from tests.faults.schedule import plan, plans

SEEDS = range(1, 30)
LONG = 1200.0


def beginnings(faults: list[Fault]) -> list[tuple[float, Fault]]:
    """Each fault with the time at which it is due."""
    due, found = 0.0, []
    for fault in faults:
        due += fault.delay
        found.append((due, fault))
    return found


def test_the_same_seed_gives_the_same_faults_and_another_seed_others() -> None:
    assert plan(7, LONG, ALL) == plan(7, LONG, ALL)
    assert plan(7, LONG, ALL) != plan(8, LONG, ALL)


@pytest.mark.parametrize("seed", SEEDS)
def test_each_kind_comes_once_before_any_comes_twice(seed: int) -> None:
    kinds = [fault.kind for fault in plan(seed, LONG, ALL)]
    for begin in range(0, len(kinds) - len(ALL), len(ALL)):
        assert set(kinds[begin : begin + len(ALL)]) == set(KINDS)


@pytest.mark.parametrize("seed", SEEDS)
def test_one_comes_about_every_five_seconds_until_the_time_is_over(seed: int) -> None:
    faults = plan(seed, LONG, ALL)
    assert 4.5 < LONG / len(faults) < 6
    due, last = beginnings(faults)[-1]
    assert LONG - 20 < due < LONG
    assert due + last.seconds <= LONG + 0.01


@pytest.mark.parametrize("seed", SEEDS)
def test_about_a_fifth_overlap_with_the_next(seed: int) -> None:
    faults = plan(seed, LONG, ALL)
    meet = sum(fault.seconds >= after.delay or after.delay <= 0.6 for fault, after in pairwise(faults))
    assert 0.1 < meet / len(faults) < 0.4


@pytest.mark.parametrize("seed", SEEDS)
def test_no_two_faults_have_their_hands_on_the_same_thing(seed: int) -> None:
    until: dict[str, float] = {}
    for due, fault in beginnings(plan(seed, LONG, ALL)):
        for thing in KINDS[fault.kind].claimed(fault.target):
            assert until.get(thing, 0) <= due + 0.1, f"{fault} breaks {thing}, which is not healed yet"
            until[thing] = due + fault.seconds


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_to_be_measured_alone_is_alone(seed: int) -> None:
    faults = beginnings(plan(seed, LONG, ALL))
    for due, fault in faults:
        quiet = KINDS[fault.kind].alone
        others = [(begun, other) for begun, other in faults if other is not fault]
        assert not quiet or not any(
            begun < due + fault.seconds and begun + other.seconds > due - quiet + 0.1 for begun, other in others
        )


def test_whatever_needs_postgresql_to_act_or_to_heal_has_it() -> None:
    needing = [kind for kind in ALL if kind.group in ("postgres", "feed")]
    assert all("postgres" in kind.claimed(kind.targets[0][0]) for kind in needing)


def test_every_mode_comes_to_every_class_of_links() -> None:
    links = [fault for fault in plan(3, 3600, ALL) if fault.kind.startswith("link_")]
    classes = Counter((fault.kind, fault.target.translate({ord("1"): None, ord("2"): None})) for fault in links)
    assert len(classes) == 7 * 8
    assert max(classes.values()) - min(classes.values()) <= 1


def test_a_fault_that_may_be_long_is_long_sometimes() -> None:
    away = KINDS["redis_away"]
    for kinds in (ALL, (away,)):
        seconds = [fault.seconds for seed in SEEDS for fault in plan(seed, LONG, kinds) if fault.kind == away.name]
        assert min(seconds) >= 5
        assert max(seconds) > 50


def test_only_limits_it_to_kinds_and_groups() -> None:
    options = read_options(["--only", "web_kill_9,redis", "--seed", "5"])
    faults = plan(5, 300, options.kinds)
    assert {fault.kind for fault in faults} == {kind.name for kind in ALL if kind.group == "redis"} | {"web_kill_9"}


def test_an_unknown_kind_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read_options(["--only", "earthquake"])
    assert "earthquake" in capsys.readouterr().err


def test_several_seeds_share_the_time() -> None:
    faults = plans((1, 2, 3), 3600, ALL)
    assert [fault.n for fault in faults] == list(range(1, len(faults) + 1))
    assert 3500 < sum(fault.delay for fault in faults) < 3620
    assert [fault.kind for fault in faults[:30]] == [fault.kind for fault in plan(1, 1200, ALL)[:30]]
