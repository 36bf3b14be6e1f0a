"""The way of two people through the web client, from no account to the end of a conversation."""

from uuid import uuid4

import pytest
from playwright.sync_api import Page

from tests.journeys.browser import Room, Sit, menu, sees, typing_is_seen, write
from tests.journeys.people import PASSWORD, Guest

LAST = ".messages .message >> nth=-1"


def choose(page: Page, button: str, choice: str) -> None:
    """In the menu behind a button."""
    menu(page, button)
    page.get_by_role("menuitem", name=choice, exact=True).click()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def sign_up(page: Page, name: str, workspace: str = "") -> None:
    page.fill("input[name=name]", name)
    page.fill("input[name=email]", f"{name.lower()}.{uuid4().hex[:12]}@example.org")
    page.fill("input[name=password]", PASSWORD)
    if workspace:
        page.fill("input[name=workspace]", workspace)
    page.click("button[type=submit]")
    page.wait_for_selector(".sidebar")


@pytest.mark.slow
def test_from_no_account_to_the_end_of_a_conversation(guest: Guest, sit: Sit) -> None:
    ann, bob = sit(guest).at("/signup"), sit(guest).page
    sign_up(ann, "Ann", "Acme")
    ann.get_by_role("main").get_by_role("button", name="New channel").click()
    ann.fill("dialog input[name=name]", "general")
    press(ann, "Create channel")
    ann.wait_for_selector("textarea")

    choose(ann, ".workspace-button", "Invite people")
    press(ann, "Make a link")
    bob.goto(ann.input_value("dialog input[readonly]"))
    press(ann, "Done")
    press(bob, "Create account")
    sign_up(bob, "Bob")
    bob.get_by_role("main").get_by_role("link", name="Browse channels").click()
    bob.get_by_role("button", name="Join general").click()
    bob.click(".sidebar .chat-link:has-text('general')")
    bob.wait_for_selector("textarea")

    write(ann, "Hello **Bob**")
    sees(bob, "Hello Bob")
    assert bob.inner_text(f"{LAST} >> strong") == "Bob"
    bob.hover(LAST)
    press(bob, "Reply")
    bob.wait_for_selector(".composer-bar")
    write(bob, "Hello Annn")
    sees(ann, "Hello Annn")
    assert "Hello" in ann.inner_text(f"{LAST} >> .quote")
    sees(bob, "Hello Annn")
    bob.keyboard.press("ArrowUp")
    bob.wait_for_selector(".editor textarea:focus")
    bob.keyboard.press("Backspace")
    bob.keyboard.press("Enter")
    ann.wait_for_selector(f"{LAST} >> .edited")
    sees(ann, "Hello Ann")
    ann.hover(LAST)
    assert ann.get_by_role("button", name="Edit", exact=True).count() == 0
    bob.wait_for_selector(".editor", state="detached")
    bob.hover(LAST)
    choose(bob, "[aria-label=More]", "Delete")
    bob.click("dialog button:has-text('Delete')")
    ann.wait_for_selector(f"{LAST} >> text=This message was deleted.")

    choose(bob, "[aria-label='More about this conversation']", "Leave")
    bob.click("dialog button:has-text('Leave')")
    bob.wait_for_selector(".sidebar .chat-link:has-text('general')", state="detached")
    ann.wait_for_selector(".count-button:has-text('1 member')")


def test_what_one_device_reads_is_read_on_the_other(room: Room, sit: Sit) -> None:
    other = room.ann.make_chat(room.workspace, "private_channel", "other")["id"]
    link = ".chat-link:has-text('general')"
    here, there = sit(room.ann).sign_in(f"/chats/{other}"), sit(room.ann).sign_in(f"/chats/{other}")
    room.bob.say(room.chat, "news")
    for page in (here, there):
        page.wait_for_selector(f"{link} .badge:has-text('1')")
    here.click(link)
    sees(here, "news")
    for page in (here, there):
        page.wait_for_selector(f"{link} .badge", state="detached")
    assert there.url.endswith(f"/chats/{other}")


def test_one_sees_that_the_other_is_writing(room: Room, sit: Sit) -> None:
    ann, bob = sit(room.ann).sign_in(room.path), sit(room.bob).sign_in(room.path)
    bob.wait_for_selector("text=Connected")
    typing_is_seen(lambda: ann.locator("textarea").press_sequentially("I th"), by=bob, who="Ann is writing")
    write(ann, "I think so")
    sees(bob, "I think so")
    bob.wait_for_selector(".typing:has-text('Ann is writing')", state="detached")
    with ann.expect_request("**/typing"):  # and not only when some seconds are over
        ann.locator("textarea").press_sequentially("A")


@pytest.mark.slow
def test_a_direct_message_comes_to_who_did_not_know_of_it(room: Room, sit: Sit) -> None:
    ann, bob = sit(room.ann).sign_in(room.path), sit(room.bob).sign_in(room.path)
    bob.wait_for_selector("text=Connected")
    press(ann, "New message")
    ann.locator("dialog input:focus").wait_for()
    ann.keyboard.type("bo")
    ann.wait_for_selector("dialog .option:has-text('Bob')")
    ann.keyboard.press("Enter")
    press(ann, "Start conversation")
    ann.wait_for_selector("dialog", state="detached")
    ann.wait_for_selector("h1:has-text('Bob')")
    write(ann, "Between us")
    bob.wait_for_selector(".chat-link:has-text('Ann') .badge:has-text('1')")
    bob.click(".chat-link:has-text('Ann')")
    sees(bob, "Between us")
    bob.wait_for_selector(".chat-link .badge", state="detached")


def test_a_conversation_is_on_its_way_while_the_button_is_still_down(room: Room, sit: Sit) -> None:
    other = room.ann.make_chat(room.workspace, "private_channel", "other")["id"]
    room.ann.say(other, "news")
    page = sit(room.ann).sign_in(room.path)
    page.wait_for_selector("textarea")
    asked: list[str] = []
    page.on(
        "request", lambda request: asked.append(request.url) if f"/chats/{other}/messages?" in request.url else None
    )
    page.hover(".chat-link:has-text('other')")
    with page.expect_request(f"**/chats/{other}/messages?*"):
        page.mouse.down()
    page.mouse.up()
    sees(page, "news")
    assert len(asked) == 1
