"""Passwords that are among the first to be tried: the most common ones, and those made of one's own address."""

import gzip
from pathlib import Path

from fechatter.text import fold

LIST = Path(__file__).parent / "common_passwords" / "list.txt.gz"
"""Folded, one a line, a line end before the first. Read each time: a list in memory would cost more than the reading
takes beside the hashing."""

SHORTEST = 8
SHORTEST_NAME = 3
"""Characters before the @ below which it is in everything."""


def is_common(password: str) -> bool:
    """Whatever its case and width."""
    return f"\n{fold(password)}\n".encode() in gzip.decompress(LIST.read_bytes())


def is_of_address(password: str, email: str) -> bool:
    """Whether without the address, or what stands in it before the @, it would be too short."""
    left, key = fold(password), fold(email)
    name = key.rpartition("@")[0]
    for part in (key, name):
        if len(part) >= SHORTEST_NAME and part in left:
            left = left.replace(part, "")
            if len(left) < SHORTEST:
                return True
    return False


def why_weak(password: str, email: str | None = None) -> str | None:
    """What to tell who chose it; None if there is nothing to say."""
    if is_common(password):
        return "Too common: it is one of those that are tried first."
    if email and is_of_address(password, email):
        return f"Too close to the e-mail address: without that fewer than {SHORTEST} characters are left."
    return None
