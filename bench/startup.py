"""How long bin/dev takes until it is ready, and what all that it runs takes while nobody does anything."""

import os
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from bench.chart import Bars
from bench.report import Cell, Report, Table, Target
from bench.rounds import Sample, Spread, alternate
from bench.setting import Setting
from bench.system import HOST, PATIENCE
from bench.usage import cpu_seconds, pss, tree
from launcher import environment
from launcher.errors import LaunchError
from launcher.leftovers import birth
from launcher.paths import PROJECT
from launcher.ports import free_port, is_free
from launcher.process import Process
from tests.journeys.people import Guest

MOST_MEMORY = 400
"""Megabytes, of everything together."""

SIGNS = {
    "postgres": "postgres -D",
    "redis": "redis-server",
    "web": "app/gunicorn_settings.py",
    "notify": "notify/gunicorn_settings.py",
    "worker": "-m worker ",
    "beat": "-m worker.beat ",
}
"""What stands in the command line of each process that bin/dev starts."""

OWN = "bin/dev itself"

GRACE = 2.0
"""Seconds in which the processes of a PostgreSQL that was killed see that it is gone."""


class Development:
    """bin/dev with a data folder and ports of its own."""

    def __init__(self, folder: Path) -> None:
        self.ports = [free_port(), free_port()]
        self.log = folder / "dev.log"
        foreign = ("DATABASE_URL", "REDIS_URL", "JWT_PRIVATE_KEY", "JWT_PUBLIC_KEY", "PUBLIC_URL", "NOTIFY_URL")
        told = {name: value for name, value in os.environ.items() if name not in foreign} | {
            "DATA_DIR": str(folder / "data"),
            "VENV_DIR": str(environment.folder()),
            "PORT": str(self.ports[0]),
            "NOTIFY_PORT": str(self.ports[1]),
            "HOST": HOST,
            "RATE_LIMITS": "off",
        }
        command = [sys.executable, str(PROJECT / "bin" / "dev")]
        self.output = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.process = Process("bin/dev", command, environment=told, output=self.output)

    def start(self) -> float:
        """Seconds from the command to its word that all is ready."""
        self.log.write_text("")
        began = time.monotonic()
        self.process.start()
        while "Ready: " not in self.log.read_text(errors="replace"):
            if not self.process.is_alive or time.monotonic() - began > PATIENCE:
                raise LaunchError(f"bin/dev did not come to be ready: {self.log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.01)
        return time.monotonic() - began

    def stop(self) -> float:
        """Seconds from SIGTERM to the end of everything. Raises LaunchError if anything is left."""
        began, ours = time.monotonic(), tree(self.process.pid)
        self.process.send(self.process.stop_signal)
        status = self.process.wait(PATIENCE)
        until = time.monotonic() + GRACE
        while (left := list(filter(birth, ours))) and time.monotonic() < until:
            time.sleep(0.01)
        took = time.monotonic() - began
        taken = [port for port in self.ports if not is_free(port, HOST)]
        if status != 0 or left or taken:
            raise LaunchError(f"bin/dev ended with {status} and left processes {left} and ports {taken}")
        return took

    def end(self) -> None:
        """For good, however it stands."""
        if self.process.is_alive:
            self.process.stop(PATIENCE)
        os.close(self.output)

    def pids(self) -> dict[str, int]:
        """Of each process of the Procfile and of the servers; what they have started is found below them."""
        found = dict[str, int]()
        for pid in tree(self.process.pid)[1:]:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            for name, sign in SIGNS.items():
                if sign in words:
                    found.setdefault(name, pid)
        if set(found) != set(SIGNS):
            raise LaunchError(f"bin/dev should run {sorted(SIGNS)}, but runs {sorted(found)}")
        return found

    def use(self) -> None:
        """As a first person would, so that nothing is measured that has not yet been loaded."""
        web, notify = self.ports
        person = Guest(f"http://{HOST}:{web}", f"http://{HOST}:{notify}").sign_up("Ann", "Acme")
        try:
            chat = person.make_chat(person.workspace()["id"], "public_channel", "general")
            stream = person.listen(person.get("/chats")["cursor"])
            person.say(chat["id"], "Hello")
            stream.expect_message("Hello")
        finally:
            person.close()


def run(setting: Setting) -> Report:
    with tempfile.TemporaryDirectory(prefix="fechatter-bench-") as folder:
        development = Development(Path(folder))
        try:
            first = development.start()
            setting.say(f"the first start took {first:.1f} s; from now on the data is there")
            development.stop()
            found = alternate({OWN: lambda: _turn(development, setting)}, setting.rounds)[OWN]
        finally:
            development.end()
    return _report(first, found)


def _turn(development: Development, setting: Setting) -> Sample:
    ready = development.start()
    development.use()
    time.sleep(setting.size(5, 1))
    idle = setting.size(30, 2)
    used, began = _used(development), time.monotonic()
    time.sleep(idle)
    took, after = time.monotonic() - began, _used(development)
    memory = _memory(development)
    sample = {"ready": ready, "stopped": development.stop(), "memory": sum(memory.values())}
    sample |= {f"memory of {name}": value for name, value in memory.items()}
    sample |= {f"cpu of {name}": (after[name] - used[name]) * 60 / took for name in used}
    return sample | {"cpu": sum(after[name] - used[name] for name in used) * 60 / took}


def _used(development: Development) -> Mapping[str, float]:
    used = {name: cpu_seconds([pid]) for name, pid in development.pids().items()}
    return used | {OWN: cpu_seconds([development.process.pid]) - sum(used.values())}


def _memory(development: Development) -> Mapping[str, float]:
    """Megabytes."""
    taken = {name: pss([pid]) / 2**20 for name, pid in development.pids().items()}
    return taken | {OWN: pss([development.process.pid]) / 2**20 - sum(taken.values())}


def chart(memory: Mapping[str, Spread]) -> Bars:
    """By the name of the process."""
    return Bars("Memory of the idle system", "MB", memory, list(memory))


def _report(first: float, found: Mapping[str, Spread]) -> Report:
    starts: list[list[Cell]] = [
        ["first start, with a new database", first],
        ["start, with the data there", found["ready"]],
        ["stop, by SIGTERM, nothing left", found["stopped"]],
    ]
    parts: list[list[Cell]] = [[name, found[f"memory of {name}"], found[f"cpu of {name}"]] for name in (*SIGNS, OWN)]
    return Report(
        "startup",
        "bin/dev: from the command to Ready, and what it takes when idle",
        [
            Table("Seconds", ["", "seconds"], starts),
            Table(
                "Idle, after one person has signed up, posted and listened",
                ["process, with its children", "memory (MB)", "CPU seconds a minute"],
                [*parts, ["all", found["memory"], found["cpu"]]],
                "Memory as proportional set size: what processes share is counted once in all.",
            ),
        ],
        [Target("memory of the idle system, MB", MOST_MEMORY, found["memory"].median, at_least=False)],
        [chart({name: found[f"memory of {name}"] for name in (*SIGNS, OWN)})],
        notes=["For comparison: Zulip asks for 2 GB of memory."],
    )
