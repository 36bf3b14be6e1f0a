"""Making, renaming and deleting workspaces."""

import re
import secrets
import unicodedata
from collections.abc import Iterator

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from fechatter.actions.workspace_members import enter_workspace
from fechatter.models import Feed, Workspace

LONGEST_SLUG = 40


def create_workspace(session: Session, user_id: int, name: str) -> Workspace:
    """A new workspace owned by this person. Raises Conflict (too_many_workspaces)."""
    session.flush()
    workspace = _insert_workspace(session, name)
    session.add(Feed(workspace_id=workspace.id))
    enter_workspace(session, workspace, user_id, "owner", actor_id=user_id)
    return workspace


def _insert_workspace(session: Session, name: str) -> Workspace:
    """The insert itself finds out whether a slug is free: it waits for whoever is about to take the same one."""
    for slug in _slugs(name):
        row = insert(Workspace).values(name=name, slug=slug, member_count=0).on_conflict_do_nothing()
        if workspace := session.scalars(row.returning(Workspace)).one_or_none():
            return workspace
    raise AssertionError("unreachable: slugs do not run out")


def _slugs(name: str) -> Iterator[str]:
    """The name in ASCII, then the same with a random end."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST_SLUG].strip("-") or "workspace"
    yield slug
    while True:
        yield f"{slug}-{secrets.token_hex(4)}"
