"""Ports: free ones for servers of our own, and a clear word about one that is taken."""

import errno
import json
import os
import random
import socket
import sys
from pathlib import Path

from launcher.errors import LaunchError
from launcher.paths import write_private

# Below the range from which systems take the ports of outgoing connections, so that none of those can hold one.
OWN_RANGE = range(20_000, 30_000)


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen there now; raises OSError for a host that is not of this machine."""
    kind = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(kind, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            return False
        return True


_reserved: list[socket.socket] = []


def free_port() -> int:
    """A port of the loopback address on which nobody listens, and that nobody else gets from here: many processes may
    ask at once, long before their servers listen."""
    while True:
        port = random.choice(OWN_RANGE)  # noqa: S311
        if is_free(port) and _reserve(port):
            return port


def _reserve(port: int) -> bool:
    """Until this process ends. By a name that lasts as long as its socket; only Linux has such names."""
    if sys.platform != "linux":
        return True
    reservation = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        reservation.bind(f"\0fechatter-port-{port}")
    except OSError:
        reservation.close()
        return False
    _reserved.append(reservation)
    return True


def kept_port(file: Path, name: str) -> int:
    """The port that `file` keeps under this name, if it is still free, else a new one, kept there."""
    ports: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
    if name not in ports or not is_free(ports[name]):
        ports[name] = free_port()
        write_private(file, json.dumps(ports))
    return ports[name]


def port_from_environment(variable: str, default: int) -> int:
    """The port that a variable names; raises LaunchError if that is none."""
    given = os.environ.get(variable) or str(default)
    if not given.isdecimal() or not 0 < int(given) < 65_536:
        raise LaunchError(f"{variable} is {given}, which is no port: give a number from 1 to 65535.")
    return int(given)


def check_free(variable: str, port: int, host: str) -> None:
    """Raise LaunchError, naming the variable that helps, unless a server can listen there."""
    try:
        if is_free(port, host):
            return
    except OSError as error:
        reason = f"{host}:{port} cannot be listened on ({error.strerror}); change HOST or {variable}."
        raise LaunchError(reason) from error
    raise LaunchError(f"Port {port} is taken; set {variable} to a free one: {variable}={port + 100} bin/dev")
