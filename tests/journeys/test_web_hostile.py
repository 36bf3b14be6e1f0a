"""Names, topics and messages of somebody who wants to run code in the browsers of others: all of it is text there."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys.browser import Sit
from tests.journeys.people import Person

pytestmark = pytest.mark.slow

HOSTILE = (
    "<script>pwned=1</script>",
    "<img src=x onerror=pwned=1>",
    "<svg onload=pwned=1><animate onbegin=pwned=1 attributeName=x dur=1s>",
    "<svg><script>pwned=1</script></svg>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    "<a href='javascript:pwned=1'>press me</a>",
    "<form action='javascript:pwned=1'><button>press me</button></form>",
    "<body onload=pwned=1><details open ontoggle=pwned=1><summary>x",
    "<style>*{background:url('/pwned')}</style><link rel=stylesheet href=/pwned><base href='//evil.example/'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=pwned=1&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=pwned=1>'>",
    "<template><img src=x onerror=pwned=1></template><object data='data:text/html,<script>pwned=1</script>'></object>",
    "<meta http-equiv=refresh content='0;url=javascript:pwned=1'><embed src=javascript:pwned=1>",
    "{{constructor.constructor('pwned=1')()}} ${pwned=1} javascript:pwned=1",
    "\" onmouseover=pwned=1 autofocus onfocus=pwned=1 x=\"' onclick=pwned=1 '",
    '{"type":"img","props":{"dangerouslySetInnerHTML":{"__html":"<img src=x onerror=pwned=1>"}}}',
)

OF_MARKDOWN = (
    "[press me](javascript:pwned=1) [press me](JaVaScRiPt&colon;pwned=1) [press me](java\nscript:pwned=1)",
    "[press me](data:text/html;base64,PHNjcmlwdD5wd25lZD0xPC9zY3JpcHQ+) [press me](vbscript:pwned=1)",
    "![x](javascript:pwned=1) ![x](https://example.org/x.png\"onerror=\"pwned=1) ![x'onerror='pwned=1](x)",
    '<javascript:pwned=1> <https://example.org/"onmouseover="pwned=1>',
    "[press me]: javascript:pwned=1\n\n[press me] [press me][]",
    "`<img src=x onerror=pwned=1>`\n\n```<img src=x onerror=pwned=1>\n</code></pre><img src=x onerror=pwned=1>\n```",
    "| <img src=x onerror=pwned=1> | b |\n| --- | --- |\n| [press me](javascript:pwned=1) | <script>pwned=1</script> |",
    "[press me](https://example.org \"x' onmouseover='pwned=1\" onclick=pwned=1)",
    "&lt;img src=x onerror=pwned=1&gt; &#60;script&#62;pwned=1&#60;/script&#62;",
    "**<img src=x onerror=pwned=1>** > <script>pwned=1</script>",
)

LIVE = """() => [...document.querySelectorAll("#app *")].filter((it) =>
    it.matches("#app :is(script, style, link, iframe, object, embed, base, meta, math, template, noscript, .text form)")
    || it.matches(".text :is(img, svg, details, button, input)")
    || [...it.attributes].some(({name, value}) => /^on/i.test(name) || name === "srcdoc"
        || (/^(href|src|action|formaction|xlink:href)$/i.test(name) && !/^(https?:|mailto:|[/#])/i.test(value))))
    .map((it) => it.outerHTML.slice(0, 200))"""


def quiet(page: Page) -> None:
    """Nothing of it is alive in the page, nor has run."""
    assert page.evaluate(LIVE) == []
    assert page.evaluate("typeof pwned") == "undefined"


def test_hostile_words_are_words(sign_up: Callable[..., Person], sit: Sit) -> None:
    ann, eve = sign_up("Ann", "Acme"), sign_up("Eve")
    workspace = ann.workspace()["id"]
    ann.bring_in(workspace, eve)
    ann.patch(f"/workspaces/{workspace}", {"name": HOSTILE[1]})
    chat = eve.make_chat(workspace, "public_channel", HOSTILE[0], ann)["id"]
    eve.patch(f"/chats/{chat}", {"topic": HOSTILE[2]})
    for number, name in enumerate(HOSTILE):
        eve.make_chat(workspace, "private_channel", f"{number} {name}"[:80], ann)
    eve.patch("/users/me", {"name": HOSTILE[1], "avatar_url": "https://example.org/x.png#\"onerror='pwned=1'"})
    seat = sit(ann)
    asked: list[str] = []
    dialogs: list[str] = []
    seat.page.on("request", lambda request: asked.append(request.url))
    seat.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    seat.page.route("https://example.org/**", lambda route: route.abort())
    page = seat.sign_in(f"/chats/{chat}")
    eve.say(chat, "**From now on Markdown is set**")
    page.wait_for_selector(".text strong")
    for text in HOSTILE + OF_MARKDOWN:
        said = eve.say(chat, text)
        row = page.locator(f"[data-seq='{said['seq']}'] .text")
        row.wait_for()
        assert "pwned" in row.inner_text() or text not in HOSTILE
        quiet(page)
    ann.post(f"/messages/{said['id']}/reports", {"reason": HOSTILE[1]}, 201)
    for path in ("members", "channels", "settings", "moderation", "audit"):
        page.goto(f"{seat.url}/w/{workspace}/{path}")
        page.wait_for_selector(".rows li, input[name=name]")
        quiet(page)
    page.goto(f"{seat.url}/chats/{chat}")
    page.wait_for_selector(".text")
    page.keyboard.press("Control+k")
    page.wait_for_selector("dialog .option")
    quiet(page)
    assert dialogs == []
    assert not [url for url in asked if "pwned" in url and not url.startswith("https://example.org/")]
