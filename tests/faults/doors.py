"""The processes of the Procfile, each with the documented environment and nothing else, behind links of its own."""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from launcher import environment
from launcher.ports import free_port
from launcher.process import Process
from launcher.procfile import read_procfile, shell_command
from tests.faults.links import Links

DOORS = {"web": ("web1", "web2"), "notify": ("notify1", "notify2"), "worker": ("worker1", "worker2"), "beat": ("beat",)}
"""The processes of each line of the Procfile."""

NAMES = tuple(name for names in DOORS.values() for name in names)
WITH_PORTS = (*DOORS["web"], *DOORS["notify"])
HOST = "127.0.0.1"


class Doors:
    """`root` is the project that runs; `urls` are DATABASE_URL and REDIS_URL, straight to the servers."""

    def __init__(self, root: Path, logs: Path, links: Links, urls: Mapping[str, str], keys: Mapping[str, str]) -> None:
        self.root, self.logs, self.links, self.urls, self.keys = root, logs, links, urls, keys
        self.lines = read_procfile(root / "Procfile")
        self.ports = {name: free_port() for name in WITH_PORTS}
        for name in WITH_PORTS:
            links.open(f"client-{name}", self.ports[name])

    def url(self, name: str) -> str:
        """Where clients reach this web or notify."""
        return f"http://{HOST}:{self.links.ports[f'client-{name}']}"

    def release(self) -> Process:
        return self._process("release", "release", {"DATABASE_URL": self.urls["DATABASE_URL"]})

    def make(self) -> list[Process]:
        """All others, not yet started."""
        return [self._process(name, line, self._told(line, name)) for line, names in DOORS.items() for name in names]

    def _told(self, line: str, name: str) -> dict[str, str]:
        told = dict(self.urls) if line == "beat" else self._linked(name)
        if name not in WITH_PORTS:
            return told
        number = name[-1]
        secrets = ("JWT_PRIVATE_KEY", "SECRET_KEY") if line == "web" else ("JWT_PUBLIC_KEY",)
        return told | {
            "HOST": HOST,
            "PORT": str(self.ports[name]),
            "WEB_CONCURRENCY": "1",
            "RATE_LIMITS": "off",
            "PUBLIC_URL": self.url(f"web{number}"),
            "NOTIFY_URL": self.url(f"notify{number}"),
            **{key: self.keys[key] for key in secrets},
        }

    def _linked(self, name: str) -> dict[str, str]:
        """The servers, each through a link of this process."""
        ends = {"DATABASE_URL": f"{name}-pg", "REDIS_URL": f"{name}-redis"}
        return {key: self._through(self.urls[key], link) for key, link in ends.items()}

    def _through(self, url: str, link: str) -> str:
        parts = urlsplit(url)
        assert parts.port
        port = self.links.open(link, parts.port)
        return parts._replace(netloc=f"{parts.netloc.rpartition(':')[0]}:{port}").geturl()

    def _process(self, name: str, line: str, told: Mapping[str, str]) -> Process:
        always = {
            "PATH": f"{environment.folder() / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "FECHATTER_ENV": "development",
            # The rig's PostgreSQL is thrown away after the run and runs without fsync.
            "UNSAFE_POSTGRESQL": "messages-may-be-lost",
        }
        command = shell_command(self.lines[line])
        log = open_log(self.logs, name)
        return Process(name, command, environment=always | dict(told), folder=self.root, output=log)


def open_log(logs: Path, name: str) -> int:
    """A descriptor for what the process of this name says."""
    return os.open(logs / f"{name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
