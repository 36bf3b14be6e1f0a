"""How long a fault is felt is measured from its end, by what steady clients see."""

from pathlib import Path

import pytest

from tests.faults.checker.history import load
from tests.faults.checker.percentiles import percentile, slope
from tests.faults.checker.recovery import Recovery, by_group, by_kind, joined, recoveries
from tests.faults.tampered import Tampered


def measured(run: Tampered, folder: Path) -> dict[str, Recovery]:
    return {one.fault.kind: one for one in recoveries(load(run.write(folder)))}


def test_a_fault_that_nobody_feels_is_over_at_once(tmp_path: Path) -> None:
    found = measured(Tampered(), tmp_path)
    assert found["web_kill_9"].seconds == found["redis_stop"].seconds == 0
    assert not found["web_kill_9"].shared


def test_streams_that_come_back_late_lag_until_they_have_what_they_missed(tmp_path: Path) -> None:
    run = Tampered()
    assert 1.5 < measured(run, tmp_path)["link_reset"].seconds < 2


def test_what_begins_to_lag_within_a_second_of_the_end_is_seen(tmp_path: Path) -> None:
    """A reset is over as soon as it has begun: nothing is late by then."""
    run = Tampered()
    fault = next(fault for fault in run.faults if fault["kind"] == "link_reset")
    assert fault["began"] == fault["healed"]
    assert measured(run, tmp_path)["link_reset"].seconds > 1


def test_that_no_send_is_answered_is_a_lag(tmp_path: Path) -> None:
    run = Tampered()
    fault = next(fault for fault in run.faults if fault["kind"] == "postgres_stop")
    first = min(call["ended"] for call in run.made("send") if call["ended"] > fault["healed"])
    assert measured(run, tmp_path)["postgres_stop"].seconds == pytest.approx(first - fault["healed"], abs=0.1)


def test_a_recovery_in_which_another_fault_was_active_counts_as_shared(tmp_path: Path) -> None:
    run = Tampered()
    fault = next(fault for fault in run.faults if fault["kind"] == "link_reset")
    times = {"began": fault["healed"] + 1, "healed": fault["healed"] + 9}
    run.faults.append({"n": 90, "kind": "beat_stop", "target": "beat", "detail": {}, **times})
    found = recoveries(load(run.write(tmp_path)))
    assert [one.shared for one in found if one.fault.kind == "link_reset"] == [True]
    summary = next(summary for summary in by_kind(found) if summary.name == "link_reset")
    assert (summary.injected, summary.measured, summary.p99) == (1, 0, 0)


def test_a_fault_that_could_not_be_injected_has_no_recovery(tmp_path: Path) -> None:
    run = Tampered()
    run.faults[0] |= {"kind": "not_injected", "detail": {"kind": "web_kill_9", "why": "none"}}
    assert "web_kill_9" not in measured(run, tmp_path)


def test_groups_are_held_to_their_limits(tmp_path: Path) -> None:
    run = Tampered()
    found = {summary.name: summary for summary in by_group(recoveries(load(run.write(tmp_path))))}
    assert set(found) == {"process", "redis", "postgres", "link"}
    assert all(summary.holds for summary in found.values())
    assert not found["link"]._replace(p99=15.1).holds
    assert found["postgres"].limit == 10


def test_the_workloads_own_lateness_is_nobody_elses_lag(tmp_path: Path) -> None:
    run = Tampered()
    fault = next(fault for fault in run.faults if fault["kind"] == "link_reset")
    run.lines.append(["lag", fault["healed"] + 4, 4.0])
    assert measured(run, tmp_path)["link_reset"].seconds < 0.1


def test_spans_that_meet_are_one() -> None:
    assert joined([(5, 6), (1, 3), (2, 4), (4, 4.5)]) == [(1, 4.5), (5, 6)]


def test_percentiles_are_values_that_were_there() -> None:
    assert percentile([3, 1, 2], 50) == 2
    assert percentile(range(1, 101), 99) == 99
    assert percentile([], 99) == 0


def test_a_few_wild_values_do_not_turn_the_slope() -> None:
    assert slope([[(n, 10 + 2 * n + (500 if n % 10 == 0 else 0)) for n in range(50)]]) == pytest.approx(2, abs=0.1)
    assert slope([[(1, 1)], [(2, 9)]]) is None
