"""Several workspaces are relayed by one statement; `relay_v1` stays for the processes that are still running."""

from pathlib import Path

from alembic import op

revision = "0007"
down_revision = "0006"

ROOT = Path(__file__).parents[2]


def upgrade() -> None:
    op.execute((ROOT / "migrations/versions/0007_relay.sql").read_text())


def downgrade() -> None:
    op.execute("DROP FUNCTION relay_v2")
