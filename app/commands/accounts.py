"""Commands that make an account, or help someone back into theirs."""

import sys
from typing import Any

import click
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from app.commands.installation import transaction
from app.schemas.accounts import SignUpSchema
from fechatter.actions import accounts as actions
from fechatter.actions.accounts import create_account, lock_account, password_hash_of
from fechatter.actions.second_factor import forget
from fechatter.actions.workspaces import create_workspace
from fechatter.audit import record_act
from fechatter.models import User
from fechatter.passwords import Passwords
from fechatter.weak_passwords import why_weak


@click.command("create-admin")
@click.option("--email", prompt="E-mail")
@click.option("--name", prompt="Name")
@click.option("--workspace", help="Also make a workspace of this name.")
def create_admin(email: str, name: str, workspace: str | None) -> None:
    """Make an account that is marked as an administrator's. The password is asked for, or read from standard input."""
    given = {"email": email, "name": name, "password": _password(), "workspace": workspace}
    account = checked({key: value for key, value in given.items() if value is not None})
    hashed = Passwords().hash(account["password"])
    with transaction() as session:
        user = create_account(session, account["email"], account["name"], hashed)
        user.is_admin = True
        record_act(session, "account.made_admin", None, target=("user", user.id))
        if "workspace" in account:
            create_workspace(session, user.id, account["workspace"])
    click.echo(f"{account['email']} can sign in now (user {user.id}).")


@click.command("set-password")
@click.option("--email", prompt="E-mail")
def set_password(email: str) -> None:
    """Give an account a new password; all its sessions end. The password is asked for, or read from standard input."""
    password = checked({"email": email, "name": "-", "password": _password()})["password"]
    hashed = Passwords().hash(password)
    with transaction() as session:
        user = account_of(session, email)
        if reason := why_weak(password, user.email):
            raise click.ClickException(f"password: {reason}")
        actions.set_password(session, user, hashed)
        record_act(session, "password.set", None, target=("user", user.id))
    click.echo(f"{user.email} has a new password and is signed out everywhere.")


@click.command("second-factor-off")
@click.option("--email", prompt="E-mail")
def second_factor_off(email: str) -> None:
    """Ask an account for its password alone again, when authenticator and recovery codes are lost. Be sure who asks."""
    with transaction() as session:
        user = account_of(session, email)
        if user.totp_enabled_at is None:
            raise click.ClickException(f"{user.email} has no second factor.")
        forget(session, user, by=None)
    click.echo(f"{user.email} signs in with its password alone now.")


@click.command("suspend")
@click.option("--email", required=True)
@click.option("--off", is_flag=True, help="Let the account be used again.")
def suspend(email: str, off: bool) -> None:
    """Shut an account: nobody signs in to it, its tokens and sessions end at once, its streams within two seconds."""
    with transaction() as session:
        user = account_of(session, email)
        if off:
            actions.unsuspend_account(session, user)
        else:
            actions.suspend_account(session, user)
    click.echo(f"{user.email} can sign in again." if off else f"{user.email} is suspended and signed out everywhere.")


def account_of(session: Session, email: str) -> User:
    """The account with this address, locked."""
    found = password_hash_of(session.connection(), email)
    if found is None:
        raise click.ClickException(f"Nobody has the address {email}.")
    return lock_account(session, *found)


def _password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")


def checked(given: dict[str, Any]) -> dict[str, Any]:
    """By the rules of signing up."""
    try:
        return dict(SignUpSchema().load(given))
    except ValidationError as error:
        lines = [f"{field}: {' '.join(map(str, reasons))}" for field, reasons in error.normalized_messages().items()]
        raise click.ClickException("\n".join(lines)) from error
