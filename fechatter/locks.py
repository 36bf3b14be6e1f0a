"""Locks that keep a workspace and its people as they are while something is built on them."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from fechatter.models import Workspace, WorkspaceMember


def hold_workspace(session: Session, workspace_id: int) -> None:
    """Until the end of the transaction it is neither changed nor deleted, and nobody enters or leaves; others may
    hold it too. Load it through the person who asks after this, not before."""
    session.execute(select(Workspace.id).where(Workspace.id == workspace_id).with_for_update(read=True))


def hold_members(session: Session, workspace_id: int, user_ids: Collection[int]) -> set[int]:
    """Who of these people is in the workspace; until the end of the transaction they stay in it, with their roles.

    Call it before the chat is locked: removal from a workspace takes the same rows first, and the chats then.
    """
    rows = (
        select(WorkspaceMember.user_id)
        .where(WorkspaceMember.workspace_id == workspace_id, WorkspaceMember.user_id.in_(user_ids))
        .order_by(WorkspaceMember.user_id)
        .with_for_update(read=True)
    )
    return set(session.scalars(rows))


def hold_own_memberships(session: Session, user_id: int) -> None:
    """Until the end of the transaction nobody puts this person into a chat (see `hold_members`), in any workspace."""
    rows = (
        select(WorkspaceMember.workspace_id)
        .where(WorkspaceMember.user_id == user_id)
        .order_by(WorkspaceMember.workspace_id)
        .with_for_update(key_share=True)
    )
    session.execute(rows)
