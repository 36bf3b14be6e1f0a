"""Long tasks of a page out of a trace of Chromium: how long each took, and how much of that our own code."""

import json
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

LONG = 50.0
"""Milliseconds."""

CATEGORIES = ["devtools.timeline", "disabled-by-default-devtools.timeline", "v8", "__metadata"]
MAIN = "CrRendererMain"
SCRIPT = {"FunctionCall", "EvaluateScript", "v8.evaluateModule", "v8.compile", "RunMicrotasks"}
COLLECTOR = {"MajorGC", "MinorGC", "V8.GCScavenger", "V8.GCFinalizeMC", "BlinkGC.AtomicPhase"}

Span = tuple[float, float]


class Task(NamedTuple):
    """Milliseconds: of the clock, of the CPU, and of the clock in our code. What the code makes the browser lay out at
    once counts as ours; the garbage collector does not, nor do layout and painting by themselves."""

    took: float
    cpu: float
    ours: float


def long_tasks(trace: bytes) -> list[Task]:
    events = json.loads(trace)["traceEvents"]
    main = {(one["pid"], one["tid"]) for one in events if one["name"] == "thread_name" and one["args"]["name"] == MAIN}
    found: list[Task] = []
    for thread in main:
        mine = [one for one in events if one["ph"] == "X" and (one["pid"], one["tid"]) == thread]
        script, collector = _spans(mine, SCRIPT), _spans(mine, COLLECTOR)
        for task in mine:
            took = task.get("dur", 0) / 1000
            if task["name"] == "RunTask" and took > LONG:
                whole = [(task["ts"], task["ts"] + task["dur"])]
                code = _common(script, whole)
                ours = (_length(code) - _length(_common(code, collector))) / 1000
                found.append(Task(took, task.get("tdur", 0) / 1000, ours))
    return found


def _spans(events: Iterable[dict[str, Any]], names: Collection[str]) -> list[Span]:
    """Of these events, those within others being one with them; in order."""
    spans: list[Span] = []
    for begin, end in sorted((one["ts"], one["ts"] + one.get("dur", 0)) for one in events if one["name"] in names):
        if spans and begin <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((begin, end))
    return spans


def _common(one: list[Span], other: list[Span]) -> list[Span]:
    both = ((max(a, c), min(b, d)) for a, b in one for c, d in other)
    return [(begin, end) for begin, end in both if begin < end]


def _length(spans: list[Span]) -> float:
    return sum(end - begin for begin, end in spans)
