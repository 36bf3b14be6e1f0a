"""What the command line of bin/bench can ask for, read before anything is installed."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from launcher.paths import PROJECT

BENCHMARKS = {
    "fanout": "one event to many streams, beside nchan, flask-sse, a loop in C",
    "post": "posting, beside pgbench, a naive service and (--extra) Synapse",
    "latency": "from 201 to the event, by load and by stage",
    "reads": "history and the chat list, beside an ORM with marshmallow",
    "growth": "from ten thousand messages to ten million",
    "connections": "10,000 streams: memory, heartbeats, all coming back at once",
    "signin": "posting while 200 sign in at once",
    "hidden": "whether times tell what one may not know of",
    "relay": "events a second out of a backlog, and what one costs",
    "startup": "time to ready, and the memory of the idle system",
    "web": "the web client in Chromium",
}
"""Each a module of this package with `run(setting) -> Report`."""

HEAVY = ("growth",)
"""What `all` leaves out unless it is named: it writes gigabytes."""

EPILOG = "\n".join(
    [
        "benchmarks:",
        *(f"  {name:<12} {what}" for name, what in BENCHMARKS.items()),
        f"  {'all':<12} each but {', '.join(HEAVY)}, which writes gigabytes",
        "",
        "exit status: 0 targets are met (or --tiny), 1 one is missed, 2 there is no such thing, or no measuring it",
    ]
)


@dataclass(frozen=True)
class Options:
    """`results` is the folder that keeps them."""

    names: Sequence[str]
    rounds: int
    tiny: bool
    extra: frozenset[str]
    results: Path


def read_options(words: Sequence[str] | None = None) -> Options:
    """Of the command line, if no words are given; ends the process for what it cannot be."""
    parser = _parser()
    told = parser.parse_args(words)
    if told.rounds < 1:
        parser.error(f"argument --rounds: {told.rounds} is not 1 or more")
    if told.results.exists() and not told.results.is_dir():
        parser.error(f"argument --results: {told.results} is no folder")
    named = list(dict.fromkeys(told.names))
    names = [name for name in BENCHMARKS if name not in HEAVY or name in named] if "all" in named else named
    return Options(names, told.rounds, told.tiny, frozenset(told.extra), told.results)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bin/bench",
        description="Measure the system on its real processes, side by side with what one would pick instead.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="+", choices=(*BENCHMARKS, "all"), metavar="NAME", help="what to measure")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="turns of each contender (3)")
    parser.add_argument("--tiny", action="store_true", help="a size whose figures mean nothing: it shows that it works")
    parser.add_argument(
        "--extra", action="append", default=[], choices=("synapse",), help="heavy baselines that are left out else"
    )
    parser.add_argument(
        "--results", type=Path, default=PROJECT / "bench" / "results", metavar="FOLDER", help="bench/results"
    )
    return parser
