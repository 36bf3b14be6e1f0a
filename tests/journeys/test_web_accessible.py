"""Every screen of the web client is looked over by axe-core, as WCAG 2.2 AA has it, in each of its looks."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.journeys.browser import PHONE, Sit
from tests.journeys.office import an_office
from tests.journeys.people import Person
from tests.journeys.tour import Stop, inside, opened, outside, visit
from tests.web.node import packages

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

CHECK = """async (values) => (await axe.run(document, {runOnly: {type: "tag", values}, resultTypes: ["violations"]}))
    .violations.flatMap(({id, nodes}) => nodes.map((it) => `${id}: ${it.html.slice(0, 200)} ${it.failureSummary}`))"""

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

LOOKS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "phone": PHONE,
    "zoomed to 200 %": {"viewport": {"width": 640, "height": 360}},
    "zoomed to 400 %": {"viewport": {"width": 320, "height": 256}},
}


def wrong(page: Page, url: str, stops: list[Stop]) -> list[str]:
    """What axe has against the screens, and by how much one would have to scroll sideways."""
    found = []
    for stop in stops:
        visit(page, url, stop)
        found += [f"{stop.name}: {violation}" for violation in page.evaluate(CHECK, TAGS)]
        if (over := page.evaluate(OVERFLOW)) > 0:
            found.append(f"{stop.name}: {over} pixels too broad")
    return found


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("look", LOOKS)
def test_no_screen_shuts_anybody_out(look: str, sign_up: Callable[..., Person], sit: Sit) -> None:
    owner, place = an_office(sign_up)
    seat = sit(owner, **LOOKS[look])
    seat.context.add_init_script(path=packages() / "axe-core" / "axe.min.js")
    found = wrong(seat.page, seat.url, outside(place))
    seat.sign_in()
    found += wrong(seat.page, seat.url, inside(place) + opened(place))
    assert found == [], "\n".join(found)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("look", LOOKS)
def test_where_there_is_nothing_yet_nobody_is_shut_out_either(
    look: str, sign_up: Callable[..., Person], sit: Sit
) -> None:
    for workspace, shows in ((None, ".door-card form"), ("Acme", ".sidebar")):
        seat = sit(sign_up("Ann", workspace), **LOOKS[look])
        seat.context.add_init_script(path=packages() / "axe-core" / "axe.min.js")
        seat.knock().wait_for_selector(shows, state="attached")
        home = "/" if workspace is None else f"/w/{seat.person.workspace()['id']}"
        assert wrong(seat.page, seat.url, [Stop("nothing yet", home, f"{shows}, main")]) == []
