"""What can be said to bin/dev, read before anything is installed."""

import os
import sys
from collections.abc import Sequence

from launcher import environment
from launcher.data_folder import data_folder
from launcher.errors import LaunchError
from launcher.paths import PROJECT
from launcher.running import environment_of_running

HELP = """\
usage: bin/dev                    run everything on this machine until Ctrl-C
       bin/dev seed               fill it with a workspace, people and a conversation to look around in
       bin/dev doctor             look over it
       bin/dev flask COMMAND …    any command for operators; `bin/dev flask` lists them

The last three need a bin/dev that runs, in another terminal. Variables, all with a default:
  PORT, NOTIFY_PORT, HOST   where web and notify listen: 8000, the one after PORT, 127.0.0.1
  PUBLIC_URL, NOTIFY_URL    web and notify as other computers reach them: http://localhost:PORT, :NOTIFY_PORT
  DATA_DIR, VENV_DIR        its data and the virtual environment: .data, .venv
  DATABASE_URL, REDIS_URL   use these, and start none
  SERVERS                   system or wheels: only the machine's own servers, or only the wheels'; else auto
  SMTP_URL, MAIL_FROM       the server that takes mails, and whom they are from; else they are files below DATA_DIR/mail
  RATE_LIMITS               off: no limits, for load tests
More: README.md, docs/operations.md"""
SHORT = ("seed", "doctor")


def read(words: Sequence[str]) -> list[str] | None:
    """The words for flask, or None where everything is to be run. Help, and what is no command, end the process."""
    match list(words):
        case []:
            return None
        case ["-h" | "--help" | "help", *_]:
            print(HELP)
            sys.exit(0)
        case ["flask", *rest]:
            return rest or ["--help"]
        case [word, *_] if word in SHORT:
            return list(words)
    raise LaunchError(f"there is no command {words[0]}; bin/dev --help lists them.")


def run_flask(words: Sequence[str]) -> None:
    """Become the command, in the environment of the bin/dev that runs."""
    told = environment_of_running(data_folder())
    environment.enter("requirements.txt")
    os.chdir(PROJECT)
    flask = [sys.executable, "-m", "flask", "--app", "app.commands", *words]
    os.execve(sys.executable, flask, os.environ | told)  # noqa: S606
