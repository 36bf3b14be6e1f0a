"""bin/dev: the servers, the release step and the doors, run together until somebody stops them."""

import os
import signal
from pathlib import Path

from launcher.addresses import Addresses
from launcher.console import Console
from launcher.data_folder import data_folder, owned
from launcher.doors import door_environment
from launcher.errors import LaunchError
from launcher.leftovers import Record
from launcher.paths import PROJECT
from launcher.postgres import Postgres
from launcher.process import Process
from launcher.procfile import read_procfile, shell_command
from launcher.redis import Redis
from launcher.running import leave_environment, remove_environment
from launcher.servers import START_SECONDS, kind_from_environment
from launcher.supervisor import Supervisor, describe

# Together below the five seconds in which Ctrl-C promises to be done.
DOOR_SECONDS = 3.5
SERVER_SECONDS = 1.2
SERVERS = ("postgres", "redis")


def main() -> int:
    """Run until a signal asks to stop; return the exit status."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    addresses = Addresses.from_environment()
    with owned(data_folder()) as folder:
        record = Record(folder / "processes.json")
        if record.end_leftovers():
            print("Ended what an earlier run had left behind.", flush=True)
        remove_environment(folder)
        addresses.check_free()
        supervisor = Supervisor(Console(), record)
        try:
            _run(supervisor, folder, addresses)
        except KeyboardInterrupt:
            return 0
        finally:
            _stop(supervisor)
            remove_environment(folder)
    return 0


def _run(supervisor: Supervisor, folder: Path, addresses: Addresses) -> None:
    urls = _start_servers(supervisor, folder)
    doors = _doors(supervisor.console, folder, addresses, urls)
    if status := supervisor.run_to_end(doors.pop("release")):
        raise LaunchError(f"The release step {describe(status)}; its own words stand above.")
    for door in doors.values():
        supervisor.start(door)
    for port in (addresses.web, addresses.notify):
        supervisor.run(addresses.probe(port).is_ready)
    leave_environment(folder, doors["web"].environment or {})
    for line in (f"Ready: http://localhost:{addresses.web}", *_hints(folder, addresses)):
        supervisor.console.say(line)
    supervisor.run(lambda: False)


def _hints(folder: Path, addresses: Addresses) -> list[str]:
    """What somebody who sees this for the first time does not know yet."""
    port = addresses.web
    server = "" if port == 8000 else f" --server http://localhost:{port}"
    return [
        f"The API is at http://localhost:{port}/docs. To talk, in another terminal:",
        f"bin/chat{server} --email you@example.org --sign-up You --workspace Acme",
        f"Data is in {folder}. Ctrl-C ends it all.",
        *addresses.advice(),
    ]


def _start_servers(supervisor: Supervisor, folder: Path) -> dict[str, str]:
    """Start what no variable names; return the variables that name it."""
    kind, started, urls = kind_from_environment(), list[Postgres | Redis](), dict[str, str]()
    if not os.environ.get("DATABASE_URL"):
        postgres = Postgres(folder / "postgres", kind, durable=True, output=supervisor.console.channel("postgres"))
        supervisor.start(postgres.process)
        started.append(postgres)
        urls["DATABASE_URL"] = postgres.url
    if not os.environ.get("REDIS_URL"):
        redis = Redis(folder / "redis", kind, output=supervisor.console.channel("redis"))
        supervisor.start(redis.process)
        started.append(redis)
        urls["REDIS_URL"] = redis.url
    for server in started:
        _wait_until_ready(supervisor, server)
    return urls


def _wait_until_ready(supervisor: Supervisor, server: Postgres | Redis) -> None:
    process = server.process
    in_time = supervisor.run(lambda: not process.is_alive or server.is_ready(), START_SECONDS)
    if not in_time or not process.is_alive:
        reason = "does not answer" if process.is_alive else describe(process.status)
        raise LaunchError(f"{process.name} {reason}; its own words stand above or in {server.folder}.")


def _doors(console: Console, folder: Path, addresses: Addresses, urls: dict[str, str]) -> dict[str, Process]:
    return {
        name: Process(
            name,
            shell_command(command),
            environment=door_environment(name, addresses, folder, urls),
            output=console.channel(name),
        )
        for name, command in read_procfile(PROJECT / "Procfile").items()
    }


def _stop(supervisor: Supervisor) -> None:
    """Stop the doors, then what they stand on; whoever is impatient meanwhile changes nothing."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    supervisor.stop([name for name in supervisor.names if name not in SERVERS], DOOR_SECONDS)
    supervisor.stop(SERVERS, SERVER_SECONDS)
    supervisor.record.clear()
    supervisor.console.close()
