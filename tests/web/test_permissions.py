"""What the web client offers is what the server allows: every rule, with everything that it can be asked."""

import inspect
import json
from itertools import product
from pathlib import Path

from fechatter import permissions
from fechatter.permissions import CHAT_RANKS, WORKSPACE_RANKS, Standing
from tests.web.node import run_node

TYPES = ("single", "group", "private_channel", "public_channel")

ABOUT = {
    "remove": [{"role": role} for role in CHAT_RANKS],
    "change_role": [{"role": role, "oneself": oneself} for role in CHAT_RANKS for oneself in (False, True)],
    "invite": [{"role": role} for role in WORKSPACE_RANKS],
    "change_workspace_role": [{"target": one, "role": other} for one, other in product(WORKSPACE_RANKS, repeat=2)],
    "lower_oneself": [{"role": role} for role in WORKSPACE_RANKS],
    "remove_from_workspace": [{"role": role} for role in WORKSPACE_RANKS],
    "suspend": [{"role": role} for role in (*WORKSPACE_RANKS, None)],
}
"""What a rule is asked beside who asks, in the words of the client; in the order of the server's parameters."""

NOT_OFFERED = {"grant"}
"""Part of other rules."""


def test_the_client_offers_what_the_server_allows(tmp_path: Path) -> None:
    told = tmp_path / "rules.json"
    told.write_text(json.dumps(_rules()))
    done = run_node("--test", "tests/web/unit/permissions.test.mjs", FECHATTER_RULES=str(told))
    assert done.returncode == 0, done.stdout[-4000:]


def _rules() -> dict[str, list[dict[str, object]]]:
    rules: dict[str, list[dict[str, object]]] = {"chat": [], "workspace": []}
    for name, rule in inspect.getmembers(permissions, inspect.isfunction):
        word = name.removeprefix("can_")
        if word == name or word in NOT_OFFERED:
            continue
        of_chat = next(iter(inspect.signature(rule).parameters)) == "who"
        for about in ABOUT.get(word, [{}]):
            rules["chat" if of_chat else "workspace"] += (_of_chat if of_chat else _of_workspace)(word, rule, about)
    return rules


def _of_chat(word, rule, about):  # type: ignore[no-untyped-def]
    for type_, role, workspace_role in product(TYPES, (*CHAT_RANKS, None), WORKSPACE_RANKS):
        who = {"type": type_, "role": role, "workspaceRole": workspace_role}
        may = rule(Standing(type_, role, workspace_role), *about.values())
        yield {"rule": word, "who": who, "about": about, "may": may}


def _of_workspace(word, rule, about):  # type: ignore[no-untyped-def]
    for role in WORKSPACE_RANKS:
        yield {"rule": word, "role": role, "about": about, "may": rule(role, *about.values())}
