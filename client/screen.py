"""Where lines go and come from: a terminal with an input line that stays put, or plain pipes."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

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
    """`ask` reads a line, showing `prompt()`; None is the end of input."""

    def __init__(self) -> None:
        self.is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
        self.session: PromptSession[str] | None = PromptSession() if self.is_terminal else None

    @contextmanager
    def live(self) -> Iterator[None]:
        """Within this, lines that are shown while a person types stand above what is being typed."""
        if self.is_terminal:
            with patch_stdout(raw=True):
                yield
        else:
            yield

    def ask(self, prompt: Callable[[], str]) -> str | None:
        try:
            if self.session:
                return self.session.prompt(prompt)
            line = sys.stdin.readline()
        except (EOFError, KeyboardInterrupt):
            return None
        return line.rstrip("\n") if line else None

    def show(self, line: str) -> None:
        print(line, flush=True)

    def dim(self, line: str) -> None:
        self.show(f"\x1b[2m{line}\x1b[0m" if self.is_terminal else line)

    def message(self, name: str, message: dict[str, Any], where: str = "") -> None:
        """`where` is the chat, if it is not the one on screen."""
        text = "(deleted)" if message["content"] is None else clean(message["content"])
        edited = " (edited)" if message["edited_at"] and message["content"] is not None else ""
        line = f"{clock(message['created_at'])}  {clean(name)}: {text}{edited}"
        if where:
            self.dim(f"[{clean(where)}] {line}")
        else:
            self.show(line)
