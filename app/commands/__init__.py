"""Commands for operators: `flask --app app.commands COMMAND`, from the project's folder."""

from flask import Flask

from app.commands.accounts import create_admin, second_factor_off, set_password, suspend
from app.commands.audit import audit
from app.commands.doctor import doctor
from app.commands.feeds import renew_epochs
from app.commands.invites import invite
from app.commands.keys import make_keys
from app.commands.seed import seed
from app.commands.sessions import sessions

COMMANDS = (
    make_keys,
    create_admin,
    set_password,
    second_factor_off,
    suspend,
    invite,
    sessions,
    audit,
    doctor,
    seed,
    renew_epochs,
)


def init_commands(app: Flask) -> None:
    for command in COMMANDS:
        app.cli.add_command(command)


def create_app() -> Flask:
    """An application with nothing but the commands, since some run before there is an environment for web."""
    app = Flask("app", static_folder=None)
    init_commands(app)
    return app
