"""The workspaces of a person."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from fechatter.models import Workspace, WorkspaceMember
from fechatter.shapes import Shape, own_workspace_shape


def list_workspaces(session: Session, user_id: int) -> list[Shape]:
    """All of them, oldest membership first; there are at most a hundred."""
    rows = (
        select(Workspace, WorkspaceMember)
        .join(WorkspaceMember, WorkspaceMember.workspace_id == Workspace.id)
        .where(WorkspaceMember.user_id == user_id, Workspace.deleted_at.is_(None))
        .order_by(WorkspaceMember.since)
    )
    return [own_workspace_shape(workspace, member) for workspace, member in session.execute(rows)]
