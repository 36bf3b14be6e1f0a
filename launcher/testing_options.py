"""What the command line of bin/test can ask for, read before anything is installed."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

EXAMPLES = """\
examples:
  bin/test                           all but what is slow, in a few minutes
  bin/test --all                     what CI runs
  bin/test tests/app -k sign_in      a part, without the linters
  SERVERS=wheels bin/test            on the servers of the wheels"""


@dataclass(frozen=True)
class Options:
    """`arguments` are pytest's: a part of the tests, without the linters."""

    all: bool
    arguments: Sequence[str]


def read_options(words: Sequence[str] | None = None) -> Options:
    """Of the command line, if no words are given; ends the process where help is asked for."""
    parser = argparse.ArgumentParser(
        prog="bin/test",
        usage="bin/test [--all] [ARGUMENTS FOR PYTEST ...]",
        description="Run the linters and the tests. Other arguments go to pytest, and then the linters stay out.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--all", action="store_true", help="also what is slow, and both kinds of SERVERS")
    told, arguments = parser.parse_known_args(words)
    return Options(told.all, arguments)
