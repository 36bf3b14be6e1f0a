"""Mails that are still to be sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from fechatter.models.table import Table


class Mail(Table):
    """To be sent at `due_at`. Holds no token: that is made when it is sent, if anybody has the address at all."""

    __tablename__ = "mails"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    email: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    due_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)
    attempts: Mapped[int] = mapped_column(default=0)
