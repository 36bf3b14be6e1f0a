"""Every screen of the web client, one after the other: where it is, and what is opened there."""

import re
from collections.abc import Callable
from typing import NamedTuple

from playwright.sync_api import Page

from tests.journeys.office import Place
from tests.journeys.people import PASSWORD

SETTLED = """() => document.fonts.status === "loaded" && !document.querySelector(".loading, .spinner")
    && document.getAnimations().every((it) => it.playState !== "running"
        || it.effect.getComputedTiming().iterations === Infinity)"""


class Stop(NamedTuple):
    """A screen: its address, a selector of what it has to show, and what is done there first."""

    name: str
    path: str
    shows: str
    act: Callable[[Page], object] = lambda page: None


def settled(page: Page) -> None:
    """Waits until nothing is loading and nothing moves."""
    page.wait_for_function(SETTLED)


def visit(page: Page, url: str, stop: Stop) -> None:
    page.goto("about:blank")
    page.goto(f"{url}{stop.path}")
    stop.act(page)
    page.locator(stop.shows).first.wait_for()
    settled(page)


def pressed(*labels: str) -> Callable[[Page], object]:
    """Presses buttons, and choices of the menus that they open."""

    def act(page: Page) -> None:
        for label in labels:
            named = page.locator(f'[aria-label="{label}"], [title="{label}"]')
            called = page.locator("button, .menu-item").filter(has_text=re.compile(rf"^\s*{label}\s*$"))
            named.or_(called).locator("visible=true").first.click()

    return act


def last_message(*labels: str) -> Callable[[Page], object]:
    """Opens what is offered beside the last message of one's own."""

    def act(page: Page) -> None:
        page.locator(".message").last.focus()
        pressed(*labels)(page)

    return act


def outside(place: Place) -> list[Stop]:
    """For who is not signed in."""
    return [
        Stop("sign-in", "/signin", "input[name=password]"),
        Stop("sign-up", "/signup", "input[name=workspace]"),
        Stop("forgot", "/forgot", "input[name=email]"),
        Stop("invited", f"/invite/{place.invite}", ".door button"),
        Stop("invited-sign-up", f"/invite/{place.invite}", "input[name=name]", pressed("Create account")),
    ]


SETTINGS = ("profile", "appearance", "notifications", "security", "tokens", "blocks", "activity")


def inside(place: Place) -> list[Stop]:
    """For an owner of the workspace."""
    chat, workspace = f"/chats/{place.chat}", f"/w/{place.workspace}"
    return [
        Stop("chat", chat, ".message"),
        Stop("direct", f"/chats/{place.direct}", "textarea"),
        Stop("channel-not-in", f"/chats/{place.lone}", "main .button, main button:has-text('Join')"),
        Stop("not-found", "/chats/999999999", ".empty"),
        Stop("channels", f"{workspace}/channels", ".rows li"),
        Stop("members", f"{workspace}/members", ".rows li"),
        Stop("workspace-settings", f"{workspace}/settings", ".rows li"),
        Stop("moderation", f"{workspace}/moderation", ".rows li"),
        Stop("audit", f"{workspace}/audit", ".rows li"),
        *(Stop(f"settings-{name}", f"/settings#{name}", f"#tab-{name}[aria-selected=true]") for name in SETTINGS),
    ]


def opened(place: Place) -> list[Stop]:
    """What opens over a screen, and what is opened in it."""
    chat, workspace = f"/chats/{place.chat}", f"/w/{place.workspace}"
    return [
        Stop("chat-members", chat, ".panel li", pressed("Members")),
        Stop("chat-menu", chat, ".menu", pressed("More about this conversation")),
        Stop("message-menu", chat, ".menu", last_message("More")),
        Stop("editing", chat, ".editor", last_message("Edit")),
        Stop("replying", chat, ".composer-bar", last_message("Reply")),
        Stop("message-delete", chat, "dialog", last_message("More", "Delete")),
        Stop("chat-settings", chat, "dialog", pressed("More about this conversation", "Settings of this conversation")),
        Stop("chat-notifications", chat, "dialog", pressed("More about this conversation", "Notifications")),
        Stop("chat-add-people", chat, "dialog", pressed("More about this conversation", "Add people")),
        Stop("quick-switcher", chat, "dialog .option", lambda page: key_to(page, "textarea", "Control+k")),
        Stop("invite", f"{workspace}/members", "dialog", pressed("Invite people")),
        Stop(
            "invite-link",
            f"{workspace}/members",
            "dialog input[readonly]",
            pressed("Invite people", "Make a link"),
        ),
        Stop(
            "member-menu", f"{workspace}/members", ".menu", lambda page: page.click(".rows li:last-child .icon-button")
        ),
        Stop("new-channel", f"{workspace}/channels", "dialog", pressed("New channel")),
        Stop("new-token", "/settings#tokens", "dialog", pressed("New token")),
        Stop("second-factor", "/settings#security", "dialog svg.qr", begin_second_factor),
    ]


def begin_second_factor(page: Page) -> None:
    pressed("Turn on")(page)
    page.fill("dialog input[type=password]", PASSWORD)
    pressed("Continue")(page)


def key_to(page: Page, selector: str, key: str) -> None:
    page.wait_for_selector(selector)
    page.keyboard.press(key)
