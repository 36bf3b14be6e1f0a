"""An invitation that is opened in the web client: it says what it is for, and is not lost on the way in."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route

from tests.journeys.browser import Room, Seat, Sit
from tests.journeys.people import PASSWORD, Guest
from tests.journeys.test_web_leaving import sign_in
from tests.journeys.test_web_walk import press, sign_up

SAID = "Ann invites you to Acme"


def invite(room: Room, **terms: Any) -> Any:
    return room.ann.post(f"/workspaces/{room.workspace}/invites", terms, 201)


def opened(seat: Seat, room: Room) -> Page:
    page = seat.at(f"/invite/{invite(room)['token']}")
    page.wait_for_selector(f"h1:has-text('{SAID}')")
    return page


def test_who_has_an_account_and_then_has_none_is_still_invited(room: Room, guest: Guest, sit: Sit) -> None:
    page = opened(sit(guest), room)
    press(page, "I have an account")
    press(page, "Create an account")
    page.wait_for_selector("input[name=name]:focus")
    assert page.locator("input[name=workspace]").count() == 0
    sign_up(page, "Carl")
    assert "Acme" in page.inner_text(".workspace-button")


def test_who_has_none_and_then_has_one_is_still_invited(room: Room, guest: Guest, sit: Sit) -> None:
    dora = guest.sign_up("Dora", "Elsewhere")
    page = opened(sit(guest), room)
    press(page, "Create account")
    press(page, "Sign in")
    page.wait_for_selector("input[name=email]:focus")
    page.fill("input[name=email]", dora.email)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector(f"h1:has-text('{SAID}')")
    press(page, "Join the workspace")
    page.wait_for_selector(".sidebar")
    assert "Acme" in page.inner_text(".workspace-button")
    dora.close()


def test_one_that_is_no_good_says_so_at_once(room: Room, guest: Guest, sit: Sit) -> None:
    withdrawn = invite(room)
    room.ann.delete(f"/workspaces/{room.workspace}/invites/{withdrawn['id']}")
    seat = sit(guest)
    for token in ("nonsense", "%F0%9F%92%A5", withdrawn["token"]):
        page = seat.at(f"/invite/{token}")
        page.wait_for_selector("h1:has-text('This invitation cannot be used')")
        assert page.get_by_role("button").count() == 0
    page.get_by_role("link", name="Sign in").click()
    sign_in(page, room.bob)
    page.goto(f"{seat.url}/invite/nonsense")
    page.wait_for_selector("h1:has-text('This invitation cannot be used')")
    page.get_by_role("link", name="To the start").click()
    page.wait_for_selector(".sidebar")


@pytest.mark.parametrize("problem", [None, 500])
def test_one_that_cannot_be_asked_about_is_asked_about_again(
    problem: int | None, room: Room, guest: Guest, sit: Sit
) -> None:
    held: list[Route] = []
    seat = sit(guest)
    seat.page.route("**/api/invites/*", lambda route: held.append(route))
    page = seat.at(f"/invite/{invite(room)['token']}")
    while not held:
        page.wait_for_timeout(20)
    page.wait_for_selector(".door .loading")
    assert page.get_by_role("button").count() == 0
    if problem is None:
        held[0].abort()
    else:
        held[0].fulfill(status=problem, json={"code": "broken"})
    page.wait_for_selector(".door [role=alert] p")
    page.unroute_all()
    press(page, "Try again")
    page.wait_for_selector(f"h1:has-text('{SAID}')")
