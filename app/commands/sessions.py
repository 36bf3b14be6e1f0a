"""Commands that show where someone is signed in, with its personal access tokens, and end either."""

import click

from app.commands.accounts import account_of
from app.commands.installation import transaction
from fechatter.access import Caller
from fechatter.actions.sessions import NOBODY, end_for_operator
from fechatter.errors import NotFound
from fechatter.queries.sessions import sessions_of
from fechatter.queries.tokens import tokens_of


@click.group()
def sessions() -> None:
    """Where people are signed in, and what they have made tokens for."""


@sessions.command("list")
@click.option("--email", required=True)
def list_sessions(email: str) -> None:
    """Show the sessions of an account, last seen first, behind its personal access tokens."""
    with transaction() as session:
        user = account_of(session, email)
        tokens = tokens_of(session, user.id)
        rows = sessions_of(session, Caller(user.id, NOBODY, user.list_version))
    for token in tokens:
        click.echo(f"{token['id']:>8}  last used {token['last_used_at'] or 'never'}  token {token['name']}")
    for row in rows:
        click.echo(f"{row['id']:>8}  last seen {row['last_seen_at']}  since {row['created_at']}  {row['device']}")
    click.echo(f"{len(rows)} sessions")


@sessions.command("end")
@click.argument("session_id", type=int)
def end_one(session_id: int) -> None:
    """End a session or a personal access token: it is good for nothing at once, its streams end within two seconds."""
    with transaction() as session:
        try:
            end_for_operator(session, session_id)
        except NotFound as missing:  # in the API's words, which do not tell one what is not one's own
            raise click.ClickException(f"There is no session {session_id}.") from missing
    click.echo(f"Session {session_id} has ended.")
