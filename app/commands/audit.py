"""The command that shows the log of security-relevant acts."""

import click
import orjson

from app.commands.accounts import account_of
from app.commands.installation import transaction
from fechatter.queries.audit import operators_audit


@click.command()
@click.option("--workspace", type=int, help="Of this one only; it may be gone.")
@click.option("--email", help="By or about this account only.")
@click.option("--last", type=click.IntRange(1, 100_000), default=100, show_default=True)
def audit(workspace: int | None, email: str | None, last: int) -> None:
    """Show who did what, when and from where, newest first, as lines of JSON."""
    with transaction() as session:
        account = account_of(session, email).id if email else None
        entries = operators_audit(session, workspace, account, last)
    for entry in entries:
        click.echo(orjson.dumps(entry).decode())
