"""What a stream asks for when it is opened and replayed, in one call each."""

from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"

ROOT = Path(__file__).parents[2]
FUNCTIONS = ("fechatter/feed/standing.sql", "fechatter/feed/personal_page.sql")


def upgrade() -> None:
    op.execute("ALTER TABLE workspace_members ADD COLUMN public_until bigint")
    for path in FUNCTIONS:
        op.execute((ROOT / path).read_text())


def downgrade() -> None:
    op.execute("DROP FUNCTION standing_v1, personal_page_v1; ALTER TABLE workspace_members DROP COLUMN public_until;")
