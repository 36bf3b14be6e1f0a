"""The outbox has one index for all that is asked of it by workspace, and the relay reads it by ranges."""

from pathlib import Path

from alembic import op

revision = "0008"
down_revision = "0007"

ROOT = Path(__file__).parents[2]


def upgrade() -> None:
    # It holds what has been written and not yet relayed, which is little: to build its key anew takes no time.
    op.execute("LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE")
    op.execute("ALTER TABLE outbox DROP CONSTRAINT outbox_pkey, ADD PRIMARY KEY (workspace_id, id)")
    op.execute("DROP INDEX outbox_workspace")
    op.execute((ROOT / "fechatter/feed/relay.sql").read_text())


def downgrade() -> None:
    # The strongest lock first: who gets it by degrees and who writes meanwhile would wait for each other.
    op.execute("LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE")
    op.execute("DROP FUNCTION relay_v2")
    op.execute((ROOT / "migrations/versions/0007_relay.sql").read_text())
    op.execute("CREATE INDEX outbox_workspace ON outbox (workspace_id, id)")
    op.execute("ALTER TABLE outbox DROP CONSTRAINT outbox_pkey, ADD PRIMARY KEY (id)")
