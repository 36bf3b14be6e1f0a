"""What the client remembers from one run to the next: for each server the refresh token of its session."""

import json
import os
from pathlib import Path


def file() -> Path:
    """FECHATTER_CHAT_STATE, else a file below XDG's folder for state."""
    if given := os.environ.get("FECHATTER_CHAT_STATE"):
        return Path(given)
    folder = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    return Path(folder).expanduser() / "fechatter" / "chat.json"


def remembered(server: str, email: str) -> tuple[str, str] | None:
    """E-mail and refresh token, if there is a session for this server (and this e-mail, if one is given)."""
    entry = _read().get(server, {})
    token = entry.get("refresh_token")
    return (entry["email"], token) if token and email in ("", entry["email"]) else None


def remember(server: str, email: str, refresh_token: str | None) -> None:
    """None forgets. Only the person itself may read the file."""
    known = _read()
    known.pop(server, None)
    if refresh_token:
        known[server] = {"email": email, "refresh_token": refresh_token}
    path = file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        json.dump(known, out)
    fresh.replace(path)


def _read() -> dict[str, dict[str, str]]:
    try:
        known = json.loads(file().read_text())
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}
