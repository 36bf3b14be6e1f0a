"""What is written into logs of acts has words in the web client."""

import re

from app.web_files import ROOT
from launcher.paths import PROJECT

TEXTS = ROOT / "js" / "locales" / "en" / "acts.js"
BY_KIND = {'f"{kind}.ended"': {"session.ended", "token.ended"}}


def recorded() -> set[str]:
    """The names of all acts in our sources."""
    found: set[str] = set()
    for part in ("fechatter", "app", "worker"):
        for path in (PROJECT / part).rglob("*.py"):
            text = path.read_text()
            if "record_act" in text or "record_chat_act" in text:
                found |= set(re.findall(r"\"((?!fechatter\.)[a-z_]+\.[a-z_]+)\"", text))
                found |= {act for form, acts in BY_KIND.items() if form in text for act in acts}
    return found


def test_every_act_has_a_name_and_a_sentence() -> None:
    known = set(re.findall(r"^  \"((?:act|did)\.[\w.]+)\":", TEXTS.read_text(), re.MULTILINE))
    acts = recorded()
    assert {"member.removed", "push.subscribed", "session.ended", "report.resolved"} <= acts, "the search is broken"
    assert {f"{form}.{act}" for act in acts for form in ("act", "did")} - known == set()
