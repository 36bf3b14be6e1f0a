"""The command for after a restore: positions may stand for other events than before."""

import click

from app.commands.installation import transaction
from fechatter.feed.epoch import check_epoch


@click.command("renew-epochs")
def renew_epochs() -> None:
    """Tell every stream that resumes to fetch afresh. Needed after a backup was restored, or a snapshot put back.

    A standby that took over, and a backup in another PostgreSQL than before, are noticed without it.
    """
    with transaction() as session:
        check_epoch(session.connection(), force=True)
    click.echo("Every feed has a new epoch; streams start afresh within seconds.")
