"""The log of security-relevant acts, newest first: of a workspace, of one's own account, and all for the operator."""

from typing import NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from fechatter import access
from fechatter.errors import Forbidden
from fechatter.models import AuditEntry
from fechatter.permissions import can_read_audit
from fechatter.shapes import Shape, rfc3339

LARGEST_ID = 2**63 - 1


class Wanted(NamedTuple):
    """Of which kind and by whom; None is any."""

    action: str | None = None
    actor_id: int | None = None


def workspace_audit(
    session: Session, user_id: int, workspace_id: int, wanted: Wanted, before: int, limit: int
) -> list[Shape]:
    """For its owners, without what was done in chats that they may not know of. Raises NotFound, Forbidden."""
    if not can_read_audit(access.workspace_for(session, user_id, workspace_id).member.role):
        raise Forbidden
    rows = select(AuditEntry).where(AuditEntry.workspace_id == workspace_id, AuditEntry.hidden.is_(False))
    if wanted.action is not None:
        rows = rows.where(AuditEntry.action == wanted.action)
    if wanted.actor_id is not None:
        rows = rows.where(AuditEntry.actor_id == wanted.actor_id)
    return [audit_shape(entry) for entry in session.scalars(_newest(rows, before, limit))]


def account_audit(session: Session, user_id: int, before: int, limit: int) -> list[Shape]:
    """What this person did outside of workspaces, and what was done to its account by nobody known or the operator.
    What others do with regard to it (they may have blocked it) is theirs."""
    of_accounts = select(AuditEntry).where(AuditEntry.workspace_id.is_(None))
    by_it = of_accounts.where(AuditEntry.actor_id == user_id)
    to_it = of_accounts.where(AuditEntry.actor_id.is_(None), AuditEntry.target_type == "user")
    ways = (by_it, to_it.where(AuditEntry.target_id == user_id))
    found = [entry for rows in ways for entry in session.scalars(_newest(rows, before, limit))]
    return [audit_shape(entry) for entry in sorted(found, key=lambda entry: -entry.id)[:limit]]


def operators_audit(session: Session, workspace_id: int | None, account_id: int | None, limit: int) -> list[Shape]:
    """All that is kept, of one workspace or about one account if that is given; no check of any kind."""
    rows = select(AuditEntry)
    if workspace_id is not None:
        rows = rows.where(AuditEntry.workspace_id == workspace_id)
    if account_id is not None:
        about = (AuditEntry.target_type == "user") & (AuditEntry.target_id == account_id)
        rows = rows.where((AuditEntry.actor_id == account_id) | about)
    return [audit_shape(entry) for entry in session.scalars(_newest(rows, LARGEST_ID, limit))]


def _newest(rows: Select[AuditEntry], before: int, limit: int) -> Select[AuditEntry]:
    return rows.where(AuditEntry.id < before).order_by(AuditEntry.id.desc()).limit(limit)


def audit_shape(entry: AuditEntry) -> Shape:
    return {
        "id": entry.id,
        "at": rfc3339(entry.at),
        "workspace_id": entry.workspace_id,
        "action": entry.action,
        "actor_id": entry.actor_id,
        "target_type": entry.target_type,
        "target_id": entry.target_id,
        "address": entry.address,
        "request_id": entry.request_id,
        "details": entry.details,
    }
