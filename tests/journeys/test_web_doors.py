"""Doors of the web client beside the password, and what is not offered to whom it is not allowed."""

import base64
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from fechatter.one_time_codes import STEP, code_at
from tests.journeys.browser import Room, Sit, menu
from tests.journeys.conftest import System
from tests.journeys.people import PASSWORD, Guest, Person
from tests.journeys.test_web_walk import choose
from tests.journeys.test_web_walk import sign_up as sign_up_at
from tests.mail_server import parsed, token_in

pytestmark = pytest.mark.slow


def code(secret: bytes, steps: int) -> str:
    """A code is good once, and one of the next step too: so it stays good when the step ends meanwhile."""
    return code_at(secret, int(time.time()) // STEP + steps)


def test_a_second_factor_is_asked_for_after_the_password(room: Room, sit: Sit) -> None:
    secret = base64.b32decode(room.ann.post("/auth/second-factor", {"password": PASSWORD}, 201)["secret"])
    room.ann.post("/auth/second-factor/confirm", {"code": code(secret, 0)}, 200)
    page = sit(room.ann).knock(room.path)
    page.fill("input[name=code]", "000000")
    page.click("button[type=submit]")
    page.wait_for_selector(".wrong, [role=alert]")
    page.fill("input[name=code]", code(secret, 1))
    page.click("button[type=submit]")
    page.wait_for_selector("textarea")


def test_a_forgotten_password_is_set_by_the_link_in_a_mail(system: System, room: Room, sit: Sit) -> None:
    seat = sit(room.ann)
    page = seat.at("/signin")
    page.click("text=Forgot your password?")
    page.wait_for_selector("input[name=password]", state="detached")
    page.fill("input[name=email]", room.ann.email)
    page.click("button[type=submit]")
    page.wait_for_selector("text=Look at your mail")
    token = mailed(system.folder / "mail", room.ann.email)
    page.goto(f"{seat.url}/reset/{token}")
    page.fill("input[name=password]", "another horse")
    page.get_by_role("button").click()
    page.wait_for_selector("text=The new password is set")
    refused = seat.knock()
    refused.wait_for_selector(".wrong, [role=alert]")
    seat.sign_in(password="another horse")


def test_who_has_just_signed_up_can_confirm_the_address(guest: Guest, sit: Sit) -> None:
    page = sit(guest).at("/signup")
    sign_up_at(page, "Ann", "Acme")
    choose(page, ".me-button", "Settings")
    page.get_by_role("button", name="Confirm by mail").wait_for()


def mailed(folder: Path, email: str) -> str:
    """The token in the mail that the worker writes."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for mail in (parsed(file.read_bytes()) for file in folder.glob("*.eml")):
            if mail["To"] == email and "/reset/" in mail.get_content():
                return token_in(mail)
        time.sleep(0.1)
    raise AssertionError(f"no mail to {email}")


def offered(page: Page, button: str) -> set[str]:
    menu(page, button)
    names = {name.strip() for name in page.locator(".menu-item").all_inner_texts()}
    page.keyboard.press("Escape")
    page.wait_for_selector(".menu", state="detached")
    return names


OF_OWNERS = {"Audit log"}
OF_ADMINS = {"Invite people", "Moderation"}
OF_MEMBERS = {"Browse channels"}


def test_what_one_may_not_do_is_not_offered(room: Room, sign_up: Callable[..., Person], sit: Sit) -> None:
    carl, gina = sign_up("Carl"), sign_up("Gina")
    room.ann.bring_in(room.workspace, carl, role="admin")
    room.ann.bring_in(room.workspace, gina, role="guest")
    room.ann.post(f"/chats/{room.chat}/members", {"user_ids": [carl.id, gina.id]})
    message = room.ann.say(room.chat, "Ann's own")
    ranks = [(room.ann, 3), (carl, 2), (room.bob, 1), (gina, 0)]
    for person, rank in ranks:
        page = sit(person).sign_in(room.path)
        page.wait_for_selector(f"[data-seq='{message['seq']}']")
        page.wait_for_selector("text=Connected")
        of_workspace = offered(page, ".workspace-button")
        for least, names in ((3, OF_OWNERS), (2, OF_ADMINS), (1, OF_MEMBERS)):
            assert of_workspace & names == (names if rank >= least else set()), person.user["name"]
        assert page.get_by_role("button", name="New channel", exact=True).count() == (rank >= 1)
        assert page.get_by_role("button", name="New message", exact=True).count() == (rank >= 1)
        chat_menu = offered(page, "[aria-label='More about this conversation']")
        assert ("Settings of this conversation" in chat_menu) == (person is room.ann)
        assert ("Delete" in chat_menu) == (person is room.ann)
        page.locator(".message").focus()
        on_message = offered(page, "[aria-label=More]")
        assert ("Edit" in on_message) == (person is room.ann)
        assert ("Delete" in on_message) == (rank >= 2)
        assert ("Report" in on_message) == (person is not room.ann)


def test_addresses_of_what_one_may_not_see_show_nothing_of_it(room: Room, sit: Sit) -> None:
    room.bob.say(room.chat, "hello")
    secret = room.ann.make_chat(room.workspace, "private_channel", "mergers")["id"]
    room.ann.say(secret, "We buy them")
    seat = sit(room.bob)
    page = seat.sign_in(f"/chats/{secret}")
    page.wait_for_selector("text=This conversation is not there")
    for part in ("moderation", "audit"):
        page.goto(f"{seat.url}/w/{room.workspace}/{part}")
        page.wait_for_selector("main [role=alert], main .empty")
        assert page.locator("main .rows li").count() == 0
    assert "mergers" not in page.content()
