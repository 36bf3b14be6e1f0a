"""The web client on a phone, in the dark, in German, from right to left, without motion, and by keyboard alone."""

import re

import pytest
from playwright.sync_api import Page

from tests.journeys.browser import PHONE, Room, Sit, menu, sees, typing_is_seen, write
from tests.journeys.people import PASSWORD
from tests.journeys.tour import settled

pytestmark = pytest.mark.slow

FOCUSED = """() => {
    const now = document.activeElement;
    if (!now || now === document.body) return null;
    const style = getComputedStyle(now), inside = now.matches("textarea, input") && now.closest(".composer, .input");
    const ring = (it) => it.outlineStyle !== "none" && parseFloat(it.outlineWidth) > 0 || it.boxShadow !== "none";
    const seen = ring(style) || (inside && ring(getComputedStyle(inside))) 
        || now.matches("main, .page, .messages, .message");
    now.dataset.reached = seen ? "yes" : "unseen";
    return now.dataset.reached + " " + (now.id || now.className || now.tagName);
}"""

UNREACHED = """() => [...document.querySelectorAll("a[href], button, input, select, textarea")]
    .filter((it) => it.checkVisibility() && it.tabIndex >= 0 && !it.disabled && it.type !== "radio")
    .filter((it) => it.dataset.reached !== "yes")
    .map((it) => (it.dataset.reached ?? "never") + ": " + it.outerHTML.slice(0, 160))"""


def unreached(page: Page, tabs: int = 200) -> list[str]:
    """What Tab does not lead to, or where it is not seen, from where one is to the end and from the start again."""
    settled(page)
    ends = 0
    for _ in range(tabs):
        page.keyboard.press("Tab")
        ends += page.evaluate(FOCUSED) is None
        if ends == 2:
            break
    found: list[str] = page.evaluate(UNREACHED)
    return found


def test_everything_is_reached_by_tab(room: Room, sit: Sit) -> None:
    room.bob.say(room.chat, "hello")
    seat = sit(room.ann)
    for path, shows in (
        ("/signup", "input[name=workspace]"),
        ("/forgot", "input[name=email]"),
        ("/signin", "input[name=password]"),
    ):
        seat.at(path).wait_for_selector(shows)
        assert unreached(seat.page) == [], path
    page = seat.sign_in(room.path)
    workspace = f"/w/{room.workspace}"
    for path, shows in (
        (room.path, "textarea"),
        (f"{workspace}/members", ".rows li"),
        (f"{workspace}/channels", ".rows li"),
        (f"{workspace}/settings", "input[name=name]"),
        (f"{workspace}/audit", ".rows li"),
        ("/settings#profile", "input[name=name]"),
        ("/settings#security", "input[type=password]"),
    ):
        page.goto("about:blank")
        seat.at(path).wait_for_selector(shows)
        assert unreached(page) == [], path


def test_a_conversation_by_keyboard_alone(room: Room, sit: Sit) -> None:
    room.bob.say(room.chat, "hello")
    page = sit(room.ann).at("/signin")
    keys = page.keyboard
    page.locator("input[name=email]:focus").wait_for()
    keys.type(room.ann.email)
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    page.wait_for_selector("textarea")
    keys.press("Control+k")
    page.locator("dialog input:focus").wait_for()
    keys.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    keys.press("Control+k")
    page.locator("dialog input:focus").wait_for()
    keys.type("gener")
    page.wait_for_selector(".option[aria-selected=true]:has-text('general')")
    keys.press("Enter")
    page.locator(".composer textarea:focus").wait_for()
    keys.type("first")
    keys.press("Enter")
    sees(page, "first")
    keys.press("ArrowUp")
    page.locator(".editor textarea:focus").wait_for()
    keys.type(" of all")
    keys.press("Escape")
    page.locator(".composer textarea:focus").wait_for()
    keys.press("Shift+Tab")
    page.locator(".messages:focus, .messages :focus").first.wait_for()
    keys.press("ArrowUp")
    keys.press("ArrowUp")
    page.locator(".message:focus:has-text('hello')").wait_for()
    keys.press("r")
    page.locator(".composer textarea:focus").wait_for()
    keys.type("welcome")
    keys.press("Enter")
    sees(page, "welcome")
    assert [it["reply_to"] is not None for it in room.ann.history(room.chat)] == [False, False, True]


def test_a_menu_by_keyboard_gives_the_focus_back(room: Room, sit: Sit) -> None:
    page = sit(room.ann).sign_in(room.path)
    page.locator(".composer textarea:focus").wait_for()  # which has it at first
    page.locator(".workspace-button").focus()
    page.keyboard.press("Enter")
    page.locator(".menu-item:focus").wait_for()
    page.keyboard.press("Escape")
    page.locator(".workspace-button:focus").wait_for()
    page.keyboard.press("Enter")
    page.locator(".menu-item:focus:has-text('Invite people')").wait_for()
    page.keyboard.press("Enter")
    page.locator("dialog:focus-within").wait_for()
    page.keyboard.press("Escape")
    page.locator(".workspace-button:focus").wait_for()


def assert_for_fingers(page: Page) -> None:
    """What can be done with the message."""
    boxes = [button.bounding_box() for button in page.locator(".message-tools button:visible").all()]
    assert boxes
    assert all(box and min(box["width"], box["height"]) >= 44 for box in boxes)


def test_a_tap_on_a_message_gives_buttons_for_fingers(room: Room, sit: Sit) -> None:
    room.bob.say(room.chat, "hello")
    page = sit(room.ann, **PHONE).sign_in(room.path)
    page.tap(".message .text:has-text('hello')")
    page.locator(".message-tools").wait_for()
    assert_for_fingers(page)


def test_on_a_phone(room: Room, sit: Sit) -> None:
    message = room.bob.say(room.chat, "hello " * 30)
    page = sit(room.ann, **PHONE).sign_in()
    page.tap(".chat-link:has-text('general')")
    page.tap("textarea")
    page.keyboard.type("from the bus")
    page.tap("button.send")
    sees(page, "from the bus")
    box = page.locator(".composer").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert box["y"] + box["height"] <= 844
    row = page.locator(f"[data-seq='{message['seq']}']")
    row.dispatch_event("pointerdown", {"pointerType": "touch", "bubbles": True})
    page.locator(".message-tools").wait_for()
    assert_for_fingers(page)
    page.tap(".message-tools [aria-label=Reply]")
    page.wait_for_selector(".composer-bar")
    page.tap("[aria-label=Back]")
    page.wait_for_selector(".chat-link:has-text('general')")
    page.locator("textarea").wait_for(state="hidden")


def lightness(page: Page) -> int:
    """Of the paper, 0 to 255."""
    colour: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return sum(int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")) // 3


def test_in_the_dark_unless_one_chooses_otherwise(room: Room, sit: Sit) -> None:
    seat = sit(room.ann, color_scheme="dark")
    page = seat.sign_in(room.path)
    assert lightness(page) < 60
    menu(page, ".me-button")
    page.get_by_role("menuitemradio", name="Light").click()
    page.wait_for_selector("html[data-theme=light]", state="attached")
    assert lightness(page) > 200
    page.reload()
    page.wait_for_selector("textarea")
    assert lightness(page) > 200


def test_in_german(room: Room, sit: Sit) -> None:
    seat = sit(room.ann, locale="de-AT")
    seat.at("/signin").get_by_role("button", name="Anmelden").wait_for()
    page = seat.sign_in(room.path)
    page.get_by_label("Nachricht an general").wait_for()
    assert page.get_attribute("html", "lang") == "de"
    menu(page, ".me-button")
    page.get_by_role("menuitem", name="Einstellungen").click()
    page.wait_for_url(re.compile("/settings#profile$"))
    page.goto(f"{seat.url}/settings#appearance")
    page.select_option("select", "en")
    page.get_by_role("heading", name="Appearance").wait_for()
    page.reload()
    page.get_by_role("heading", name="Appearance").wait_for()


def test_from_right_to_left(room: Room, sit: Sit) -> None:
    name = "ليلى بنت سعيد"
    room.bob.patch("/users/me", {"name": name})
    page = sit(room.ann).sign_in(room.path)
    for number, text in enumerate(("صباح الخير يا فريق: 3 رسائل!", "Good morning: 3 letters!")):
        room.bob.say(room.chat, text)
        sees(page, text)
        way = page.locator(".message .text p, .message .text").last.evaluate("it => getComputedStyle(it).direction")
        assert way == ("rtl", "ltr")[number]
    page.fill("textarea", "صباح النور")
    assert page.locator("textarea").evaluate("it => getComputedStyle(it).direction") == "rtl"
    assert page.locator(".message-head .name").first.evaluate("it => getComputedStyle(it).direction") == "rtl"
    assert page.locator(".message-head").first.evaluate("it => getComputedStyle(it).direction") == "ltr"


def test_without_motion_nothing_moves(room: Room, sit: Sit) -> None:
    page = sit(room.ann, reduced_motion="reduce").sign_in(room.path)
    write(page, "still")
    sees(page, "still")
    page.wait_for_selector("text=Connected")
    typing_is_seen(lambda: room.bob.post(f"/chats/{room.chat}/typing", {}, 204), by=page, who="Bob")
    page.keyboard.press("Control+k")
    page.wait_for_selector("dialog")
    moving = page.evaluate(
        "document.getAnimations().filter((it) => it.playState === 'running'"
        " && it.effect.getComputedTiming().activeDuration > 20).map((it) => it.effect.target.className)"
    )
    assert moving == []
