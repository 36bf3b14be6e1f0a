"""The command that makes an installation's secrets."""

import os
from pathlib import Path

import click

from fechatter import keys


@click.command("make-keys")
@click.option("--to", type=click.Path(path_type=Path), help="A new file for them, readable by its owner only.")
def make_keys(to: Path | None) -> None:
    """Make JWT_PRIVATE_KEY, JWT_PUBLIC_KEY and SECRET_KEY, as lines for an .env file."""
    lines = "".join(f"{name}='{value}'\n" for name, value in keys.make_keys().items())
    if to is None:
        click.echo(lines, nl=False)
        return
    try:
        descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise click.ClickException(f"{to}: {error.strerror}") from error
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(lines)
