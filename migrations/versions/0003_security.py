"""What security needs: mails and their tokens, second factors, personal access tokens, moderation, the audit log."""

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"

ROOT = Path(__file__).parents[2]
FUNCTIONS = ("fechatter/actions/post_message.sql", "fechatter/queries/chat_list.sql")
"""Those of before stay for the processes that are still running."""


def upgrade() -> None:
    op.execute((Path(__file__).with_suffix(".sql")).read_text())
    for path in FUNCTIONS:
        op.execute((ROOT / path).read_text())


def downgrade() -> None:
    op.execute(
        """
        DROP FUNCTION post_message_v2, chat_list_v2;
        ALTER TABLE chat_members DROP COLUMN last_posted_at;
        ALTER TABLE chats DROP COLUMN read_only, DROP COLUMN slow_mode, DROP COLUMN closed;
        DELETE FROM sessions WHERE token_hash IS NOT NULL;
        ALTER TABLE sessions DROP COLUMN name, DROP COLUMN token_hash, DROP COLUMN scopes;
        ALTER TABLE users DROP COLUMN email_verified_at, DROP COLUMN must_verify, DROP COLUMN totp_secret,
            DROP COLUMN totp_enabled_at, DROP COLUMN totp_last_step, DROP COLUMN suspended_at;
        DROP TABLE audit_log, reports, blocks, workspace_suspensions, mails, mailed_tokens, recovery_codes;
        DROP FUNCTION refuse_change;
        """
    )
