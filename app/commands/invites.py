"""A command that invites somebody, for where nobody can who is signed in."""

from datetime import timedelta

import click

from app.commands.installation import told, transaction
from app.schemas.invites import DAY, MOST_USES
from app.schemas.workspaces import WORKSPACE_ROLES
from fechatter.actions.invites import Offer, invite_by_operator
from fechatter.audit import record_act
from fechatter.emails import normal_email
from fechatter.errors import NotFound

LONGEST = 30
"""Days."""


@click.command()
@click.option("--workspace", required=True, help="Its slug or its id.")
@click.option("--role", type=click.Choice(WORKSPACE_ROLES), default="member", show_default=True)
@click.option("--email", help="Only the account with this address can use it.")
@click.option("--max-uses", type=click.IntRange(1, MOST_USES), default=1, show_default=True)
@click.option("--days", type=click.IntRange(1, LONGEST), default=7, show_default=True)
def invite(workspace: str, role: str, email: str | None, max_uses: int, days: int) -> None:
    """Print the address of an invitation, made in the name of the workspace's longest-standing owner."""
    address = normal_email(email) if email else None
    if email and address is None:
        raise click.ClickException(f"{email} is not an e-mail address.")
    url = told().public_url
    if not url:
        raise click.ClickException("PUBLIC_URL is missing, to which the invitation leads.")
    offer = Offer(role, timedelta(seconds=days * DAY), address, max_uses)
    with transaction() as session:
        try:
            made, token = invite_by_operator(session, workspace, offer)
        except NotFound as missing:
            raise click.ClickException(f"There is no workspace {workspace} that somebody owns.") from missing
        record_act(session, "invite.created", None, workspace_id=made.workspace_id, target=("invite", made.id))
    click.echo(f"{url}/invite/{token}")
