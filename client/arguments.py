"""What bin/chat can be told when it starts; only Python's standard library, so that --help needs nothing installed."""

import argparse
import os
from collections.abc import Sequence
from urllib.parse import urlsplit

SERVER = "http://localhost:8000"

VARIABLES = f"""
environment variables:
  FECHATTER_URL         the server, if --server is left out; else {SERVER}
  FECHATTER_PASSWORD    the password; else it is asked for, a new one twice
  FECHATTER_CHAT_STATE  the file that keeps the sessions for the next time;
                        else ~/.local/state/fechatter/chat.json
"""


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Ends the program with words if they do not fit together."""
    parser = _parser()
    options = parser.parse_args(given)
    if options.workspace and not options.sign_up:
        parser.error("--workspace goes with --sign-up; when you are in, /workspace NAME makes one")
    if options.invite and not options.sign_up:
        parser.error("--invite goes with --sign-up; when you are in, /join and its address accepts it")
    if options.sign_out and (options.sign_up or options.open):
        parser.error("--sign-out goes with --server and --email only")
    return options


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bin/chat",
        description="Chat in the terminal. /help lists what can be said there.",
        epilog=VARIABLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    # As a string, the default is checked like what is typed.
    server = os.environ.get("FECHATTER_URL") or SERVER
    parser.add_argument("--server", type=_address, default=server, metavar="URL", help=f"default: {server}")
    parser.add_argument("--email", default="", help="whose session; left out, it is the one that is remembered")
    parser.add_argument("--sign-up", metavar="NAME", help="make a new account with this name")
    parser.add_argument("--workspace", metavar="NAME", help="with --sign-up: and a workspace of one's own")
    parser.add_argument("--invite", type=_token, metavar="URL", help="with --sign-up: the invitation that lets you in")
    parser.add_argument("--open", metavar="CHAT", help="the chat to begin in")
    parser.add_argument("--sign-out", action="store_true", help="end the remembered session")
    return parser


def _token(given: str) -> str:
    """Of the invitation's address, or of itself."""
    return given.rstrip("/").rpartition("/")[2]


def _address(given: str) -> str:
    """With its scheme and without what follows the host's last slash, so that one server has one spelling."""
    address = (given if "://" in given else f"http://{given}").rstrip("/")
    try:
        parts = urlsplit(address)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if not fits:
        raise argparse.ArgumentTypeError(f"{given!r} is no address like {SERVER}")
    return address
