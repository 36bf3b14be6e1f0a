"""Who is there, as the web client shows it: also of those who were there before it."""

import os
import signal

from playwright.sync_api import Page, Request

from tests.doors import until
from tests.journeys.browser import Room, Sit
from tests.journeys.conftest import System

LINK = ".chat-link:has-text('Bob')"
HERE, AWAY = f"{LINK} .presence.online", f"{LINK} .presence:not(.online)"


def asks(request: Request) -> bool:
    return "/api/presence?" in request.url


def connected(page: Page) -> Page:
    page.wait_for_selector("text=Connected")
    return page


def test_who_was_there_before_is_seen_and_who_goes_and_who_comes_back(room: Room, sit: Sit) -> None:
    room.ann.make_chat(room.workspace, "single", None, room.bob)
    bobs = sit(room.bob)
    bob = connected(bobs.sign_in(room.path))
    until(lambda: room.ann.get(f"/presence?user_id={room.bob.id}")["online"] == [room.bob.id], 10, "known to be there")
    ann = connected(sit(room.ann).sign_in(room.path))
    ann.wait_for_selector(HERE)
    ann.click(".count-button")
    for name in ("Bob", "Ann"):
        ann.wait_for_selector(f".panel li:has-text('{name}') .presence.online")
    bob.close()
    ann.wait_for_selector(AWAY)
    ann.wait_for_selector(".panel li:has-text('Bob') .presence:not(.online)")
    bobs.tab().goto(f"{bobs.url}{room.path}")
    ann.wait_for_selector(HERE)
    ann.goto(f"{bobs.url}/w/{room.workspace}/members")
    for name in ("Bob", "Ann"):
        ann.wait_for_selector(f".rows li:has-text('{name}') .presence.online")


def test_with_every_stream_it_is_asked_anew_and_without_one_nobody_is_shown_as_there(
    system: System, room: Room, sit: Sit
) -> None:
    room.ann.make_chat(room.workspace, "single", None, room.bob)
    connected(sit(room.bob).sign_in(room.path))
    until(lambda: room.ann.get(f"/presence?user_id={room.bob.id}")["online"] == [room.bob.id], 10, "known to be there")
    seat = sit(room.ann)
    with seat.page.expect_request(asks):
        ann = connected(seat.sign_in(room.path))
    ann.wait_for_selector(HERE)
    with ann.expect_request(asks):
        os.kill(system.pid("notify.wsgi"), signal.SIGKILL)
    ann.wait_for_selector(HERE)
    seat.context.set_offline(True)
    ann.wait_for_selector(".banner")
    ann.wait_for_selector(f"{LINK} .presence", state="detached")
    with ann.expect_request(asks):
        seat.context.set_offline(False)
    ann.wait_for_selector(HERE)
