"""Web Push: subscriptions, what is to be sent to them, and what a person wants to be told of."""

from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute((Path(__file__).with_suffix(".sql")).read_text())


def downgrade() -> None:
    op.execute(
        """
        DROP TABLE pushes, push_cursors, push_subscriptions;
        ALTER TABLE chat_members DROP COLUMN notify;
        ALTER TABLE users DROP COLUMN notifications_paused_until;
        ALTER TABLE installation DROP COLUMN vapid_private_key;
        """
    )
