"""The web client in a real browser: what it loads, how soon one can write, and how it bears a busy day."""

import shutil
from collections.abc import Mapping
from functools import partial
from importlib.util import find_spec

from bench.chart import Bars, Lines
from bench.report import Cell, Report, Table, Target
from bench.rounds import Sample, Spread, alternate
from bench.setting import Setting
from bench.system import System
from bench.web_figures import Series, slope

LOAD, TYPING = "loading", "typing"
MISSING = {
    "Chromium": "there is no Chromium on the PATH: sudo apt install chromium",
    "Playwright": "there is no Playwright, which requirements-test.txt names",
}
Found = Mapping[str, Mapping[str, Spread]]


def run(setting: Setting) -> Report:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    missing = "Playwright" if find_spec("playwright") is None else "" if path else "Chromium"
    if missing:
        setting.skip("the web client", MISSING[missing])
        return _report([Table("Nothing", ["", "why"], [["web", MISSING[missing]]])], _unmeasured(MISSING[missing]))
    return _measured(setting, str(path))


def _measured(setting: Setting, path: str) -> Report:
    from bench import web_loading, web_scroll, web_typing
    from bench.web_browser import a_browser
    from bench.web_world import Office

    with (
        System("web", "worker", "notify", FECHATTER_ENV="production", RATE_LIMITS="on") as system,
        a_browser(path) as browser,
    ):
        office = Office(system, setting)
        setting.say(f"{len(office.names)} chats; of the open one {office.in_memory:,} messages in memory")
        turns = {
            LOAD: partial(web_loading.loading, browser, office, setting),
            TYPING: partial(web_typing.typing, browser, office, setting),
        }
        found = alternate(turns, setting.rounds)
        setting.say("the heap over some minutes")
        series = web_typing.heap(browser, office, setting)
        setting.say(f"scrolling through {office.history:,} messages")
        scrolled = web_scroll.scrolling(browser, office, setting)
    load, typed = found[LOAD], found[TYPING]
    tables = [_wire(load), _times(load), _typing(typed), _heap(series), _scrolling(scrolled)]
    return _report(tables, _targets(load, typed, series), _charts(load, series))


def _report(tables: list[Table], targets: list[Target], charts: list[Bars | Lines] | None = None) -> Report:
    return Report("web", "The web client in Chromium, from nothing to ten busy minutes", tables, targets, charts or [])


def _wire(load: Mapping[str, Spread]) -> Table:
    rows: list[list[Cell]] = [
        [
            f"until {name}",
            load[f"requests {key}"],
            load[f"loaded {key}"],
            load[f"answers {key}"],
            load[f"headers {key}"],
        ]
        for name, key in (("the sign-in page", "to sign in"), ("a usable chat", "to chat"), ("it rests", "at rest"))
    ]
    columns = ("", "requests", "page, code and styles (KB)", "answers of the API (KB)", "headers (KB)")
    note = "Compressed, as they come. A proxy that speaks HTTP/2 compresses the headers too."
    return Table("Over the wire, with nothing in the cache", columns, rows, note)


def _times(load: Mapping[str, Spread]) -> Table:
    rows: list[list[Cell]] = [
        ["from navigation to the sign-in page", load["door"], "-"],
        ["from signing in to a usable chat", load["signed in"], "-"],
        ["opening a chat for the first time", load["first p50"], load["first p99"]],
        ["opening it again", load["again p50"], load["again p99"]],
    ]
    note = "From the click to the frame that shows it; usable is with the list of chats, messages and a composer."
    return Table("Milliseconds", ["", "p50", "p99"], rows, note)


def _typing(typed: Mapping[str, Spread]) -> Table:
    rows: list[list[Cell]] = [
        ["messages a second: answered 201", typed["posted"]],
        ["messages a second: come in", typed["came"]],
        ["messages in memory of the open chat", typed["in memory"]],
        ["keys", typed["keys"]],
        ["from a key to the page's hearing of it, p50 (ms)", typed["delay p50"]],
        ["from a key to the page's hearing of it, p99 (ms)", typed["delay p99"]],
        ["from a key to the frame that shows it, p50 (ms)", typed["shown p50"]],
        ["from a key to the frame that shows it, p99 (ms)", typed["shown p99"]],
        ["tasks over 50 ms", typed["long"]],
        ["longest of them (ms)", typed["longest"]],
        ["longest of them, CPU time (ms)", typed["longest cpu"]],
        ["tasks with over 50 ms of our code", typed["ours"]],
        ["longest our code was in a long task (ms)", typed["longest of ours"]],
    ]
    note = "Our code: with the layout that it forces, without the garbage collector. 16 ms is the least that is told."
    return Table("Typing while messages come in", ["", "in a turn"], rows, note)


def _heap(series: Series) -> Table:
    rows: list[list[Cell]] = [
        ["samples", len(series)],
        ["minutes", series[-1][0]],
        ["first (MB)", series[0][1]],
        ["lowest (MB)", min(size for _, size in series)],
        ["highest (MB)", max(size for _, size in series)],
        ["last (MB)", series[-1][1]],
        ["growth (MB a minute)", slope(series)],
    ]
    return Table("The heap meanwhile, behind forced collections", ["", ""], rows, "Once; growth by least squares.")


def _scrolling(scrolled: Mapping[str, Sample]) -> Table:
    rows: list[list[Cell]] = [
        [name, int(one["loaded"]), int(one["frames"]), one["dropped"], one["p99"], one["longest"]]
        for name, one in scrolled.items()
    ]
    columns = ("", "messages in memory", "frames", "dropped (%)", "frame, p99 (ms)", "longest (ms)")
    return Table("Scrolling through a long history, most of a screen in each frame", columns, rows, "Once.")


WANTED = {
    "first load: page, code and styles, KB": 100,
    "from signing in to a usable chat, ms": 1000,
    "opening a chat for the first time, p50 (ms)": 100,
    "opening a chat again, p50 (ms)": 100,
    "tasks with over 50 ms of our code while typing, most in a turn": 0,
    "growth of the heap, MB a minute": 0.1,
}


def _targets(load: Mapping[str, Spread], typed: Mapping[str, Spread], series: Series) -> list[Target]:
    got = (
        load["loaded to chat"].median,
        load["signed in"].median,
        load["first p50"].median,
        load["again p50"].median,
        max(typed["ours"].values),
        slope(series),
    )
    return [Target(what, wanted, each, False) for (what, wanted), each in zip(WANTED.items(), got, strict=True)]


def _unmeasured(why: str) -> list[Target]:
    return [Target(what, wanted, None, False, why) for what, wanted in WANTED.items()]


def _charts(load: Mapping[str, Spread], series: Series) -> list[Bars | Lines]:
    bars = {
        "to the sign-in page": load["door"],
        "from there to a usable chat": load["signed in"],
        "a chat for the first time": load["first p50"],
        "a chat again": load["again p50"],
    }
    heap = Lines("Heap while messages come in", "MB", "minutes", {"heap": list(series)}, logarithmic=False)
    return [Bars("Until one can go on", "ms", bars, list(bars)), heap]
