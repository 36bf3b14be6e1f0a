"""What one may not know of and what is not there: whether the time an answer takes tells the one from the other."""

import random
import statistics
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import httpx

from bench.chart import Bars
from bench.report import Cell, Report, Table, Target
from bench.rounds import Spread
from bench.setting import Setting
from bench.system import PATIENCE, System
from launcher.errors import LaunchError
from tests.journeys.people import Guest, Person

THERE, MISSING, AGAIN = "may not be known of", "is not there", "is not there, once more"
KINDS = (THERE, MISSING, AGAIN)
NOWHERE = 2**40
MOST_SHIFT = 0.1
"""Of the time of an answer: how far the two medians may differ. How far two equal series do stands beside it."""


class Call(NamedTuple):
    method: str
    path: str
    body: object = None


CALLS = {
    "a workspace": Call("GET", "/api/workspaces/{workspace}"),
    "members of a workspace": Call("GET", "/api/workspaces/{workspace}/members"),
    "an invitation to it": Call("POST", "/api/workspaces/{workspace}/invites", {}),
    "a private channel": Call("GET", "/api/chats/{chat}"),
    "its history": Call("GET", "/api/chats/{chat}/messages"),
    "posting to it": Call("POST", "/api/chats/{chat}/messages", {"content": "Hello"}),
    "renaming it": Call("PATCH", "/api/chats/{chat}", {"topic": "x"}),
    "a message in it": Call("GET", "/api/messages/{message}"),
    "deleting that": Call("DELETE", "/api/messages/{message}"),
    "reporting it": Call("POST", "/api/messages/{message}/reports", {"reason": "Why"}),
    "the log of acts": Call("GET", "/api/workspaces/{workspace}/audit"),
    "a suspension": Call("DELETE", "/api/workspaces/{workspace}/suspensions/{person}"),
    "a person": Call("GET", "/api/users/{person}"),
    "a sign-in of another": Call("DELETE", "/api/auth/sessions/{session}"),
    "a token of another": Call("DELETE", "/api/auth/tokens/{token}"),
}


class Scene:
    """Somebody, and another workspace with all that it must not know of."""

    def __init__(self, system: System) -> None:
        guest = Guest(system.url("web"), system.url("notify"))
        self.asker, owner = guest.sign_up("Asker", "Own"), guest.sign_up("Owner", "Other")
        workspace = owner.workspace()["id"]
        chat = owner.make_chat(workspace, "private_channel", "secret")["id"]
        session = owner.get("/auth/sessions")["items"][0]["id"]
        token = owner.post("/auth/tokens", {"name": "A bot", "scopes": ["read"]})["id"]
        message = owner.say(chat, "Hello")["id"]
        self.ids = {
            "workspace": workspace,
            "chat": chat,
            "message": message,
            "person": owner.id,
            "session": session,
            "token": token,
        }
        self.places = {THERE: self.ids, MISSING: self._nowhere(0), AGAIN: self._nowhere(1)}
        self.http = httpx.Client(base_url=guest.url, timeout=PATIENCE, headers=_headers(self.asker))

    def _nowhere(self, more: int) -> dict[str, int]:
        return dict.fromkeys(self.ids, NOWHERE + more)

    def ask(self, call: Call, kind: str) -> float:
        """Milliseconds."""
        request = self.http.build_request(call.method, call.path.format_map(self.places[kind]), json=call.body)
        began = time.perf_counter_ns()
        answer = self.http.send(request)
        took = (time.perf_counter_ns() - began) / 1e6
        if answer.status_code != 404:
            raise LaunchError(f"{call} of what {kind} was answered {answer.status_code}: {answer.text[:300]}")
        return took


def _headers(person: Person) -> dict[str, str]:
    return {"Authorization": f"Bearer {person.tokens['access_token']}"}


def run(setting: Setting) -> Report:
    times = setting.size(1500, 20) * setting.rounds // 3 + 1
    with System("web") as system:
        scene = Scene(system)
        found = {name: _series(scene, call, times) for name, call in CALLS.items()}
    return _report(found, times)


def _series(scene: Scene, call: Call, times: int) -> dict[str, list[float]]:
    """All kinds in turn, in an order that chance makes anew each time: what is slow for a while is so for all."""
    took: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for _ in range(times):
        for kind in random.sample(KINDS, len(KINDS)):
            took[kind].append(scene.ask(call, kind))
    return took


def chart(shifts: Mapping[str, float]) -> Bars:
    """By the call; as parts, of which percents are shown."""
    bars = {name: Spread((abs(shift) * 100,)) for name, shift in shifts.items()}
    return Bars("What hidden and missing differ by", "% of an answer's time", bars, list(bars))


def _report(found: Mapping[str, Mapping[str, Sequence[float]]], times: int) -> Report:
    rows: list[list[Cell]] = []
    for name, series in found.items():
        medians = [statistics.median(series[kind]) for kind in KINDS]
        rows.append([name, *medians, _shift(series[THERE], series[MISSING]), _shift(series[AGAIN], series[MISSING])])
    worst = max(abs(_shift(series[THERE], series[MISSING])) for series in found.values())
    return Report(
        "hidden",
        f"404 for what may not be known of, and for what is not there: {times:,} of each, in turn, one at a time",
        [
            Table(
                "Milliseconds for an answer, the median; and by what part of it the two differ",
                ["", *KINDS, "the first two differ by", "the last two differ by"],
                rows,
                "The last two are the same: what they differ by is chance.",
            )
        ],
        [Target("the most that hidden and missing differ by, as a part", MOST_SHIFT, worst, at_least=False)],
        [chart({name: _shift(series[THERE], series[MISSING]) for name, series in found.items()})],
    )


def _shift(one: Sequence[float], other: Sequence[float]) -> float:
    base = statistics.median(other)
    return (statistics.median(one) - base) / base
