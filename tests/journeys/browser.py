"""Debian's Chromium, driven by Playwright: people at the web client of a running system."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.journeys.people import PASSWORD, Person

HOW = "No Chromium: sudo apt install chromium"

ALLOWED = ("Failed to load resource", "net::ERR_")
"""What the browser itself says in its console of an answer or a line that was no good."""


@contextmanager
def a_browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip(HOW)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


class Seat:
    """One person's browser, with what went wrong in it; `page` is its first tab."""

    def __init__(self, browser: Browser, person: Person, **options: Any) -> None:
        self.person, self.url = person, person.guest.url
        self.context: BrowserContext = browser.new_context(**options)
        self.context.set_default_timeout(20_000)
        self.complaints: list[str] = []
        self.streams: list[str] = []
        self.page = self.tab()

    def tab(self) -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self._heard(said.type, said.text))
        page.on("request", lambda request: self._asked(request.method, request.url))
        return page

    def _heard(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not any(word in text for word in ALLOWED):
            self.complaints.append(text)

    def _asked(self, method: str, url: str) -> None:
        if method == "GET" and url.startswith(f"{self.person.guest.notify_url}/api/notifications/events"):
            self.streams.append(url)

    def sign_in(self, path: str = "/") -> Page:
        self.page.goto(f"{self.url}{path}")
        self.page.fill("input[name=email]", self.person.email)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("button[type=submit]")
        self.page.wait_for_selector(".sidebar")
        return self.page

    def close(self) -> None:
        self.context.close()


def write(page: Page, text: str) -> None:
    page.fill("textarea", text)
    page.keyboard.press("Enter")


def sees(page: Page, text: str, times: int = 1) -> None:
    """Waits until it stands in the conversation, so many times and solid."""
    solid = page.locator(".messages .message:not(.pending):not(:has(.failed))", has_text=text)
    solid.nth(times - 1).wait_for()
    assert solid.count() == times


Sit = Callable[..., Seat]
