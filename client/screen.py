"""Where lines go and come from: a terminal with an input line that stays put, or plain pipes."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from prompt_toolkit import PromptSession
from prompt_toolkit.patch_stdout import patch_stdout

CONTROL = dict.fromkeys([*range(32), *range(127, 160), *range(8234, 8239), *range(8294, 8298)])


def clean(text: str) -> str:
    """Without control characters: what others write must not drive this person's terminal."""
    return "\n      ".join(line.translate(CONTROL) for line in text.splitlines())


def clock(moment: str) -> str:
    """Local hours and minutes of an RFC 3339 time."""
    return datetime.fromisoformat(moment).astimezone().strftime("%H:%M")


class Screen:
    """`ask` reads a line, showing `prompt()`; None is the end of input, or that `end` was called."""

    def __init__(self) -> None:
        self.is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
        self.session: PromptSession[str] | None = PromptSession() if self.is_terminal else None
        self.ended = False

    @contextmanager
    def live(self) -> Iterator[None]:
        """Within this, lines that are shown while a person types stand above what is being typed."""
        if self.is_terminal:
            with patch_stdout(raw=True):
                yield
        else:
            yield

    def ask(self, prompt: Callable[[], str], draft: str = "") -> str | None:
        """`draft` stands in the input line already."""
        try:
            if self.session:
                return None if self.ended else self.session.prompt(prompt, default=draft, pre_run=self._leave_if_ended)
            line = sys.stdin.readline()
        except (EOFError, KeyboardInterrupt):
            return None
        return line.rstrip("\n") if line else None

    def end(self, why: str) -> None:
        """From another thread: says why, and ends `ask`; what was being typed stays on the screen."""
        self.show(why)
        if self.session is None:
            os._exit(1)  # the other thread waits in read(2), which nothing else can end
        self.ended = True
        if (loop := self.session.app.loop) is not None:
            with suppress(RuntimeError):  # closed meanwhile: the next `ask` sees the mark
                loop.call_soon_threadsafe(self._leave_if_ended)

    def _leave_if_ended(self) -> None:
        if self.session and self.ended and self.session.app.is_running and not self.session.app.is_done:
            self.session.app.exit(exception=EOFError)

    def show(self, line: str) -> None:
        print(line, flush=True)

    def dim(self, line: str) -> None:
        self.show(f"\x1b[2m{line}\x1b[0m" if self.is_terminal else line)

    def line(self, line: str, where: str = "") -> None:
        """`where` is the chat that it is from, if that is not the one on screen."""
        if where:
            self.dim(f"[{clean(where)}] {line}")
        else:
            self.show(line)
