"""A Redis of our own, which keeps nothing: all that it holds may be lost at any time."""

import socket
from pathlib import Path

from launcher.binaries import Kind, find_redis
from launcher.keys import kept_secret
from launcher.paths import write_private
from launcher.ports import kept_port
from launcher.process import Process


class Redis:
    """The server whose configuration stands in `folder`."""

    def __init__(self, folder: Path, kind: Kind, *, output: int | None = None) -> None:
        self.folder = folder
        self.binary = find_redis(kind)
        self.port = kept_port(folder.parent / "ports.json", "redis")
        folder.mkdir(mode=0o700, exist_ok=True)
        self.password = kept_secret(folder / "password")
        self._write_configuration()
        self.process = Process("redis", [str(self.binary.path), str(self.configuration)], folder=folder, output=output)

    @property
    def url(self) -> str:
        """What REDIS_URL is to be."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    @property
    def configuration(self) -> Path:
        """The file that carries the password, which a command line would show to everyone."""
        return self.folder / "redis.conf"

    def is_ready(self) -> bool:
        """Whether it answers."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                # Without the password it refuses, which only a server that is up does.
                return connection.recv(64).startswith((b"-NOAUTH", b"+PONG"))
        except OSError:
            return False

    def _write_configuration(self) -> None:
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self.password}",
            'save ""',
            "appendonly no",
            "maxmemory 256mb",
            "maxmemory-policy noeviction",
            "loglevel warning",
            # Of what it says there is one page about the kernel's settings at each start.
            "logfile redis.log",
        ]
        write_private(self.configuration, "\n".join(lines) + "\n")
