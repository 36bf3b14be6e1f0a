"""The busiest reads: a page of history and the list of chats, in one call each."""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"

ROOT = Path(__file__).parents[2]
FUNCTIONS = ("fechatter/queries/history.sql", "migrations/versions/0002_chat_list.sql")


def upgrade() -> None:
    for path in FUNCTIONS:
        op.execute((ROOT / path).read_text())


def downgrade() -> None:
    op.execute("DROP FUNCTION chat_list_v1, history_v1; DROP VIEW message_shapes;")
