"""Leaving the web client: nothing of a person is there for who sits down next."""

from typing import Any

from playwright.sync_api import Page

from tests.journeys.browser import Room, Seat, Sit, sees
from tests.journeys.people import PASSWORD, Person
from tests.journeys.test_web_walk import choose, press

DRAFT = "What I would not have said"


def sign_out(page: Page) -> None:
    choose(page, ".me-button", "Sign out")
    page.wait_for_selector("input[name=password]")


def sign_in(page: Page, person: Person) -> None:
    """Where one is, without a page being loaded."""
    page.fill("input[name=email]", person.email)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector(".sidebar")


def written(page: Page) -> Any:
    return page.input_value("textarea[id^=composer]")


def writing(room: Room, seat: Seat) -> Page:
    page = seat.sign_in(room.path)
    sees(page, "hello")
    page.fill("textarea", DRAFT)
    return page


def test_what_was_begun_is_there_after_a_reload(room: Room, sit: Sit) -> None:
    room.bob.say(room.chat, "hello")
    page = writing(room, sit(room.ann))
    page.reload()
    sees(page, "hello")
    assert written(page) == DRAFT


def test_nothing_that_was_begun_passes_to_the_next_person(room: Room, sit: Sit) -> None:
    room.bob.say(room.chat, "hello")
    page = writing(room, sit(room.ann))
    page.hover(".message:has-text('hello')")
    press(page, "Reply")
    page.wait_for_selector(".composer-bar")
    sign_out(page)
    sign_in(page, room.bob)
    sees(page, "hello")
    assert written(page) == ""
    assert page.locator(".composer-bar").count() == 0
    sign_out(page)
    sign_in(page, room.ann)
    sees(page, "hello")
    assert written(page) == ""


def test_who_is_next_begins_at_home(room: Room, sit: Sit) -> None:
    seat = sit(room.ann)
    page = seat.sign_in("/settings")
    page.get_by_role("tab", name="Profile").wait_for()
    other = seat.tab()
    other.goto(f"{seat.url}{room.path}")
    other.wait_for_selector("textarea")
    sign_out(page)
    other.wait_for_selector("input[name=password]")
    assert {page.url, other.url} == {f"{seat.url}/"}


def test_a_link_that_asks_to_sign_in_leads_to_where_it_leads(room: Room, sit: Sit) -> None:
    seat = sit(room.ann)
    page = seat.sign_in("/settings")
    page.get_by_role("tab", name="Profile").wait_for()
    sign_out(page)
    page.goto(f"{seat.url}{room.path}")
    sign_in(page, room.ann)
    page.wait_for_selector("textarea")
    assert page.url == f"{seat.url}{room.path}"
