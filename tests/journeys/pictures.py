"""`python -m tests.journeys.pictures`: makes docs/img/, from a system of its own with what `bin/dev seed` brings."""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from launcher.paths import PROJECT
from tests.journeys.browser import PHONE, Seat, a_browser
from tests.journeys.conftest import System
from tests.journeys.office import Place, furnish, suspend
from tests.journeys.palette import with_palette
from tests.journeys.people import Guest, Person
from tests.journeys.tour import Stop, inside, opened, outside, visit

FOLDER = PROJECT / "docs" / "img"
SIZE = {"width": 1120, "height": 700}

DESK = ("sign-up", "chat", "channels", "members", "moderation", "audit", "workspace-settings")
ACCOUNT = ("settings-profile", "settings-security", "settings-notifications")
OPENED = ("quick-switcher", "chat-members", "invite")
LOOKS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "light": ({"viewport": SIZE}, DESK + ACCOUNT + OPENED),
    "dark": ({"viewport": SIZE, "color_scheme": "dark"}, ("sign-in", "chat", "members", "quick-switcher")),
    "phone": (PHONE, ("sign-in", "list", "chat", "settings-profile")),
}


@contextmanager
def a_seeded_system() -> Iterator[tuple[Guest, str]]:
    """With the password of all whom the seed makes."""
    folder = Path(tempfile.mkdtemp(prefix="fechatter-pictures-"))
    system = System(folder).start()
    try:
        seed = [sys.executable, str(PROJECT / "bin" / "dev"), "seed"]
        said = subprocess.run(seed, env=system.environ, capture_output=True, text=True, check=True).stdout
        password = re.search(r"with the password (\S+)", said)
        assert password, said
        yield Guest(system.url, system.notify_url), password[1]
    finally:
        system.stop()
        shutil.rmtree(folder, ignore_errors=True)


def furnished(guest: Guest, password: str) -> tuple[Person, Place]:
    ana, ben = (guest.sign_in(f"{name}@acme.example", password) for name in ("ana", "ben"))
    workspace = ana.workspace()["id"]
    chats = {chat["name"]: chat["id"] for chat in ana.get("/chats")["items"]}
    suspend(ana, workspace, guest.sign_up("Mallory"))
    return ana, furnish(ana, ben, workspace, chats["engineering"])


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with a_seeded_system() as (guest, password), a_browser() as browser:
        ana, place = furnished(guest, password)
        door = outside(place)
        stops = {stop.name: stop for stop in inside(place) + opened(place)}
        stops["list"] = Stop("list", f"/w/{place.workspace}", ".chat-link")
        for look, (options, names) in LOOKS.items():
            seat, empty = Seat(browser, ana, **options), browser.new_page()
            take(seat, empty, look, [stop for stop in door if stop.name in names])
            seat.sign_in(password=password)
            take(seat, empty, look, [stops[name] for name in names if name in stops])
            seat.close()


def take(seat: Seat, empty: Page, look: str, stops: list[Stop]) -> None:
    for stop in stops:
        visit(seat.page, seat.url, stop)
        file = FOLDER / f"{stop.name}-{look}.png"
        file.write_bytes(with_palette(seat.page.screenshot(animations="disabled", caret="hide"), empty))
        sys.stdout.write(f"{file.relative_to(PROJECT)} {file.stat().st_size}\n")


if __name__ == "__main__":
    main()
