"""Scrolling through a long history that is loaded on the way, and through what is in memory then."""

from playwright.sync_api import Browser

from bench.rounds import Sample
from bench.setting import Setting
from bench.web_browser import Tab
from bench.web_figures import frames
from bench.web_world import Office

STEP = 600
"""Pixels a frame: most of a screen."""


def scrolling(browser: Browser, office: Office, setting: Setting) -> dict[str, Sample]:
    with Tab(browser, office.url) as tab:
        tab.sign_in(office.email, f"/chats/{office.long}")
        up = tab.ask(f"__bench.scroll({-STEP}, {setting.size(300, 10)})")
        loaded = tab.in_memory(office.long)
        down = tab.ask(f"__bench.scroll({STEP}, {setting.size(30, 3)})")
    return {
        "up, loading what comes": {"loaded": loaded, **frames(up)},
        "down again": {"loaded": loaded, **frames(down)},
    }
