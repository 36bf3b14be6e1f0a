"""Debian's Chromium, driven by Playwright: people at the web client of a running system."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, TimeoutError, sync_playwright

from tests.journeys.people import PASSWORD, Guest, Person

HOW = "No Chromium: sudo apt install chromium"

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}

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

    def __init__(self, browser: Browser, who: Person | Guest, **options: Any) -> None:
        guest = who if isinstance(who, Guest) else who.guest
        self.person, self.url, self.notify_url = who, guest.url, guest.notify_url
        self.context: BrowserContext = browser.new_context(**options)
        self.context.set_default_timeout(60_000)
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
        if method == "GET" and url.startswith(f"{self.notify_url}/api/notifications/events"):
            self.streams.append(url)

    def at(self, path: str = "/") -> Page:
        self.page.goto(f"{self.url}{path}")
        return self.page

    def knock(self, path: str = "/", password: str = PASSWORD) -> Page:
        """Gives address and password, whatever comes of it."""
        assert isinstance(self.person, Person)
        page = self.at(path)
        page.fill("input[name=email]", self.person.email)
        page.fill("input[name=password]", password)
        page.click("button[type=submit]")
        return page

    def sign_in(self, path: str = "/", password: str = PASSWORD) -> Page:
        page = self.knock(path, password)
        page.wait_for_selector(".sidebar", state="attached")
        return page

    def close(self) -> None:
        self.context.close()


def write(page: Page, text: str) -> None:
    page.fill("textarea", text)
    page.press("textarea", "Enter")


def menu(page: Page, button: str) -> None:
    """Opens it, and waits until keys reach it."""
    page.click(button)
    page.locator(".menu-item:focus").wait_for()


def typing_is_seen(type_: Callable[[], object], by: Page, who: str) -> None:
    """It is told to those who are there at that moment, and to nobody later: what is lost on its way is lost."""
    seen = by.locator(f".typing:has-text('{who}')")
    for _ in range(20):
        type_()
        with suppress(TimeoutError):
            return seen.wait_for(timeout=3_000)
    seen.wait_for()


def sees(page: Page, text: str, times: int = 1) -> None:
    """Waits until it stands in the conversation, so many times and solid."""
    solid = page.locator(".messages .message:not(.pending):not(:has(.failed))", has_text=text)
    solid.nth(times - 1).wait_for()
    assert solid.count() == times


Sit = Callable[..., Seat]


class Room:
    """Two people in a channel of their workspace."""

    def __init__(self, sign_up: Callable[..., Person]) -> None:
        self.ann, self.bob = sign_up("Ann", "Acme"), sign_up("Bob")
        self.workspace = self.ann.workspace()["id"]
        self.ann.bring_in(self.workspace, self.bob)
        self.chat = self.ann.make_chat(self.workspace, "public_channel", "general", self.bob)["id"]
        self.path = f"/chats/{self.chat}"
