"""Who has blocked whom."""

from collections.abc import Collection

from sqlalchemy import and_, case, or_, select
from sqlalchemy.orm import Session

from fechatter.models import Block
from fechatter.shapes import Shape, rfc3339


def blocks_of(session: Session, user_id: int, after: int, limit: int) -> list[Shape]:
    """Whom this person has blocked, by their ids, those behind `after`."""
    mine = select(Block).where(Block.user_id == user_id, Block.blocked_id > after).order_by(Block.blocked_id)
    return [block_shape(block) for block in session.scalars(mine.limit(limit))]


def block_shape(block: Block) -> Shape:
    """No more than the id: there may be no workspace left that the two share."""
    return {"user_id": block.blocked_id, "created_at": rfc3339(block.created_at)}


def blocked_among(session: Session, user_id: int, others: Collection[int]) -> set[int]:
    """Those of these people whom this person has blocked, or who have blocked this person."""
    by_me = and_(Block.user_id == user_id, Block.blocked_id.in_(others))
    by_them = and_(Block.blocked_id == user_id, Block.user_id.in_(others))
    other = case((Block.user_id == user_id, Block.blocked_id), else_=Block.user_id)
    return set(session.scalars(select(other).where(or_(by_me, by_them))))
