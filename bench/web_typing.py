"""Typing while a hundred messages a second come in: long tasks, how long a key waits, and whether the heap grows."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser

from bench.rounds import Sample
from bench.setting import Setting
from bench.web_browser import Tab
from bench.web_figures import Series, shares
from bench.web_tasks import CATEGORIES, LONG, long_tasks
from bench.web_world import Office

WORDS = "what one writes while all the others are writing too "
PAUSE = 60
"""Milliseconds between two keys."""

WARM = 2.0
"""Minutes before the heap counts."""

SHORTEST = 16.0
"""Milliseconds that count for a key which was shown sooner: Chromium does not tell of these."""


def typing(browser: Browser, office: Office, setting: Setting) -> Sample:
    seconds = setting.size(30, 3)
    with _settled(browser, office) as tab, office.flood(seconds + 4) as flood:
        write(tab, 1)
        tab.ask("__bench.taken()")
        came, began = _came(tab), time.monotonic()
        browser.start_tracing(page=tab.page, categories=CATEGORIES)
        keys = write(tab, seconds)
        tasks = long_tasks(browser.stop_tracing())
        told, took = tab.ask("__bench.taken()"), time.monotonic() - began
        rate = (_came(tab) - came) / took
        memory = tab.in_memory(office.flooded)
    delays = told["delays"]
    shown = [SHORTEST] * max(0, len(delays) - len(told["shown"])) + told["shown"]
    return {
        "posted": flood.rate,
        "came": rate,
        "in memory": memory,
        "keys": keys,
        "long": len(tasks),
        "longest": max((task.took for task in tasks), default=0),
        "longest cpu": max((task.cpu for task in tasks), default=0),
        "ours": sum(task.ours > LONG for task in tasks),
        "longest of ours": max((task.ours for task in tasks), default=0),
        **shares("delay", delays),
        **shares("shown", shown),
    }


def heap(browser: Browser, office: Office, setting: Setting) -> Series:
    """(minutes, megabytes), each behind a forced collection."""
    warm, minutes, apart = (0.03, 0.1, 1.5) if setting.tiny else (WARM, 10.0, 15.0)
    series = list[tuple[float, float]]()
    with _settled(browser, office) as tab, office.flood((warm + minutes) * 60 + 10):
        began = time.monotonic() + warm * 60
        while (at := (time.monotonic() - began) / 60) < minutes:
            if at >= 0:
                series.append((at, tab.heap()))
                tab.ask("__bench.taken()")  # else what is kept for it would grow
            write(tab, apart)
    return series


def write(tab: Tab, seconds: float) -> int:
    """Types, and sends every now and then; how many keys that were."""
    until, keys = time.monotonic() + seconds, 0
    tab.page.focus(".composer textarea")
    while time.monotonic() < until:
        tab.page.keyboard.type(WORDS[keys % len(WORDS)], delay=PAUSE)
        keys += 1
        if keys % (4 * len(WORDS)) == 0:
            tab.page.keyboard.press("Enter")
    return keys


@contextmanager
def _settled(browser: Browser, office: Office) -> Iterator[Tab]:
    """In the open chat, with all in memory that is to be there before more comes."""
    with Tab(browser, office.url) as tab:
        tab.sign_in(office.email, f"/chats/{office.flooded}")
        tab.load_history(office.flooded, office.in_memory)
        yield tab


def _came(tab: Tab) -> int:
    """Messages of all chats that the page knows of."""
    chats = "Object.values(state.value.chats.byId)"
    code = f'import("/assets/js/store.js").then(({{ state }}) => {chats}.reduce((sum, chat) => sum + chat.last_seq, 0))'
    return int(tab.ask(code))
