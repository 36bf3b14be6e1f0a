"""How many events a server of event streams delivers for its CPU time: notify, and what one would pick instead."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

from bench.chart import Bars
from bench.contender import Contender, rest
from bench.crowd import Crowd
from bench.fanout_others import FlaskSse, Naive, Nchan
from bench.fanout_ours import METRICS_TOKEN, Ours
from bench.fanout_targets import targets
from bench.nchan import find_nginx
from bench.report import Cell, Report, Table
from bench.rounds import Sample, Spread, alternate
from bench.send_loop import SendLoop
from bench.setting import Setting
from bench.streams import Streams, let_open
from bench.system import System
from bench.usage import anonymous
from bench.window import Course
from launcher.errors import LaunchError

PEOPLE = 200

WARM = 64
"""Streams that come and go before memory is looked at."""

KINDS = ("cpu", "wall", "client", "sender")

PER_SECOND = 30
"""Events, each to all streams, where their delay is measured."""

Found = dict[str, dict[str, Spread]]


@dataclass(frozen=True)
class Scene:
    """`windows` are how many events are on their way; `paced` are the names of whose delay is measured too."""

    name: str
    streams: int
    chats: int
    windows: Sequence[int]
    paced: Sequence[str] = ()


def run(setting: Setting) -> Report:
    one = Scene("one", setting.size(1000, 20), 1, (1, 32), (Ours.name, Nchan.name))
    many = Scene("many", setting.size(1000, 20), setting.size(100, 2), (64,))
    large = Scene("large", setting.size(10_000, 40), 1, (1, 32))
    with ExitStack() as stack:
        refused = let_open(large.streams)
        if refused and (unable := let_open(one.streams)):
            raise LaunchError(unable)
        system = stack.enter_context(System("notify", METRICS_TOKEN=METRICS_TOKEN))
        ours = Ours(system, Crowd(system, setting.size(PEOPLE, 4), many.chats))
        contenders: list[Contender] = [ours, FlaskSse(system.redis.url), Naive(system.redis.url), SendLoop()]
        try:
            contenders.insert(1, Nchan(find_nginx()))
        except LaunchError as error:
            setting.skip(Nchan.name, str(error))
        found = {scene.name: _scene(setting, scene, contenders) for scene in (one, many)}
        if refused:
            setting.skip(f"{large.streams:,} streams", refused)
        else:
            found[large.name] = _scene(setting, large, [c for c in contenders if c.name in (Ours.name, Nchan.name)])
    return _report(found, (one, many, large), ours.stolen)


def _scene(setting: Setting, scene: Scene, contenders: Sequence[Contender]) -> Found:
    setting.say(f"{scene.streams:,} streams in {scene.chats} chat(s)")
    return alternate({c.name: partial(_turn, setting, scene, c) for c in contenders}, setting.rounds)


def _turn(setting: Setting, scene: Scene, contender: Contender) -> Sample:
    """One life of a server, in which its streams stay the same."""
    seconds, sample = (0.1 if setting.tiny else 2.0), dict[str, float]()
    with contender as server:
        _warm(server, setting.size(1200, 32))
        _rest(setting, server)
        before = anonymous(server.roots)
        with Streams(server.port, server.heads(scene.streams, scene.chats), server.ready) as streams:
            streams.opened()
            server.settle(scene.streams)
            _rest(setting, server)
            course = Course(server, streams, scene.chats)
            for window in scene.windows:
                sample |= {f"{kind} {window}": value for kind, value in course.in_window(window, seconds).items()}
            _rest(setting, server)
            sample["memory"] = (anonymous(server.roots) - before) / scene.streams
            if contender.name in scene.paced:
                sample |= course.at_rate(PER_SECOND, 0.3 if setting.tiny else 6)
            if isinstance(server, Ours):
                sample["readings"] = server.readings()
    setting.say(f"  {contender.name}: " + ", ".join(f"{name} {value:,.4g}" for name, value in sample.items()))
    return sample


def _rest(setting: Setting, server: Contender) -> None:
    if not setting.tiny:
        rest(server.roots)


def _warm(server: Contender, events: int) -> None:
    """What a server loads at first, and the last events that it keeps, are no part of what each stream takes."""
    with Streams(server.port, server.heads(WARM, 1), server.ready) as streams:
        streams.opened()
        server.settle(WARM)
        Course(server, streams, 1).send(events, 32)


def _report(found: Mapping[str, Found], all_scenes: Sequence[Scene], stolen: int) -> Report:
    streams = {scene.name: scene.streams for scene in all_scenes}
    scenes = [scene for scene in all_scenes if scene.name in found]
    cases = [(scene, window, _title(scene, window)) for scene in scenes for window in scene.windows]
    rates = [
        Table(
            title,
            ("", "deliveries by CPU second", "by second", "core of who reads", "and of who sends"),
            [(n, *(f[f"{kind} {window}"] for kind in KINDS)) for n, f in _of(found, scene)],
        )
        for scene, window, title in cases
    ]
    memory = Table(
        "memory of the server's processes by stream, without the kernel's",
        ("", *(f"{scene.streams:,} streams, KB" for scene in scenes)),
        _memory(found, scenes),
    )
    paced = Table(
        f"milliseconds to the last of {scenes[0].streams:,} streams, at {PER_SECOND} events a second",
        ("", "p50", "p99"),
        [(name, f["p50"], f["p99"]) for name, f in _of(found, scenes[0]) if "p99" in f],
    )
    charts = [
        Bars(title, "deliveries by CPU second", {n: f[f"cpu {window}"] for n, f in _of(found, scene)}, (Ours.name,))
        for scene, window, title in cases
    ]
    readings = sum(sum(f[Ours.name]["readings"].values) for f in found.values())
    notes = [
        "Events of 400 bytes. All CPU is that of the server's own processes, to which notify's PostgreSQL and the "
        "Redis of three contenders do not belong. Each stream was checked: each event once, in order.",
        f"notify read its feed {readings:.0f} times beside Redis, and relayed {stolen} events for itself.",
    ]
    title = "Fan-out: deliveries of one server process"
    return Report("fanout", title, [*rates, memory, paced], targets(found, streams), charts, notes)


def _of(found: Mapping[str, Found], scene: Scene) -> list[tuple[str, dict[str, Spread]]]:
    return list(found[scene.name].items())


def _title(scene: Scene, window: int) -> str:
    if scene.chats == 1:
        streams = f"{scene.streams:,} streams in one chat"
    else:
        streams = f"{scene.chats} chats x {scene.streams // scene.chats} streams"
    return f"{streams}, {'one event' if window == 1 else f'{window} events'} in flight"


def _memory(found: Mapping[str, Found], scenes: Sequence[Scene]) -> list[list[Cell]]:
    rows = []
    for name in found[scenes[0].name]:
        of_all = [found[scene.name].get(name) for scene in scenes]
        cells: list[Cell] = [Spread(tuple(v / 1024 for v in f["memory"].values)) if f else "-" for f in of_all]
        rows.append([name, *cells])
    return rows
