"""Making, renaming and deleting workspaces."""

import re
import secrets
import unicodedata
from collections.abc import Iterator

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from fechatter import access, outbox
from fechatter.actions.workspace_members import enter_workspace
from fechatter.audit import record_act
from fechatter.errors import Forbidden
from fechatter.events import WorkspaceDeleted, WorkspaceUpdated
from fechatter.models import Chat, Feed, Workspace
from fechatter.permissions import can_delete_workspace, can_rename_workspace
from fechatter.shapes import workspace_shape

LONGEST_SLUG = 40


def create_workspace(session: Session, user_id: int, name: str) -> Workspace:
    """A new workspace owned by this person. Raises Conflict (too_many_workspaces)."""
    session.flush()
    workspace = _insert_workspace(session, name)
    session.add(Feed(workspace_id=workspace.id))
    enter_workspace(session, workspace, user_id, "owner")
    record_act(session, "workspace.created", user_id, workspace_id=workspace.id, target=("workspace", workspace.id))
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


def rename_workspace(session: Session, user_id: int, workspace_id: int, name: str | None) -> access.Place:
    """The slug stays: links go by it. None leaves the name too. Raises NotFound, Forbidden."""
    place = access.workspace_for(session, user_id, workspace_id, lock=True)
    if not can_rename_workspace(place.member.role):
        raise Forbidden
    if name is not None and place.workspace.name != name:
        place.workspace.name = name
        shape = workspace_shape(place.workspace)
        outbox.record(session, WorkspaceUpdated(workspace_id=workspace_id, actor_id=user_id, workspace=shape))
        record_act(session, "workspace.renamed", user_id, workspace_id=workspace_id, target=("workspace", workspace_id))
    return place


def delete_workspace(session: Session, user_id: int, workspace_id: int) -> None:
    """Ends it and all its chats; member rows stay, so that streams that come back still learn of the end.

    Raises NotFound, Forbidden.
    """
    place = access.workspace_for(session, user_id, workspace_id, lock=True)
    if not can_delete_workspace(place.member.role):
        raise Forbidden
    chats = Chat.workspace_id == workspace_id, Chat.deleted_at.is_(None)
    # Whoever posts right now is waited for, so that no message is told of after the end.
    session.execute(select(Chat.id).where(*chats).order_by(Chat.id).with_for_update(key_share=True))
    outbox.freshen_lists(session, user_id)
    shape = workspace_shape(place.workspace)
    ended = outbox.record(session, WorkspaceDeleted(workspace_id=workspace_id, actor_id=user_id, workspace=shape))
    session.execute(update(Chat).where(*chats).values(deleted_at=func.now(), ended=ended))
    place.workspace.deleted_at, place.workspace.ended = func.now(), ended
    session.flush()
    record_act(session, "workspace.deleted", user_id, workspace_id=workspace_id, target=("workspace", workspace_id))
