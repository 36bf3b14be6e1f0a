"""The least that can be done: a loop in C that sends each event to each stream."""

import subprocess
from collections.abc import Iterator
from functools import partial
from itertools import islice

from bench.contender import TYPE, Action, Contender, event_json
from bench.streams import Mark
from bench.tools import built
from launcher.errors import LaunchError
from launcher.ports import free_port


class SendLoop(Contender):
    """Not a server that one could use: it shows what sending alone costs."""

    name = "bare C loop"

    def __enter__(self) -> "SendLoop":
        self.port = free_port()
        self.child = subprocess.Popen(
            [built("send_loop"), str(self.port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        assert self.child.stdout
        assert self.child.stdin
        if self.child.stdout.readline() != b"ready\n":
            raise LaunchError("the bare C loop did not start")
        self.roots, self.events, self.stdin = [self.child.pid], list[bytes](), self.child.stdin
        return self

    def __exit__(self, *_: object) -> None:
        self.child.kill()
        self.child.communicate()

    def prepare(self, marks: Iterator[Mark], most: int) -> list[Action]:
        return [partial(self.events.append, self._event(mark)) for mark in islice(marks, most)]

    @staticmethod
    def _event(mark: Mark) -> bytes:
        cursor = f"1.1-toy74l-{mark.number}"
        event = b"event: %b\ndata: %b\nid: %b\n\n" % (TYPE.encode(), event_json(mark), cursor.encode())
        return b"%d %d\n%b" % (mark.chat, len(event), event)

    def push(self) -> None:
        self.stdin.write(b"".join(self.events))
        self.events.clear()
