"""Every screen of the web client is looked over by axe-core, as WCAG 2.2 AA has it, in each of its looks."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from playwright.sync_api import Page

from tests.journeys.browser import PHONE, Seat, Sit
from tests.journeys.office import an_office
from tests.journeys.people import Person
from tests.journeys.tour import Stop, inside, opened, outside, settled, visit
from tests.web.node import packages

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

CHECK = """async (values) => (await axe.run(document, {runOnly: {type: "tag", values}, resultTypes: ["violations"]}))
    .violations.flatMap(({id, nodes}) => nodes.map((it) => `${id}: ${it.html.slice(0, 200)} ${it.failureSummary}`))"""

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

DARK = "matchMedia('(prefers-color-scheme: dark)').matches"


class Look(NamedTuple):
    name: str
    width: int
    height: int
    dark: bool = False

    def put_on(self, page: Page) -> None:
        page.set_viewport_size({"width": self.width, "height": self.height})
        page.emulate_media(color_scheme="dark" if self.dark else "light")
        assert page.evaluate(DARK) is self.dark


LOOKS = {
    "a window": [
        Look("zoomed to 400 %", 320, 256),
        Look("zoomed to 200 %", 640, 360),
        Look("light", 1280, 720),
        Look("dark", 1280, 720, dark=True),
    ],
    "a phone": [Look("phone", **PHONE["viewport"])],
}
"""Screens are reached in the first, where there is least room; the window then changes as it does under one's hands."""


def seat_for(sit: Sit, person: Person, device: str) -> Seat:
    seat = sit(person, **(PHONE if device == "a phone" else {}))
    seat.context.add_init_script(path=packages() / "axe-core" / "axe.min.js")
    LOOKS[device][0].put_on(seat.page)
    return seat


def wrong(page: Page, url: str, stops: list[Stop], looks: list[Look]) -> list[str]:
    """What axe has against the screens, and by how much one would have to scroll sideways."""
    found = []
    for stop in stops:
        looks[0].put_on(page)
        visit(page, url, stop)
        for look in looks:
            look.put_on(page)
            settled(page)
            if not page.locator(stop.shows).first.is_visible():  # menus close when the window changes
                visit(page, url, stop)
            at = f"{stop.name}, {look.name}"
            found += [f"{at}: {violation}" for violation in page.evaluate(CHECK, TAGS)]
            if (over := page.evaluate(OVERFLOW)) > 0:
                found.append(f"{at}: {over} pixels too broad")
    return found


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("device", LOOKS)
def test_no_screen_shuts_anybody_out(device: str, sign_up: Callable[..., Person], sit: Sit) -> None:
    owner, place = an_office(sign_up)
    seat, looks = seat_for(sit, owner, device), LOOKS[device]
    found = wrong(seat.page, seat.url, outside(place), looks)
    seat.sign_in()
    found += wrong(seat.page, seat.url, inside(place) + opened(place), looks)
    assert found == [], "\n".join(found)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("device", LOOKS)
def test_where_there_is_nothing_yet_nobody_is_shut_out_either(
    device: str, sign_up: Callable[..., Person], sit: Sit
) -> None:
    for workspace, shows in ((None, ".door-card form"), ("Acme", ".sidebar")):
        seat = seat_for(sit, sign_up("Ann", workspace), device)
        seat.knock().wait_for_selector(shows, state="attached")
        home = "/" if workspace is None else f"/w/{seat.person.workspace()['id']}"
        stop = Stop("nothing yet", home, f"{shows}, main")
        assert wrong(seat.page, seat.url, [stop], LOOKS[device]) == []
