"""The command that looks over an installation."""

import click

from app.commands.installation import told
from fechatter.doctor import examine

SIGNS = {"ok": "ok     ", "warning": "warning", "trouble": "TROUBLE"}


@click.command()
def doctor() -> None:
    """Check PostgreSQL, its settings and schema, Redis, clocks, relay, and whether web and notify can be reached.

    Exits with 1 if something has to be mended.
    """
    troubles = 0
    for finding in examine(told()):
        troubles += finding.verdict == "trouble"
        click.echo(f"{SIGNS[finding.verdict]}  {finding.part:<11} {finding.words}")
    if troubles:
        raise click.ClickException(f"{troubles} to be mended." if troubles > 1 else "One thing has to be mended.")
