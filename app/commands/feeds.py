"""A command for after a restore that PostgreSQL cannot tell from its past."""

import click

from app.commands.installation import transaction
from fechatter.feed.epoch import check_epoch


@click.command("renew-epochs")
def renew_epochs() -> None:
    """Tell every stream that resumes to fetch afresh. Needed after a snapshot of a disk was put back; a restore with
    pg_restore and a standby that took over are noticed without it."""
    with transaction() as session:
        check_epoch(session.connection(), force=True)
    click.echo("Every feed has a new epoch; streams start afresh within seconds.")
