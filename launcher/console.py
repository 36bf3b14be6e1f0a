"""Shows what many processes say as lines that begin with the name of the one that said it."""

import os
import selectors
import signal
import sys
from typing import BinaryIO

COLORS = (36, 33, 32, 35, 34, 96, 93, 92)
# A line longer than this is shown in parts, so that one without an end takes no memory without end.
LONGEST_LINE = 65_536


class Console:
    """Channels that processes write into, and the one place where their lines come out."""

    def __init__(self, out: BinaryIO = sys.stdout.buffer) -> None:
        self._out = out
        self._colored = out.isatty() and not os.environ.get("NO_COLOR")
        self._readers = selectors.DefaultSelector()
        self._partial: dict[str, bytes] = {}
        self._writers: list[int] = []

    def channel(self, name: str) -> int:
        """A descriptor for the output of the process of this name; it stays open when that ends."""
        reader, writer = os.pipe()
        self._readers.register(reader, selectors.EVENT_READ, name)
        self._partial[name] = b""
        self._writers.append(writer)
        return writer

    def pump(self, seconds: float) -> None:
        """Wait that long for something to be said, and show it; asks ourselves to end if nobody reads it."""
        for key, _ in self._readers.select(seconds):
            *lines, rest = (self._partial[key.data] + os.read(key.fd, LONGEST_LINE)).split(b"\n")
            if len(rest) >= LONGEST_LINE:
                lines, rest = [*lines, rest], b""
            self._partial[key.data] = rest
            self._write([self._prefix(key.data) + line for line in lines])

    def say(self, line: str) -> None:
        """A line of our own."""
        self._write([line.encode()])

    def close(self) -> None:
        """Show what is left and give the descriptors back."""
        self.pump(0)
        self._write([self._prefix(name) + rest for name, rest in self._partial.items() if rest])
        readers = [key.fd for key in self._readers.get_map().values()]
        self._readers.close()
        for descriptor in readers + self._writers:
            os.close(descriptor)

    def _write(self, lines: list[bytes]) -> None:
        try:
            self._out.writelines(line + b"\n" for line in lines)
            self._out.flush()
        except BrokenPipeError:
            # Later lines go nowhere, and quietly.
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._out.fileno())
            signal.raise_signal(signal.SIGTERM)

    def _prefix(self, name: str) -> bytes:
        label = f"{name:<8} | "
        if not self._colored:
            return label.encode()
        color = COLORS[list(self._partial).index(name) % len(COLORS)]
        return f"\x1b[{color}m{label}\x1b[0m".encode()
