"""Where the keyboard is at the doors of the web client: what it was on is not taken from under it."""

import pytest
from playwright.sync_api import Page, Route

from tests.journeys.browser import Room, Sit
from tests.journeys.people import Guest
from tests.journeys.test_web_leaving import sign_out


def focused(page: Page) -> str:
    """The name of the field, or what the button says."""
    there: str = page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()")
    return there


@pytest.mark.parametrize("by", ["button", "key"])
def test_after_a_wrong_password_one_goes_on_from_where_one_was(by: str, room: Room, sit: Sit) -> None:
    page = sit(room.ann).at("/signin")
    page.fill("input[name=email]", room.ann.email)
    page.fill("input[name=password]", "wrong horse")
    page.locator("button[type=submit]" if by == "button" else "input[name=password]").press("Enter")
    page.wait_for_selector("[role=alert] p")
    page.wait_for_selector("button[type=submit]:not([aria-busy])")
    assert focused(page) == {"button": "Sign in", "key": "password"}[by]


def test_a_busy_form_is_sent_once(room: Room, sit: Sit) -> None:
    page = sit(room.ann).at("/signin")
    held: list[Route] = []
    page.route("**/api/auth/signin", lambda route: held.append(route))
    page.fill("input[name=email]", room.ann.email)
    page.fill("input[name=password]", "wrong horse")
    page.press("input[name=password]", "Enter")
    page.wait_for_selector("button[type=submit][aria-busy]")
    page.press("input[name=password]", "Enter")
    page.locator("button[type=submit]").dispatch_event("click")
    held[0].continue_()
    page.wait_for_selector("[role=alert] p")
    assert len(held) == 1


def test_a_door_that_is_opened_by_a_link_has_its_first_field_ready(guest: Guest, sit: Sit) -> None:
    page = sit(guest).at("/signin")
    page.wait_for_selector("input[name=email]:focus")
    for link, field in (("Create an account", "name"), ("Sign in", "email"), ("Forgot your password?", "email")):
        page.get_by_role("link", name=link).click()
        page.wait_for_selector(f"input[name={field}]:focus")


def test_so_has_signing_in_for_who_has_signed_out(room: Room, sit: Sit) -> None:
    page = sit(room.ann).sign_in(room.path)
    sign_out(page)
    page.wait_for_selector("input[name=email]:focus")
