"""What the web client says while web, or notify, or one single request is away."""

import os
import re
import signal

from playwright.sync_api import Page, Route

from tests.journeys.browser import Room, Sit, sees, write
from tests.journeys.conftest import System

LOOK_OUT = """() => {
    globalThis.banners = [];
    new MutationObserver(() => {
        const banner = document.querySelector(".banner");
        if (banner) globalThis.banners.push(banner.textContent.trim());
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""


def shown(page: Page) -> set[str]:
    """What has stood in the banner since the page was told to look out."""
    return set(page.evaluate("globalThis.banners"))


def refuse(route: Route) -> None:
    route.abort("connectionrefused")


def test_with_web_away_it_says_that_nothing_can_be_sent_and_sends_it_afterwards(room: Room, sit: Sit) -> None:
    seat = sit(room.ann)
    page = seat.sign_in(room.path)
    page.wait_for_selector("text=Connected")
    api = re.compile(re.escape(f"{seat.url}/api/"))
    page.route(api, refuse)
    page.evaluate(LOOK_OUT)
    write(page, "into the void")
    page.wait_for_selector(".banner:has-text('Nothing can be sent just now')")
    page.wait_for_selector(".me-button:has-text('Not connected')")
    room.bob.say(room.chat, "this comes all the same")
    sees(page, "this comes all the same")
    page.wait_for_selector(".waiting:has-text('Waiting for the connection')")
    page.wait_for_timeout(9_000)  # formerly it was said then that it had failed
    assert page.locator(".waiting button").all_inner_texts() == ["Discard"]
    assert page.locator(".failed").count() == 0
    page.unroute(api)
    page.wait_for_selector(".banner", state="detached")
    sees(page, "into the void")
    assert [message["content"] for message in room.ann.history(room.chat)].count("into the void") == 1
    assert all(words.startswith("Nothing can be sent") for words in shown(page))


def test_with_notify_away_it_says_that_nothing_comes_in_and_what_one_writes_is_sent(
    system: System, room: Room, sit: Sit
) -> None:
    seat = sit(room.ann)
    page = seat.sign_in(room.path)
    page.wait_for_selector("text=Connected")
    stream = re.compile(re.escape(f"{seat.notify_url}/api/"))
    page.route(stream, refuse)
    page.evaluate(LOOK_OUT)
    os.kill(system.pid("notify.wsgi"), signal.SIGKILL)
    page.wait_for_selector(".banner:has-text('New messages do not come in just now')")
    write(page, "this goes all the same")
    sees(page, "this goes all the same")
    room.bob.say(room.chat, "meanwhile")
    page.unroute(stream)
    page.wait_for_selector(".banner", state="detached")
    sees(page, "meanwhile")
    assert not [words for words in shown(page) if "server" in words]


def test_one_lost_request_is_not_worth_a_word(room: Room, sit: Sit) -> None:
    page = sit(room.ann).sign_in(room.path)
    page.wait_for_selector("text=Connected")
    lost: list[str] = []

    def lose_once(route: Route) -> None:
        if lost or route.request.method != "POST":
            return route.continue_()
        lost.append(route.request.url)
        return refuse(route)

    page.route("**/messages", lose_once)
    page.evaluate(LOOK_OUT)
    write(page, "at the second try")
    sees(page, "at the second try")
    assert len(lost) == 1
    assert shown(page) == set()
