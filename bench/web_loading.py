"""From nothing to a usable chat, and from one chat to the next."""

from playwright.sync_api import Browser

from bench.rounds import Sample
from bench.setting import Setting
from bench.web_browser import Tab
from bench.web_figures import shares
from bench.web_world import OTHERS, Office

IDLE = 3_000
"""Milliseconds in which the page loads what may be wanted next."""


def loading(browser: Browser, office: Office, setting: Setting) -> Sample:
    rooms = office.rooms[:: max(1, len(office.rooms) // OTHERS)][1 : setting.size(20, 4)]
    with Tab(browser, office.url) as tab:
        sample = tab.sign_in(office.email, f"/chats/{office.rooms[0]}")
        tab.page.wait_for_timeout(IDLE)
        sample |= tab.wire.sample("at rest")
        first, again = ([tab.open(room, office.names[room]) for room in rooms] for _ in range(2))
    return sample | shares("first", first) | shares("again", again)
