"""Debian's Chromium at the web client: a browser that knows nothing yet, and what it fetches, as its network counts."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.journeys.people import PASSWORD

PAGE = Path(__file__).with_name("web_page.js")
PATIENCE = 120_000
"""Milliseconds: on a machine that is busy, too."""

LOADED = ("Document", "Script", "Stylesheet", "Image", "Manifest", "Font")
"""What is there for everybody; the rest are answers of the API."""


@contextmanager
def a_browser(path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Wire:
    """Requests, and the bytes of their answers as they came: encoded, and what their headers took besides."""

    kinds: dict[str, str] = field(default_factory=dict)
    heads: dict[str, float] = field(default_factory=dict)
    sizes: dict[str, float] = field(default_factory=dict)

    def listen(self, cdp: Any) -> None:
        cdp.on("Network.requestWillBeSent", lambda told: self.kinds.update({told["requestId"]: told.get("type", "")}))
        cdp.on("Network.responseReceived", self._began)
        cdp.on("Network.dataReceived", self._came)
        cdp.on("Network.loadingFinished", self._ended)
        cdp.send("Network.enable")

    def _began(self, told: dict[str, Any]) -> None:
        self.heads[told["requestId"]] = told["response"]["encodedDataLength"]

    def _came(self, told: dict[str, Any]) -> None:
        name = told["requestId"]
        self.sizes[name] = self.sizes.get(name, 0) + told["encodedDataLength"]

    def _ended(self, told: dict[str, Any]) -> None:
        name = told["requestId"]
        self.sizes[name] = told["encodedDataLength"] - self.heads.get(name, 0)

    def sample(self, when: str) -> dict[str, float]:
        loaded = [name for name, kind in self.kinds.items() if kind in LOADED]
        size = sum(self.sizes.get(name, 0) for name in loaded)
        return {
            f"requests {when}": len(self.kinds),
            f"loaded {when}": size / 1000,
            f"answers {when}": (sum(self.sizes.values()) - size) / 1000,
            f"headers {when}": sum(self.heads.values()) / 1000,
        }


class Tab:
    """One page in a browser context of its own: nothing is cached, nobody is signed in."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.url, self.context = url, browser.new_context(viewport={"width": 1280, "height": 800})
        self.context.set_default_timeout(PATIENCE)
        self.context.add_init_script(PAGE.read_text())
        self.page = self.context.new_page()
        self.cdp: Any = self.context.new_cdp_session(self.page)
        self.wire = Wire()
        self.wire.listen(self.cdp)

    def __enter__(self) -> "Tab":
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def sign_in(self, email: str, path: str) -> dict[str, float]:
        """From nothing to a usable chat. Milliseconds, and what came over the wire."""
        self.page.goto(self.url + path)
        self.page.wait_for_function("__bench.door")
        sample = {"door": self.ask("__bench.door"), **self.wire.sample("to sign in")}
        self.page.fill("input[name=email]", email)
        self.page.fill("input[name=password]", PASSWORD)
        self.ask("__bench.wait(__bench.usable)")
        self.page.click("button[type=submit]")
        sample["signed in"] = self._since_click()
        return sample | self.wire.sample("to chat")

    def open(self, chat_id: int, name: str) -> float:
        """Milliseconds from the click on it in the sidebar until its messages are painted."""
        self.ask(f"__bench.wait(() => __bench.chat({json.dumps(name)}))")
        self.page.click(f'a.chat-link[href="/chats/{chat_id}"]')
        return self._since_click()

    def load_history(self, chat_id: int, count: int) -> int:
        """As if it had been scrolled to; how many messages are in memory then."""
        code = """async ([id, count]) => {
            const { state } = await import("/assets/js/store.js");
            const { loadOlder } = await import("/assets/js/actions/history.js");
            const history = () => state.value.messages[id];
            while (history().items.length < count && history().hasMore) await loadOlder(id);
            return history().items.length;
        }"""
        return int(self.page.evaluate(code, [chat_id, count]))

    def in_memory(self, chat_id: int) -> int:
        code = 'import("/assets/js/store.js").then(({ state }) => state.value.messages[%d].items.length)'
        return int(self.ask(code % chat_id))

    def heap(self) -> float:
        """Megabytes that are in use behind a forced collection."""
        self.cdp.send("HeapProfiler.collectGarbage")
        self.cdp.send("Performance.enable")
        metrics = {one["name"]: one["value"] for one in self.cdp.send("Performance.getMetrics")["metrics"]}
        return float(metrics["JSHeapUsedSize"]) / 1e6

    def ask(self, code: str) -> Any:
        return self.page.evaluate(code)

    def _since_click(self) -> float:
        return float(self.ask("__bench.waiting.then((at) => at - __bench.clicked)"))
