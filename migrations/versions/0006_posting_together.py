"""Posts that come at the same time are stored by one statement."""

from pathlib import Path

from alembic import op

revision = "0006"
down_revision = "0005"

ROOT = Path(__file__).parents[2]


def upgrade() -> None:
    op.execute((ROOT / "fechatter/actions/post_messages.sql").read_text())


def downgrade() -> None:
    op.execute("DROP FUNCTION post_messages_v1")
