"""The relay reads what is next of a workspace in the order of one index, whatever PostgreSQL takes for shorter."""

from pathlib import Path

from alembic import op

revision = "0008"
down_revision = "0007"

ROOT = Path(__file__).parents[2]


def upgrade() -> None:
    op.execute((ROOT / "fechatter/feed/relay.sql").read_text())


def downgrade() -> None:
    op.execute("DROP FUNCTION relay_v2")
    op.execute((ROOT / "migrations/versions/0007_relay.sql").read_text())
