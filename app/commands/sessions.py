"""Commands that show where someone is signed in, and end it."""

import click
from sqlalchemy import select

from app.commands.accounts import account_of
from app.commands.installation import transaction
from fechatter.access import Caller
from fechatter.actions.sessions import end_session
from fechatter.errors import NotFound
from fechatter.models import Session as SignIn
from fechatter.queries.sessions import sessions_of

NOBODY = 0


@click.group()
def sessions() -> None:
    """Where people are signed in."""


@sessions.command("list")
@click.option("--email", required=True)
def list_sessions(email: str) -> None:
    """Show the sessions of an account, last seen first."""
    with transaction() as session:
        user = account_of(session, email)
        rows = sessions_of(session, Caller(user.id, NOBODY, user.list_version))
    for row in rows:
        click.echo(f"{row['id']:>8}  last seen {row['last_seen_at']}  since {row['created_at']}  {row['device']}")
    click.echo(f"{len(rows)} sessions")


@sessions.command("end")
@click.argument("session_id", type=int)
def end_one(session_id: int) -> None:
    """End a session: its tokens at once, its streams within two seconds."""
    with transaction() as session:
        user_id = session.scalar(select(SignIn.user_id).where(SignIn.id == session_id))
        try:
            end_session(session, user_id or NOBODY, session_id, "revoked")
        except NotFound as missing:  # in the API's words, which do not tell one what is not one's own
            raise click.ClickException(f"There is no session {session_id}.") from missing
    click.echo(f"Session {session_id} has ended.")
