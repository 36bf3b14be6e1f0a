"""The command that fills an empty installation with something to look at."""

import click

from app.commands.installation import told, transaction
from fechatter.seed import DOMAIN, find_demo, make_demo


@click.command()
@click.option("--yes", is_flag=True, help="Also where FECHATTER_ENV is production.")
def seed(yes: bool) -> None:
    """Make a workspace "Acme" with six people, seven chats and their conversation. A second time does nothing."""
    if told().in_production and not yes:
        raise click.ClickException("This is production: six accounts would share one password. --yes makes them.")
    with transaction() as session:
        if find_demo(session):
            click.echo("The demonstration is there already. Its password was shown when it was made; another is set by")
            click.echo(f"  bin/dev flask set-password --email ana@{DOMAIN}")
            return
        demo = make_demo(session)
    click.echo(f'Workspace "Acme" ({demo.workspace_id}) with {demo.messages} messages. Sign in as any of')
    for email in demo.emails:
        click.echo(f"  {email}")
    click.echo(f"with the password {demo.password}")
