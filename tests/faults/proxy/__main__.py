"""`python -m tests.faults.proxy`: commands come as JSON lines on stdin, one answer for each goes to stdout.

{"open": NAME, "port": P, "target": P}   {"link": NAME, "mode": {…}}   {"counts": true}   The end of stdin is the end.
"""

import json
import os
import sys
from select import EPOLLIN
from time import process_time
from typing import Any

from tests.faults.proxy.link import Link
from tests.faults.proxy.loop import Loop
from tests.faults.proxy.mode import Mode


class Control:
    """Reads the commands from within the loop, so that they need no lock."""

    def __init__(self, loop: Loop) -> None:
        self.loop, self.links = loop, dict[str, Link]()
        self._rest = b""
        loop.watch(sys.stdin.fileno(), EPOLLIN, lambda _: self.read())

    def read(self) -> None:
        data = os.read(sys.stdin.fileno(), 65_536)
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            sys.stdout.write(json.dumps(self.obey(json.loads(line))) + "\n")
            sys.stdout.flush()
        self.loop.running = bool(data)

    def obey(self, command: dict[str, Any]) -> dict[str, Any]:
        try:
            if "open" in command:
                self.links[command["open"]] = Link(self.loop, command["port"], command["target"])
            elif "link" in command:
                self.links[command["link"]].set(Mode(**command["mode"]))
        except (OSError, KeyError, TypeError, ValueError) as error:
            return {"error": f"{type(error).__name__}: {error}"}
        return self.counts()

    def counts(self) -> dict[str, Any]:
        """What it has carried, what it holds, and the processor time that it took for that."""
        links = {name: [len(link.pairs), link.carried] for name, link in self.links.items()}
        return {"seconds": process_time(), "links": links}


loop = Loop()
control = Control(loop)
loop.run()
