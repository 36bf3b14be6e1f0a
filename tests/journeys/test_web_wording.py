"""What the web client says to whom much is new: first steps, sentences of the log, titles, the second factor."""

import base64
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route

from tests.journeys.browser import PHONE, Room, Sit, sees
from tests.journeys.people import PASSWORD, Person
from tests.journeys.qr_codes import read_qr_code
from tests.journeys.test_web_doors import code
from tests.journeys.test_web_walk import choose, press

pytestmark = pytest.mark.slow

SignUp = Callable[..., Person]


@pytest.mark.parametrize("look", ["light", "dark"])
def test_the_secret_of_a_second_factor_is_scanned(look: str, room: Room, sit: Sit) -> None:
    seat = sit(room.ann, color_scheme=look)
    empty = seat.context.new_page()
    page = seat.sign_in("/settings#security")
    press(page, "Turn on")
    page.fill("dialog input[type=password]", PASSWORD)
    press(page, "Continue")
    picture = page.get_by_role("img", name="QR code with the secret, for an authenticator app")
    picture.wait_for()
    scanned = read_qr_code(picture.screenshot(), empty)
    assert scanned == page.get_attribute("dialog a[href^='otpauth:']", "href")
    secret = base64.b32decode(parse_qs(urlsplit(scanned).query)["secret"][0])
    page.fill("dialog input[autocomplete=one-time-code]", code(secret, 0))
    page.click("dialog button[type=submit]")
    page.locator(".codes li").first.wait_for()


def test_a_phone_in_an_empty_workspace_says_what_to_do(sign_up: SignUp, sit: Sit) -> None:
    page = sit(sign_up("Ann", "Acme"), **PHONE).sign_in()
    steps = page.locator(".sidebar .empty")
    steps.get_by_role("button", name="Invite people").wait_for()
    steps.get_by_role("button", name="New channel").tap()
    page.fill("dialog input[name=name]", "general")
    press(page, "Create channel")
    page.wait_for_selector("textarea")
    page.tap("[aria-label=Back]")
    page.wait_for_selector(".chat-link:has-text('general')")
    assert steps.count() == 0


def test_first_steps_on_a_phone_are_as_wide_as_each_other(sign_up: SignUp, sit: Sit) -> None:
    page = sit(sign_up("Ann", "Acme"), **PHONE).sign_in()
    page.wait_for_selector(".sidebar .steps")
    boxes = [step.bounding_box() for step in page.locator(".sidebar .steps .button").all()]
    assert len({box and box["width"] for box in boxes}) == 1


def test_who_cannot_leave_a_workspace_is_told_and_not_offered_to(room: Room, sit: Sit) -> None:
    path = f"/w/{room.workspace}/settings"
    sit(room.ann).sign_in(path).wait_for_selector("button:disabled:has-text('Leave workspace')")
    page = sit(room.bob).sign_in(path)
    page.wait_for_selector("button:enabled:has-text('Leave workspace')")
    assert page.get_by_text("the only owner").count() == 0


def test_what_of_notifications_is_the_default_is_said(room: Room, sit: Sit) -> None:
    page = sit(room.ann).sign_in(room.path)
    page.click("[aria-label='More about this conversation']")
    page.click(".menu-item:has-text('Notifications')")
    page.wait_for_selector("dialog label:has-text('The default: for channels that is nothing')")
    assert page.locator("dialog label").get_by_text("Nothing", exact=True).count() == 0


def test_the_tabs_of_the_settings_end_with_their_column(room: Room, sit: Sit) -> None:
    page = sit(room.ann).sign_in("/settings")
    tab, column = (page.locator(place).bounding_box() for place in ("#tab-activity", ".page-body"))
    assert tab
    assert column
    assert tab["x"] + tab["width"] <= column["x"] + column["width"]


def test_who_comes_into_a_workspace_is_told_what_there_is(sign_up: SignUp, sit: Sit) -> None:
    ann, bob, gina = sign_up("Ann", "Acme"), sign_up("Bob"), sign_up("Gina")
    workspace = ann.workspace()["id"]
    ann.bring_in(workspace, bob)
    ann.bring_in(workspace, gina, role="guest")
    page = sit(bob).sign_in()
    page.wait_for_selector("main .empty:has-text('no channel yet that you can join')")
    buttons = page.locator("main .empty").get_by_role("button")
    assert buttons.all_inner_texts() == ["New channel", "New message"]
    ann.make_chat(workspace, "public_channel", "general")
    page.wait_for_selector("main .empty:has-text('1 channel that you can join')")
    page.get_by_role("main").get_by_role("link", name="Browse channels").wait_for()
    page = sit(gina).sign_in()
    page.wait_for_selector("main .empty:has-text('You are a guest here')")
    assert page.locator("main .empty").get_by_role("button").count() == 0
    made = ann.make_chat(workspace, "private_channel", "plans")["id"]
    ann.post(f"/chats/{made}/members", {"user_ids": [gina.id]})
    page.wait_for_selector(".chat-link:has-text('plans')")


def lines(page: Page) -> list[str]:
    """What the log says, the newest first."""
    page.wait_for_selector("main .rows li")
    return [text.strip() for text in page.locator("main .rows li p:first-child").all_inner_texts()]


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en", ["Ann reported a message", "Ann changed the role of Bob from Member to Admin", "Ann made #general"]),
        ("de", ["Ann hat eine Nachricht gemeldet", "Ann hat die Rolle von Bob von Mitglied zu Admin geändert"]),
    ],
)
def test_the_log_of_acts_is_in_sentences(locale: str, said: list[str], room: Room, sit: Sit) -> None:
    message = room.bob.say(room.chat, "hello")
    lone = room.bob.make_chat(room.workspace, "public_channel", "reading club")["id"]
    room.ann.patch(f"/workspaces/{room.workspace}/members/{room.bob.id}", {"role": "admin"})
    room.ann.post(f"/messages/{message['id']}/reports", {"reason": "Too short."}, 201)
    page = sit(room.ann, locale=locale).sign_in(f"/w/{room.workspace}/audit")
    page.locator("main .rows li", has_text="#reading club").first.wait_for()
    found = lines(page)
    for sentence in said:
        assert any(sentence in line for line in found), found
    whole = page.inner_text("main .rows")
    assert f"#{lone}" not in whole
    assert not [word for word in ("public_channel", "max_uses", "invite 1", "type:") if word in whole]


def test_an_empty_list_of_people_is_not_called_a_wrong_name(room: Room, sit: Sit) -> None:
    page = sit(room.ann).sign_in(room.path)
    choose(page, "[aria-label='More about this conversation']", "Add people")
    page.wait_for_selector("dialog [role=status]:has-text('There is nobody else to choose.')")
    page.keyboard.type("zz")
    page.wait_for_selector("dialog [role=status]:has-text('Nobody of that name')")


def test_the_title_counts_what_is_unread_anywhere(room: Room, sit: Sit) -> None:
    other = room.ann.make_chat(room.workspace, "private_channel", "other", room.bob)["id"]
    away = room.bob.post("/workspaces", {"name": "Elsewhere"}, 201)["id"]
    room.bob.bring_in(away, room.ann)
    far = room.bob.make_chat(away, "group", None, room.ann)["id"]
    page = sit(room.ann).sign_in(room.path)

    def called(title: str) -> None:
        page.wait_for_function("(title) => document.title === title", arg=title)

    called("general · Acme")
    room.bob.say(other, "one")
    called("(1) general · Acme")
    room.bob.say(far, "two")
    called("(2) general · Acme")
    room.ann.patch(f"/chats/{other}/notifications", {"level": "nothing"})
    page.reload()
    called("(1) general · Acme")
    page.click(".chat-link:has-text('other')")
    sees(page, "one")
    called("(1) other · Acme")


SPOKEN = "() => [...document.querySelectorAll('.hidden[aria-live=polite] p')].map((it) => it.textContent)"


@pytest.mark.parametrize("comes", [True, False])
def test_a_message_of_somebody_unknown_is_read_out_with_the_name_or_with_none(
    comes: bool, room: Room, sign_up: SignUp, sit: Sit
) -> None:
    carl = sign_up("Carl")
    room.ann.bring_in(room.workspace, carl)
    asked: list[Route] = []

    def answer(route: Route) -> None:
        asked.append(route)
        if comes:
            route.continue_()

    seat = sit(room.ann)
    seat.page.route(f"{seat.url}/api/users/{carl.id}", answer)
    seat.page.route("**/members?*", lambda route: route.fulfill(json={"items": [], "next_cursor": None}))
    page = seat.sign_in(room.path)
    page.wait_for_selector("text=Connected")
    carl.post(f"/chats/{room.chat}/join")
    carl.say(room.chat, "hello")
    sees(page, "hello")
    page.wait_for_function(f"() => ({SPOKEN})().length > 0")
    assert page.evaluate(SPOKEN) == ["Carl: hello" if comes else "hello"]
    assert asked, "the name was known before"
