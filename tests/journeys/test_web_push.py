"""The service worker in a real browser: registered by the settings, and told something as a push service would."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import CDPSession

from tests.doors import until
from tests.journeys.browser import Room, Seat, Sit

SHOWN = """async () => {
    const registration = await navigator.serviceWorker.ready;
    const all = await registration.getNotifications();
    return all.map(({ title, body, tag, data }) => ({ title, body, tag, data }));
}"""

IS_ACTIVE = "async () => Boolean((await navigator.serviceWorker.getRegistration('/'))?.active)"

CLOSE = "async () => (await (await navigator.serviceWorker.ready).getNotifications()).forEach((one) => one.close())"

PRESS = """async () => {
    const [notification] = await registration.getNotifications();
    const event = new NotificationEvent("notificationclick", { notification });
    let work;
    event.waitUntil = (promise) => (work = promise);
    dispatchEvent(event);
    await work;
}"""
"""Presses the notification that is shown. Events that scripts make cannot be waited for, but by hand."""


LOST = 5.0
"""Seconds after which a push is not under way any more."""


class Pushed:
    """A page whose service worker is registered, and a push service for it."""

    def __init__(self, seat: Seat) -> None:
        self.url, self.page, self.context = seat.url, seat.page, seat.context
        self.context.grant_permissions(["notifications"], origin=seat.url)
        self.session: CDPSession = self.context.new_cdp_session(self.page)
        self.found: list[dict[str, Any]] = []
        self.session.on("ServiceWorker.workerRegistrationUpdated", self._found)
        self.session.send("ServiceWorker.enable")

    def _found(self, told: dict[str, Any]) -> None:
        self.found += told["registrations"]

    def register(self) -> None:
        """By the button of the settings; this browser has no push service to subscribe to, which it then says."""
        self.page.get_by_role("button", name="Turn on", exact=True).click()
        # Whoever waits for a function of the page does not wait for what that has promised.
        until(lambda: self.page.evaluate(IS_ACTIVE), 60, "registered")
        while not self.found:
            self.page.wait_for_timeout(20)

    def push(self, text: str) -> None:
        self.pushed, self.pushed_at = text, time.monotonic()
        told = {"origin": self.url, "registrationId": self.found[-1]["registrationId"], "data": text}
        self.session.send("ServiceWorker.deliverPushMessage", told)

    def shown(self, title: str) -> dict[str, Any]:
        """The one notification that is shown, once it is called that."""
        until(lambda: self._shows(title), 60, f"{title} is shown alone")
        (one,) = self.page.evaluate(SHOWN)
        return dict(one)

    def _shows(self, title: str) -> bool:
        """Chromium's tools lose a push in some ten runs: then it comes again, and would take the place of itself."""
        if [it["title"] for it in self.page.evaluate(SHOWN)] == [title]:
            return True
        if time.monotonic() - self.pushed_at > LOST:
            self.push(self.pushed)
        return False


@pytest.fixture
def pushed(room: Room, sit: Sit) -> Iterator[Pushed]:
    seat = sit(room.ann)
    seat.sign_in("/settings#notifications")
    pushed = Pushed(seat)
    pushed.register()
    yield pushed
    pushed.session.detach()
    seat.complaints[:] = [words for words in seat.complaints if "Push API in incognito mode" not in words]


def payload(chat: int, message: int, text: str, **more: Any) -> str:
    told = {"chat_id": chat, "message_id": message, "sender_name": "Bob", "chat_type": "public_channel"}
    return json.dumps(told | {"chat_name": "general", "text": text} | more)


def test_what_is_pushed_is_shown_and_a_press_leads_to_it(room: Room, pushed: Pushed) -> None:
    message = room.bob.say(room.chat, "hello")["id"]
    pushed.push(payload(room.chat, message, "hello"))
    assert pushed.shown("Bob · general") == {
        "title": "Bob · general",
        "body": "hello",
        "tag": f"chat-{room.chat}",
        "data": {"chatId": room.chat, "messageId": message},
    }
    pushed.push(payload(room.chat, message, "between us", chat_type="single"))
    assert pushed.shown("Bob")["body"] == "between us", "the newest takes the place of the one before"
    (worker,) = pushed.context.service_workers
    worker.evaluate(PRESS)
    pushed.page.wait_for_url(f"{pushed.url}{room.path}/messages/{message}")
    until(lambda: pushed.page.evaluate(SHOWN) == [], 60, "pressed, and gone")


UNREADABLE = (
    "",
    "no JSON",
    "null",
    "[]",
    '{"chat_id": 7}',
    '{"chat_id": "7", "sender_name": "Eve", "text": "no number"}',
    '{"chat_id": -1, "sender_name": "Eve"}',
    '{"chat_id": 7, "sender_name": {"toString": 1}}',
)


def test_what_cannot_be_read_is_shown_as_something(pushed: Pushed) -> None:
    for text in UNREADABLE:
        pushed.push(text)
        assert pushed.shown("Fechatter") == {
            "title": "Fechatter",
            "body": "",
            "tag": "chat-none",
            "data": {"chatId": None, "messageId": None},
        }, text
        pushed.page.evaluate(CLOSE)
        until(lambda: pushed.page.evaluate(SHOWN) == [], 60, "closed")
