"""What one's own words do in a conversation, and what others see of one before they come."""

from collections.abc import Callable

from tests.journeys.browser import Room, Sit, menu, sees, typing_is_seen, write
from tests.journeys.people import Person


def test_who_answers_has_read_what_is_above(room: Room, sit: Sit) -> None:
    for number in range(26):
        room.bob.say(room.chat, f"point {number}\n\nand its\n\nreasons")
    page = sit(room.ann).sign_in(room.path)
    page.wait_for_selector(".pill:has-text('26 new messages')")
    write(page, "let us talk")
    sees(page, "let us talk")
    page.wait_for_selector(".pill", state="detached")
    page.locator(".messages [role=log]").focus()
    page.keyboard.press("Home")
    page.wait_for_selector(".beginning")
    assert page.locator(".new-line").count() == 0


def test_who_has_only_just_come_is_seen_writing_by_name(room: Room, sign_up: Callable[..., Person], sit: Sit) -> None:
    page = sit(room.ann).sign_in(room.path)
    page.wait_for_selector("text=Connected")
    page.wait_for_timeout(1_000)  # until the names of all who are there already have come
    carl = sign_up("Carl")
    room.ann.bring_in(room.workspace, carl)
    room.ann.post(f"/chats/{room.chat}/members", {"user_ids": [carl.id]})
    typing_is_seen(lambda: carl.post(f"/chats/{room.chat}/typing"), by=page, who="Carl is writing")


def test_after_deleting_a_message_what_one_types_is_a_message(room: Room, sit: Sit) -> None:
    page = sit(room.ann).sign_in(room.path)
    for text in ("not meant so", "nor this"):
        write(page, text)
        sees(page, text)
    page.hover(".message:has-text('nor this')")
    menu(page, ".message-tools [aria-label=More]")
    page.click(".menu-item:has-text('Delete')")
    page.click("dialog .button:has-text('Cancel')")
    page.wait_for_selector("dialog", state="detached")
    page.locator(".message:focus-within:has-text('nor this')").wait_for()
    menu(page, ".message:focus-within .message-tools [aria-label=More]")
    page.click(".menu-item:has-text('Delete')")
    page.click("dialog .button:has-text('Delete')")
    page.wait_for_selector("dialog", state="detached")
    page.locator(".composer textarea:focus").wait_for()
    page.keyboard.type("rather this")
    page.keyboard.press("Enter")
    sees(page, "rather this")
