"""Whatever becomes of a fault, it is written down and healed, and nobody else's fault gets in between."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import orjson
import pytest

from tests.faults import injection
from tests.faults.errors import RigError
from tests.faults.injection import Injection
from tests.faults.journal import Journal
from tests.faults.kinds.kind import Detail, Fault, Kind, Rig, each
from tests.faults.system import System

pytestmark = pytest.mark.by_the_clock

Happened = list[tuple[str, int]]


@pytest.fixture
def happened(monkeypatch: pytest.MonkeyPatch) -> Happened:
    """What the stand-in for all faults has done, in order."""
    happened: Happened = []

    @contextmanager
    def inject(rig: Rig, fault: Fault) -> Iterator[Detail]:
        happened.append(("broken", fault.n))
        if fault.parameters.get("fails"):
            raise RigError("it cannot be done")
        try:
            yield {"tail": 7, "seen": True}
        finally:
            time.sleep(fault.parameters.get("heals", 0))
            happened.append(("healed", fault.n))

    kinds = [Kind("break", "process", inject, each("a", "b")), Kind("alone", "process", inject, each("c"), alone=0.3)]
    monkeypatch.setattr(injection, "KINDS", {kind.name: kind for kind in kinds})
    return happened


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    journal = Journal(tmp_path / "faults.jsonl")
    yield Rig(cast(System, None), journal, journal, threading.Event())
    journal.close()


def inject(rig: Rig, *faults: Fault, seconds: float = 10) -> Injection:
    injection = Injection(rig, lambda line: None)
    injection.run(faults, seconds, lambda: None)
    return injection


def a_fault(
    n: int, target: str = "a", delay: float = 0.0, seconds: float = 0.1, kind: str = "break", **told: Any
) -> Fault:
    return Fault(n, delay, kind, target, seconds, told)


def lines(folder: Path) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in (folder / "faults.jsonl").read_bytes().splitlines()]


def test_each_is_written_down_with_its_times(rig: Rig, happened: Happened, tmp_path: Path) -> None:
    began = time.monotonic()
    inject(rig, a_fault(1, seconds=0.2)).wait()
    (line,) = lines(tmp_path)
    assert (line["n"], line["kind"], line["target"], line["tail"]) == (1, "break", "a", 7)
    assert line["detail"] == {"seen": True}
    assert began < line["began"] < line["began"] + 0.2 <= line["healed"] < time.monotonic()


def test_two_overlap_unless_they_want_the_same(rig: Rig, happened: Happened) -> None:
    inject(rig, a_fault(1, "a", heals=0.3), a_fault(2, "b"), a_fault(3, "a")).wait()
    assert happened.index(("broken", 2)) < happened.index(("healed", 1)) < happened.index(("broken", 3))


def test_one_that_is_to_be_alone_waits_until_all_has_been_well_for_a_while(
    rig: Rig, happened: Happened, tmp_path: Path
) -> None:
    inject(rig, a_fault(1, "a", heals=0.3), a_fault(2, "c", kind="alone")).wait()
    first, second = lines(tmp_path)
    assert second["began"] - first["healed"] >= 0.29


def test_one_that_cannot_be_injected_is_named_and_the_others_go_on(
    rig: Rig, happened: Happened, tmp_path: Path
) -> None:
    done = inject(rig, a_fault(1, fails=True), a_fault(2))
    done.wait()
    assert [line["kind"] for line in lines(tmp_path)] == ["not_injected", "break"]
    assert [(fault.n, why) for fault, why in done.failed] == [(1, "RigError: it cannot be done")]


def test_when_the_run_is_over_all_heal_at_once(rig: Rig, happened: Happened) -> None:
    began = time.monotonic()
    going = inject(rig, a_fault(1, "a", seconds=60), a_fault(2, "b", seconds=60))
    rig.over.set()
    going.wait()
    assert sorted(happened) == [("broken", 1), ("broken", 2), ("healed", 1), ("healed", 2)]
    assert time.monotonic() - began < 5


def test_no_fault_begins_when_its_time_is_over(rig: Rig, happened: Happened) -> None:
    inject(rig, a_fault(1), a_fault(2, "b", delay=0.4), seconds=0.3).wait()
    assert ("broken", 2) not in happened


def test_it_is_known_which_fault_has_its_hands_on_a_process(rig: Rig, happened: Happened) -> None:
    going = inject(rig, a_fault(5, "a", seconds=60))
    assert (going.active_on("a"), going.active_on("b")) == (5, None)
    rig.over.set()
    going.wait()
    assert going.active_on("a") is None
