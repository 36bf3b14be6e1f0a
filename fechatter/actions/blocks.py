"""Blocking a person, and taking that back: the single of the two is closed meanwhile, in every workspace."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from fechatter import access
from fechatter.audit import record_act
from fechatter.errors import Conflict, Invalid, NotFound
from fechatter.locks import hold_own_memberships
from fechatter.models import Block, Chat, WorkspaceMember
from fechatter.queries.blocks import blocked_among

MOST_BLOCKS = 1000
"""That one person may have."""


def block(session: Session, user_id: int, other_id: int) -> tuple[Block, bool]:
    """The block, and whether it is new. Nobody is told. Raises NotFound, Invalid, Conflict (too_many_blocks)."""
    access.user_for(session, user_id, other_id)
    if other_id == user_id:
        raise Invalid({"user_id": ["Name another person."]})
    # Whoever makes a single of the two holds one of these rows, and is waited for or waits: no single is overlooked.
    hold_own_memberships(session, user_id)
    chats = _lock_singles(session, user_id, other_id)
    standing = session.get(Block, (user_id, other_id), populate_existing=True)
    if standing is not None:
        return standing, False
    mine = select(func.count()).select_from(Block).where(Block.user_id == user_id)
    if (session.scalar(mine) or 0) >= MOST_BLOCKS:
        raise Conflict("too_many_blocks", f"A person can block {MOST_BLOCKS} others at most.")
    made = Block(user_id=user_id, blocked_id=other_id)
    session.add(made)
    session.flush()
    session.execute(update(Chat).where(Chat.id.in_(chats)).values(closed=True))
    record_act(session, "user.blocked", user_id, target=("user", other_id))
    return made, True


def unblock(session: Session, user_id: int, other_id: int) -> None:
    """Also somebody whom one may not see any more. Raises NotFound if there is no such block."""
    chats = _lock_singles(session, user_id, other_id)
    gone = delete(Block).where(Block.user_id == user_id, Block.blocked_id == other_id)
    if session.execute(gone.returning(Block.blocked_id)).first() is None:
        raise NotFound
    still = bool(blocked_among(session, user_id, [other_id]))
    session.execute(update(Chat).where(Chat.id.in_(chats)).values(closed=still))
    record_act(session, "user.unblocked", user_id, target=("user", other_id))


def _lock_singles(session: Session, user_id: int, other_id: int) -> Sequence[int]:
    """The ids of all singles of the two, also where one of them has left: of each workspace that either is in."""
    low, high = sorted((user_id, other_id))
    places = select(WorkspaceMember.workspace_id).where(WorkspaceMember.user_id.in_((user_id, other_id)))
    singles = (
        select(Chat.id)
        .where(Chat.type == "single", Chat.workspace_id.in_(places), Chat.pair_low == low, Chat.pair_high == high)
        .where(Chat.deleted_at.is_(None))
        .order_by(Chat.id)
        .with_for_update(key_share=True)
    )
    return session.scalars(singles).all()
