"""From a post to its event at a client, over the whole way: web, Celery, relay, Redis, notify."""

from collections.abc import Mapping
from functools import partial

from bench import latency_stages
from bench.chart import Lines
from bench.post import CONNECTIONS, EACH, TEAMS
from bench.post_ours import Ours
from bench.report import Report, Table, Target
from bench.rounds import Sample, Spread, alternate
from bench.setting import Setting
from bench.system import System
from bench.travel import travel
from bench.window import quantile

SHARES = (10, 50, 80)
"""Per cent of the rate that posts reach if each connection sends the next as soon as it may."""

AT, P50, P99 = 50, 5.0, 30.0
"""The load at which these milliseconds are wanted."""

Found = Mapping[int, Mapping[str, Spread]]


def run(setting: Setting) -> Report:
    seconds = setting.size(20, 1)
    with System("web", "worker", "notify") as system, Ours(system, TEAMS, EACH) as ours:
        setting.say("how many messages a second there can be")
        rates = [
            ours.turn(ours.many_seats, "web", CONNECTIONS, setting.size(8, 1))["rate"]
            for _ in range(setting.size(3, 1))
        ]
        rate = rates[-1]
        found = alternate(
            {share: partial(_turn, ours, rate * share / 100, seconds) for share in SHARES}, setting.rounds
        )
        setting.say("where the time goes")
        stages = latency_stages.measure(system, lambda: travel(ours, rate * AT / 100, seconds))
        # What came behind its turn, too.
        checked = ours.check()
    return _report(rate, found, stages, checked)


def _turn(ours: Ours, rate: float, seconds: float) -> Sample:
    ways = travel(ours, rate, seconds)
    after = [(way.received - way.exchange.answered) / 1e6 for way in ways]
    whole = [(way.received - way.exchange.due) / 1e6 for way in ways]
    answer = [(way.exchange.answered - way.exchange.due) / 1e6 for way in ways]
    return {
        "p50": quantile(after, 0.5),
        "p99": quantile(after, 0.99),
        "p999": quantile(after, 0.999),
        "whole p50": quantile(whole, 0.5),
        "whole p99": quantile(whole, 0.99),
        "answer p50": quantile(answer, 0.5),
        "answer p99": quantile(answer, 0.99),
    }


def _report(rate: float, found: Found, stages: Table, checked: str) -> Report:
    lines = {
        name: [(share, of[key].median) for share, of in found.items()]
        for key, name in (("p50", "p50"), ("p99", "p99"), ("p999", "p99.9"))
    }
    return Report(
        "latency",
        f"From a post to its event at a client; {rate:,.0f} messages a second over {CONNECTIONS} connections are 100 %",
        [_table(rate, found), stages],
        [
            Target(f"201 to event at {AT} % load, p50 (ms)", P50, found[AT]["p50"].median, at_least=False),
            Target(f"201 to event at {AT} % load, p99 (ms)", P99, found[AT]["p99"].median, at_least=False),
        ],
        [Lines("From 201 to the event at the client", "ms", "load (% of the highest rate)", lines, logarithmic=False)],
        [checked],
    )


def _table(rate: float, found: Found) -> Table:
    keys = ("p50", "p99", "p999", "answer p50", "answer p99", "whole p50", "whole p99")
    return Table(
        "Milliseconds at a fixed rate, whether or not the server keeps up",
        ["load", "201 to event, p50", "p99", "p99.9", "post to 201, p50", "p99", "post to event, p50", "p99"],
        [
            [f"{share} %, {rate * share / 100:,.0f} messages/s", *(of[key] for key in keys)]
            for share, of in found.items()
        ],
        "A post begins when it was due. An event that is at the client before the 201 counts as less than nothing.",
    )
