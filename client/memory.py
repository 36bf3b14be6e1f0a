"""What bin/chat remembers from one run to the next: for each server and e-mail the refresh token of a session."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


def file() -> Path:
    """FECHATTER_CHAT_STATE, else a file below XDG's folder for state."""
    if given := os.environ.get("FECHATTER_CHAT_STATE"):
        return Path(given)
    folder = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    return Path(folder).expanduser() / "fechatter" / "chat.json"


def remembered(server: str) -> list[str]:
    """The e-mails of the sessions at this server."""
    return sorted(_read().get(server, {}))


@dataclass(frozen=True)
class Session:
    """The one session of an account that all its terminals on this machine share. E-mails have no case."""

    server: str
    email: str

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Alone with the file. On a lock file, since the file itself is replaced whenever it is written."""
        path = file()
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o600)) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def token(self) -> str | None:
        return _read().get(self.server, {}).get(self.email.casefold())

    def keep(self, refresh_token: str) -> None:
        """To be called within `locked`, like `forget`: both write all of the file."""
        known = _read()
        known.setdefault(self.server, {})[self.email.casefold()] = refresh_token
        _write(known)

    def forget(self) -> None:
        known = _read()
        if known.get(self.server, {}).pop(self.email.casefold(), None):
            _write(known)


def _write(known: dict[str, dict[str, str]]) -> None:
    """In one step, and for this person's eyes only."""
    path = file()
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump({server: sessions for server, sessions in known.items() if sessions}, out)
    draft.replace(path)


def _read() -> dict[str, dict[str, str]]:
    """Refresh tokens by server and e-mail; what cannot be read is not remembered."""
    try:
        known = json.loads(file().read_text())
    except (OSError, ValueError):
        return {}
    return {server: _sessions(entry) for server, entry in known.items()} if isinstance(known, dict) else {}


def _sessions(entry: Any) -> dict[str, str]:
    if not isinstance(entry, dict):
        return {}
    if "refresh_token" in entry:  # the form of older files: one session for each server
        entry = {entry.get("email"): entry["refresh_token"]}
    return {
        email.casefold(): token for email, token in entry.items() if isinstance(email, str) and isinstance(token, str)
    }
