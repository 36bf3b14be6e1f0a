"""Event streams by the thousand, held by a program in C that checks what comes on each of them."""

import os
import resource
import select
import subprocess
import tempfile
import time
from collections.abc import Sequence
from types import TracebackType
from typing import NamedTuple, Self

from bench.system import HOST
from bench.tools import built
from launcher.errors import LaunchError

OPENING, ANSWER = 300.0, 10.0
"""Seconds in which all streams must be live, and in which the program must answer."""

SPARE_FILES = 500
"""That a process needs beside its streams."""


class Head(NamedTuple):
    """What a stream of this chat asks for: the request line and the headers, each with its line end."""

    chat: int
    request: bytes


class Mark(NamedTuple):
    """An event of a chat by its number there, from 1 on."""

    chat: int
    number: int

    def text(self, size: int = 0) -> str:
        """What its data must hold for the streams to know it, filled up to a size."""
        return f"@{self.chat}:{self.number};".ljust(size, "x")


class Done(NamedTuple):
    """This event had come on all streams of its chat at that time (`time.monotonic_ns`)."""

    mark: Mark
    time: int


class Stat(NamedTuple):
    """`live` is of now, all else since the beginning. `refused` were answered 503 and came back."""

    live: int
    ended: int
    refused: int
    bytes: int


class Streams:
    """Each stream fails the run if an event is missing there, is doubled, or comes out of order.

    `ready` says when one is live: `sent` when its request is, `head` when the head of its answer has come, else with
    the first line that begins so. Without `again` a stream must not end; with it, it comes back that many
    milliseconds later from where it was, also after a 503.
    """

    def __init__(
        self, port: int, heads: Sequence[Head], ready: str, at_once: int = 16, again: int | None = None
    ) -> None:
        self.heads = heads
        self.told = ["-r", ready, "-a", str(at_once), *([] if again is None else ["-b", str(again)]), HOST, str(port)]
        self.rest, self.lives, self.stats, self.arrived = b"", list[int](), list[Stat](), list[Done]()

    def __enter__(self) -> Self:
        self.file = tempfile.NamedTemporaryFile(prefix="fechatter-streams-")
        for head in self.heads:
            self.file.write(b"%d %d\n%b" % (head.chat, len(head.request), head.request))
        self.file.flush()
        command = [str(built("stream_load")), *self.told, self.file.name]
        self.began = time.monotonic_ns()
        self.child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
        )
        assert self.child.stdin
        assert self.child.stdout
        self.told_to, self.says = self.child.stdin, self.child.stdout.fileno()
        self.poller = select.poll()
        self.poller.register(self.says, select.POLLIN)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.file.close()
        self.child.kill()
        self.child.communicate()

    @property
    def pid(self) -> int:
        return self.child.pid

    def opened(self, seconds: float = OPENING) -> float:
        """Waits until all are live; the seconds from the first request to then."""
        at = self.live_after(0, seconds)
        if at is None:
            raise LaunchError(f"{self.stat().live} of {len(self.heads)} streams were live after {seconds:.0f} s")
        return (at - self.began) / 1e9

    def live_after(self, time_ns: int, seconds: float) -> int | None:
        """The first time from then on at which all are live; None if that does not come within so many seconds."""
        until = time.monotonic() + seconds
        while not (found := [at for at in self.lives if at > time_ns]) and time.monotonic() < until:
            self._look(0.1)
        return found[0] if found else None

    def stat(self) -> Stat:
        known, until = len(self.stats), time.monotonic() + ANSWER
        self.told_to.write(b"stat\n")
        while len(self.stats) == known:
            if time.monotonic() > until:
                raise LaunchError("the streams' program does not answer")
            self._look(0.1)
        return self.stats[-1]

    def done(self, seconds: float = 0) -> list[Done]:
        """The events that all their streams had since the last call; waits that long for something to come."""
        self._look(seconds)
        arrived, self.arrived = self.arrived, []
        return arrived

    def _look(self, seconds: float) -> None:
        while self.poller.poll(seconds * 1000):
            data = os.read(self.says, 1 << 16)
            if not data:
                raise LaunchError(f"the streams failed: {self._complaint()}")
            *lines, self.rest = (self.rest + data).split(b"\n")
            for line in lines:
                self._read(line)
            seconds = 0

    def _read(self, line: bytes) -> None:
        kind, *words = line.split()
        numbers = [int(word) for word in words]
        if kind == b"done":
            chat, number, at = numbers
            self.arrived.append(Done(Mark(chat, number), at))
        elif kind == b"live":
            self.lives += numbers
        else:
            self.stats.append(Stat(*numbers))

    def _complaint(self) -> str:
        assert self.child.stderr
        return self.child.stderr.read().decode(errors="replace").strip()


def let_open(streams: int) -> str | None:
    """Lets this process and all that it starts open so many sockets; else why it cannot."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = streams + SPARE_FILES
    if hard != resource.RLIM_INFINITY and hard < wanted:
        return f"a process may open {hard:,} files here, and needs {wanted:,}: raise it with ulimit -Hn"
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return None
