"""What goes by mail: proving one's address, and a new password for who has forgotten theirs."""

from typing import Any

from sqlalchemy.orm import Session

from app.answers import answers
from app.anteroom import hashing
from app.auth import current_caller, signed_in
from app.blueprint import Blueprint
from app.guesses import mail_to
from app.limited import limited
from app.schemas.accounts import ForgotSchema, MailedTokenSchema, ResetSchema
from app.services import services
from app.transaction import in_transaction, transactional
from fechatter.actions import mailed_tokens as actions
from fechatter.emails import email_key
from fechatter.errors import Forbidden, Invalid
from fechatter.weak_passwords import why_weak

blueprint = Blueprint("mails", __name__, url_prefix="/api/auth", description="What goes by mail")


@blueprint.route("/verification", methods=["POST"])
@signed_in
@limited("verification")
@answers(204, refuses=(403,))
def send_verification() -> None:
    """Have a link sent to one's own address, which proves that one reads it"""
    _refuse_without_mail()
    in_transaction(lambda session: actions.ask_for_verification(session, current_caller().user_id))


@blueprint.route("/verify", methods=["POST"])
@limited("mailed token")
@blueprint.arguments(MailedTokenSchema)
@answers(204, refuses=(404,))
@transactional
def verify(session: Session, body: dict[str, Any]) -> None:
    """Prove an address by the token from its mail

    A token that is unknown, spent or expired is a 404.
    """
    actions.verify_address(session, body["token"])


@blueprint.route("/forgot", methods=["POST"])
@limited("forgot")
@blueprint.arguments(ForgotSchema)
@answers(204, refuses=(403,))
def forget_password(body: dict[str, Any]) -> None:
    """Have a link sent to an address, by which its account gets a new password

    The answer is the same whether there is such an account or not.
    """
    _refuse_without_mail()
    mail_to(email_key(body["email"]))
    in_transaction(lambda session: actions.ask_for_reset(session, body["email"]))


@blueprint.route("/reset", methods=["POST"])
@hashing
@limited("mailed token")
@blueprint.arguments(ResetSchema)
@answers(204, refuses=(404,))
def reset_password(body: dict[str, Any]) -> None:
    """Set a new password by the token from a mail; every session ends

    A token that is unknown, spent or expired is a 404.
    """
    token, password = body["token"], body["password"]
    email = in_transaction(lambda session: actions.address_for_reset(session, token))
    if reason := why_weak(password, email):
        raise Invalid({"password": [reason]})
    hashed = services().passwords.hash(password)
    in_transaction(lambda session: actions.reset_password(session, token, hashed))


def _refuse_without_mail() -> None:
    """Of the installation alone, so that it tells nothing of any account."""
    if not services().config.mail.is_on:
        raise Forbidden("no_mail", "No mail is sent here; ask whoever runs this.")
