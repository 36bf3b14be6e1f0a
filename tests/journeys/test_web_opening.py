"""Opening a chat in the web client: what is painted on the way to it, and whose messages are seen."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from tests.journeys.browser import Room, Seat, Sit, sees
from tests.journeys.people import Person

WATCH = """
globalThis.held = [];  // The wait for a chat's messages ends when the test says so, not when a slow machine is late.
const later = setTimeout;
globalThis.setTimeout = (act, wait, ...rest) => (wait === 80 ? -held.push(act) : later(act, wait, ...rest));
globalThis.runOut = () => held.splice(0).forEach((act) => act());

globalThis.seen = [];  // Each that stood there: the heading, and the words below it.
globalThis.firsts = [];  // Of each list of messages, what its first frame had beyond what is seen.
const lists = new WeakSet();
const look = () => {
  const name = document.querySelector(".header h1")?.textContent.trim();
  const list = document.querySelector(".messages .virtual");
  const words = [...document.querySelectorAll(".messages .message .text")].map((one) => one.textContent).join();
  const now = name && `${name}: ${words || (document.querySelector(".messages .loading") ? "loading" : "nothing")}`;
  if (now && now !== seen.at(-1)) seen.push(now);
  if (!list || lists.has(list)) return;
  lists.add(list);
  requestAnimationFrame(() => firsts.push(over(list)));
};
globalThis.over = (list) => list.querySelector(".virtual-block").offsetHeight - list.clientHeight;
new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
"""
MARGIN = 600
"""Pixels beyond what is seen that the list has in the end."""


class Gate:
    """Answers with a chat's messages wait here until they are let through."""

    def __init__(self, page: Page) -> None:
        self.waiting: dict[int, Route] = {}
        page.route("**/chats/*/messages?*", self._hold)

    def _hold(self, route: Route) -> None:
        self.waiting[int(route.request.url.split("/chats/")[1].split("/")[0])] = route

    def open(self, page: Page, chat: int) -> None:
        while chat not in self.waiting:
            page.wait_for_timeout(20)
        self.waiting.pop(chat).continue_()


@pytest.fixture
def seat(room: Room, sit: Sit) -> Seat:
    """Ann's; what she sees is written down."""
    seat: Seat = sit(room.ann)
    seat.page.add_init_script(WATCH)
    return seat


def a_chat(room: Room, name: str, *texts: str) -> int:
    chat: int = room.ann.make_chat(room.workspace, "private_channel", name)["id"]
    for text in texts:
        room.ann.say(chat, text)
    return chat


def begin(seat: Seat, room: Room) -> Page:
    """In the open chat of the room."""
    room.ann.say(room.chat, "hello")
    page = seat.sign_in(room.path)
    sees(page, "hello")
    page.evaluate("seen.splice(0, seen.length, 'general: hello'); firsts.length = 0")
    return page


def press(page: Page, name: str) -> None:
    page.click(f".chat-link:has-text('{name}')")
    page.wait_for_selector(f".chat-link[aria-current=page]:has-text('{name}')")


def seen(page: Page) -> Any:
    return page.evaluate("seen")


def test_a_chat_is_shown_with_its_messages_and_not_before(room: Room, seat: Seat) -> None:
    other = a_chat(room, "other", "news")
    page = begin(seat, room)
    gate = Gate(page)
    press(page, "other")
    assert page.inner_text("h1") == "general"
    assert page.url.endswith(f"/chats/{other}")
    gate.open(page, other)
    sees(page, "news")
    assert seen(page) == ["general: hello", "other: news"]
    page.wait_for_selector(f"#composer-{other}:focus")


def test_where_they_are_late_one_sees_that_they_are_being_loaded(room: Room, seat: Seat) -> None:
    other = a_chat(room, "other", "news")
    page = begin(seat, room)
    gate = Gate(page)
    press(page, "other")
    page.evaluate("runOut()")
    page.wait_for_selector("h1:has-text('other')")
    page.wait_for_selector(".messages .loading")
    page.wait_for_selector(f"#composer-{other}:focus")
    gate.open(page, other)
    sees(page, "news")
    assert seen(page) == ["general: hello", "other: loading", "other: news"]


def test_of_quick_presses_the_last_one_counts(room: Room, seat: Seat) -> None:
    other, third = a_chat(room, "other", "news"), a_chat(room, "third", "more")
    page = begin(seat, room)
    gate = Gate(page)
    press(page, "other")
    press(page, "third")
    gate.open(page, other)
    gate.open(page, third)
    sees(page, "more")
    assert seen(page) == ["general: hello", "third: more"]
    page.wait_for_selector(f"#composer-{third}:focus")
    page.go_back()
    sees(page, "news")
    page.go_back()
    sees(page, "hello")
    assert seen(page) == ["general: hello", "third: more", "other: news", "general: hello"]


def test_on_a_phone_the_list_stays_until_then(room: Room, sit: Sit) -> None:
    seat = sit(room.ann, viewport={"width": 390, "height": 844})
    seat.page.add_init_script(WATCH)
    other = a_chat(room, "other", "news")
    page = seat.sign_in(f"/w/{room.workspace}")
    gate = Gate(page)
    press(page, "other")
    assert page.is_visible(".sidebar")
    assert not page.is_visible(".main")
    gate.open(page, other)
    sees(page, "news")
    assert not page.is_visible(".sidebar")


def test_messages_that_could_not_be_loaded_are_asked_for_again(room: Room, seat: Seat) -> None:
    a_chat(room, "other", "news")
    page = begin(seat, room)
    page.route("**/chats/*/messages?*", lambda route: route.fulfill(status=500, json={"code": "broken"}))
    press(page, "other")
    page.wait_for_selector("text=Messages could not be loaded.")
    assert page.inner_text("h1") == "other"
    page.unroute_all()
    page.get_by_role("main").get_by_role("button", name="Try again").click()
    sees(page, "news")


def test_the_first_frame_has_what_is_seen_and_no_more(room: Room, seat: Seat) -> None:
    a_chat(room, "other", *(f"message {number}" for number in range(50)))
    page = begin(seat, room)
    press(page, "other")
    sees(page, "message 49")
    while page.evaluate("over(document.querySelector('.messages .virtual'))") <= MARGIN:
        page.wait_for_timeout(20)
    [first] = page.evaluate("firsts")
    assert 0 <= first < MARGIN / 2


def test_where_no_chat_is_yet_what_one_can_do_stands_there_once_it_is_known(
    sign_up: Callable[..., Person], sit: Sit
) -> None:
    waiting: list[Route] = []
    page = (seat := sit(sign_up("Ann", "Acme"))).page
    page.route("**/workspaces/*/channels*", lambda route: waiting.append(route))
    seat.sign_in()
    main = page.get_by_role("main")
    main.locator(".loading").wait_for()
    assert main.get_by_role("button").count() == 0
    while len(waiting) < 2:  # One for the list at the side, one for the middle.
        page.wait_for_timeout(20)
    for route in waiting:
        route.continue_()
    main.locator("button.main", has_text="New channel").wait_for()
    assert main.get_by_role("link", name="Browse channels").count() == 0


def test_where_that_cannot_be_known_everything_is_offered(sign_up: Callable[..., Person], sit: Sit) -> None:
    page = (seat := sit(sign_up("Ann", "Acme"))).page
    page.route("**/workspaces/*/channels*", lambda route: route.fulfill(status=500, json={"code": "broken"}))
    seat.sign_in()
    main = page.get_by_role("main")
    main.get_by_role("alert").locator("p").wait_for()
    assert main.get_by_role("link", name="Browse channels").is_visible()
    assert main.get_by_role("button", name="New channel").is_visible()
