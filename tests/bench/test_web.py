"""What the figures of the web client are made of, and that it is said where there is no browser."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from bench import web
from bench.setting import Setting
from bench.web_browser import Wire
from bench.web_figures import frames, shares, slope
from bench.web_tasks import long_tasks

MAIN = {"name": "thread_name", "ph": "M", "pid": 7, "tid": 1, "args": {"name": "CrRendererMain"}}


def event(name: str, begin: float, end: float, tid: int = 1) -> Mapping[str, Any]:
    """Milliseconds; half of it on the CPU."""
    place = {"ph": "X", "pid": 7, "tid": tid, "ts": begin * 1000}
    return {"name": name, "dur": (end - begin) * 1000, "tdur": (end - begin) * 500, **place}


def trace(*events: Mapping[str, Any]) -> bytes:
    return json.dumps({"traceEvents": [*events, MAIN]}).encode()


def test_only_tasks_of_the_page_over_50_ms_are_long() -> None:
    found = long_tasks(trace(event("RunTask", 0, 50), event("RunTask", 60, 120), event("RunTask", 0, 900, tid=2)))
    assert [(task.took, task.cpu, task.ours) for task in found] == [(60, 30, 0)]


def test_ours_is_the_code_with_what_it_has_laid_out_and_without_the_collector() -> None:
    (task,) = long_tasks(
        trace(
            event("RunTask", 100, 300),
            event("FunctionCall", 110, 180),
            event("FunctionCall", 120, 150),  # within the other
            event("Layout", 130, 140),
            event("MinorGC", 160, 170),
            event("V8.GCScavenger", 161, 169),
            event("RunMicrotasks", 180, 190),
            event("Layout", 200, 290),
            event("FunctionCall", 301, 400),  # of the next task
        )
    )
    assert task.ours == pytest.approx(70)


def test_growth_is_that_of_the_whole_and_not_of_its_ends() -> None:
    assert slope([(minute / 4, 20 + minute / 4 * 0.5) for minute in range(40)]) == pytest.approx(0.5)
    assert abs(slope([(minute / 4, 20 + minute % 2) for minute in range(40)])) < 0.05


def test_frames_that_should_have_been_are_dropped() -> None:
    found = frames([16.7] * 8 + [50.0, 33.3])
    assert found["frames"] == 10
    assert found["dropped"] == pytest.approx(100 * 3 / 13)
    assert found["longest"] == 50


def test_shares_are_of_all_values() -> None:
    assert shares("x", [float(number) for number in range(1, 101)]) == {"x p50": 50, "x p99": 99}


def test_the_wire_knows_headers_from_bodies_and_what_is_loaded_from_what_is_answered() -> None:
    wire = Wire()
    wire.kinds |= {"a": "Script", "b": "Fetch", "c": "Fetch"}
    for name, head, body in (("a", 300, 2000), ("b", 200, 700)):
        wire._began({"requestId": name, "response": {"encodedDataLength": head}})
        wire._came({"requestId": name, "encodedDataLength": body - 1})
        wire._ended({"requestId": name, "encodedDataLength": head + body})
    wire._came({"requestId": "c", "encodedDataLength": 30})  # the stream, which goes on
    wire._came({"requestId": "c", "encodedDataLength": 20})
    assert wire.sample("now") == {"requests now": 3, "loaded now": 2.0, "answers now": 0.75, "headers now": 0.5}


def test_without_a_browser_all_is_left_out_with_the_way_to_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    setting = Setting(tiny=True)
    report = web.run(setting)
    assert "sudo apt install chromium" in setting.skipped[0]
    assert report.met
    assert {target.cells()[2] for target in report.targets} == {"-"}
    assert "not measured: there is no Chromium" in report.text()
