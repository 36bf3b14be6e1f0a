"""The first schema: accounts, workspaces, chats, messages, the outbox and the feed."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None

ROOT = Path(__file__).parents[2]
FUNCTIONS = (
    "migrations/versions/0001_post_message.sql",
    "migrations/versions/0001_relay.sql",
    "fechatter/feed/epoch.sql",
)


def upgrade() -> None:
    op.execute((Path(__file__).with_suffix(".sql")).read_text())
    for path in FUNCTIONS:
        op.execute((ROOT / path).read_text())


def downgrade() -> None:
    op.execute(
        """
        DROP FUNCTION post_message_v1, relay_v1, check_epoch_v1, rfc3339;
        DROP TABLE installation, user_changes, events, feeds, outbox, messages, chat_departures, chat_members, chats,
            invites, workspace_departures, workspace_members, workspaces, tickets, sessions, users;
        """
    )
