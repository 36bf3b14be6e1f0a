"""The web client in a real browser, over the real processes: what it does when the network does not."""

import os
import re
import signal

from playwright.sync_api import Route

from tests import family
from tests.journeys.browser import Room, Sit, sees, write
from tests.journeys.conftest import System
from tests.journeys.people import Guest

HTML = {"Accept": "text/html"}
FOR_LATER = r"/(trusted|markdown|marked|dompurify|purify|push|notifications)\."
"""Loaded when there is nothing else to do."""


def test_what_one_writes_the_other_reads(room: Room, sit: Sit) -> None:
    ann, bob = sit(room.ann).sign_in(room.path), sit(room.bob).sign_in(room.path)
    write(ann, "Hello, Bob")
    sees(bob, "Hello, Bob")
    sees(ann, "Hello, Bob")
    write(bob, "Hello, Ann")
    sees(ann, "Hello, Ann")
    assert [message["content"] for message in room.ann.history(room.chat)] == ["Hello, Bob", "Hello, Ann"]


def test_a_reload_asks_for_no_password(room: Room, sit: Sit) -> None:
    page = sit(room.ann).sign_in(room.path)
    page.reload()
    page.wait_for_selector("textarea")
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    assert "eyJ" not in kept
    assert "fechatter_refresh" not in kept


def test_two_tabs_hear_one_stream_and_when_the_first_closes_the_other_goes_on(room: Room, sit: Sit) -> None:
    seat = sit(room.ann)
    first = seat.sign_in(room.path)
    first.wait_for_selector("text=Connected")
    second = seat.tab()
    second.goto(f"{seat.url}{room.path}")
    second.wait_for_selector("text=Connected")
    room.bob.say(room.chat, "to both")
    sees(first, "to both")
    sees(second, "to both")
    assert len(seat.streams) == 1
    first.close()
    room.bob.say(room.chat, "to the one that is left")
    sees(second, "to the one that is left")
    assert len(seat.streams) == 2


def test_signing_out_in_one_tab_signs_out_the_others(room: Room, sit: Sit) -> None:
    seat = sit(room.ann)
    first, second = seat.sign_in(room.path), seat.tab()
    second.goto(f"{seat.url}{room.path}")
    second.wait_for_selector("textarea")
    first.click(".me-button")
    first.click("text=Sign out")
    for page in (first, second):
        page.wait_for_selector("input[name=password]")


def test_notify_killed_in_the_middle_loses_and_doubles_nothing(system: System, room: Room, sit: Sit) -> None:
    page = sit(room.ann).sign_in(room.path)
    page.wait_for_selector("text=Connected")
    room.bob.say(room.chat, "one")
    sees(page, "one")
    os.kill(system.pid("notify.wsgi"), signal.SIGKILL)
    room.bob.say(room.chat, "two")
    write(page, "mine")
    room.bob.say(room.chat, "three")
    for text in ("one", "two", "mine", "three"):
        sees(page, text)
    seqs = page.evaluate("[...document.querySelectorAll('.message[data-seq]')].map((it) => Number(it.dataset.seq))")
    assert seqs == [1, 2, 3, 4]
    page.wait_for_selector("text=Connected")


def test_with_web_away_a_message_waits_and_arrives_once(system: System, room: Room, sit: Sit) -> None:
    page = sit(room.ann).sign_in(room.path)
    page.wait_for_selector("text=Connected")
    page.wait_for_selector(".beginning")
    # Its workers too: for a moment they outlive the master, and answer.
    family.send(family.stop(system.pid("app/gunicorn_settings.py")), signal.SIGKILL)
    write(page, "into the void")
    page.wait_for_selector(".message:has-text('into the void')")
    sees(page, "into the void")
    assert [message["content"] for message in room.ann.history(room.chat)] == ["into the void"]


def test_offline_and_back(room: Room, sit: Sit) -> None:
    seat = sit(room.ann)
    page = seat.sign_in(room.path)
    page.wait_for_selector("text=Connected")
    seat.context.set_offline(True)
    page.wait_for_selector(".banner")
    write(page, "from the tunnel")
    room.bob.say(room.chat, "meanwhile")
    page.wait_for_selector(".waiting")
    seat.context.set_offline(False)
    sees(page, "meanwhile")
    sees(page, "from the tunnel")
    page.wait_for_selector(".banner", state="detached")


def test_an_expired_token_is_renewed_without_anybody_noticing(room: Room, sit: Sit) -> None:
    seat = sit(room.ann)
    page = seat.sign_in(room.path)
    refused: list[str] = []

    def refuse_once(route: Route) -> None:
        if refused or route.request.method != "POST":
            return route.continue_()
        refused.append(route.request.headers["authorization"])
        return route.fulfill(status=401, json={"status": 401, "code": "token_expired"})

    page.route("**/messages", refuse_once)
    write(page, "still here")
    sees(page, "still here")
    assert len(refused) == 1


def test_a_session_that_is_ended_elsewhere_leads_to_the_door(room: Room, sit: Sit) -> None:
    page = sit(room.ann).sign_in(room.path)
    page.wait_for_selector("text=Connected")
    other = room.ann.guest.sign_in(room.ann.email)
    for session in other.get("/auth/sessions")["items"]:
        if not session["current"]:
            other.delete(f"/auth/sessions/{session['id']}")
    page.wait_for_selector("input[name=password]")
    other.close()


def test_what_the_page_names_is_all_that_is_loaded_before_one_can_talk(room: Room, sit: Sit) -> None:
    room.bob.say(room.chat, "plain words")
    seat = sit(room.ann)
    asked: list[str] = []
    seat.page.on("request", lambda request: asked.append(request.url.removeprefix(seat.url)))
    page = seat.sign_in(room.path)
    sees(page, "plain words")
    named = set(re.findall(r'(?:href|src)="(/assets/[^"]+)"', page.request.get(f"{seat.url}/", headers=HTML).text()))
    loaded = [path for path in asked if path.startswith("/assets/")]
    assert set(loaded) - named <= {path for path in loaded if re.search(FOR_LATER, path)}
    assert len(loaded) == len(set(loaded)), "something is loaded twice"


def test_at_another_name_of_the_server_one_is_led_to_its_own_and_never_to_another_host(
    system: System, sit: Sit, guest: Guest
) -> None:
    seat = sit(guest)
    for path in ("/invite/x", "//invite/x", "///signin"):
        seat.page.goto(f"http://127.0.0.1:{system.port}{path}")
        seat.page.wait_for_url(f"{seat.url}/{path.strip('/')}")
