"""Entering a workspace, changing roles in it, leaving it or being removed from it."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fechatter import outbox
from fechatter.errors import Conflict
from fechatter.events import WorkspaceMemberAdded
from fechatter.models import Workspace, WorkspaceMember

MOST_WORKSPACES = 100
"""That one person may be in."""


def enter_workspace(session: Session, workspace: Workspace, user_id: int, role: str, actor_id: int) -> WorkspaceMember:
    """Makes this person a member; the caller holds the workspace's row. Raises Conflict (too_many_workspaces)."""
    # The person's own row is the last lock, so the count behind it sees every other entry of that person.
    outbox.freshen_lists(session, user_id)
    if count_workspaces(session, user_id) >= MOST_WORKSPACES:
        raise Conflict("too_many_workspaces", f"A person can be in {MOST_WORKSPACES} workspaces at most.")
    workspace.member_count += 1
    event = WorkspaceMemberAdded(
        workspace_id=workspace.id, actor_id=actor_id, to_user=user_id, user_id=user_id, role=role
    )
    member = WorkspaceMember(workspace_id=workspace.id, user_id=user_id, role=role, since=outbox.record(session, event))
    session.add(member)
    outbox.record_user_change(session, user_id, "workspace_joined")
    session.flush()
    return member


def count_workspaces(session: Session, user_id: int) -> int:
    mine = (
        select(func.count())
        .select_from(WorkspaceMember)
        .join(Workspace, Workspace.id == WorkspaceMember.workspace_id)
        .where(WorkspaceMember.user_id == user_id, Workspace.deleted_at.is_(None))
    )
    return session.scalar(mine) or 0
