"""The second factor of a sign-in: codes of an authenticator (TOTP), with recovery codes for when that is lost."""

from sqlalchemy.orm import Session

from app.answers import answers
from app.anteroom import hashing
from app.auth import current_caller, signed_in
from app.blueprint import Blueprint
from app.guesses import try_code
from app.limited import fetching, limited
from app.schemas.second_factor import (
    ConfirmedCode,
    NewSecondFactor,
    PasswordAndCode,
    RecoveryCodesSchema,
    SecondFactorSchema,
    SecretSchema,
)
from app.services import services
from app.transaction import in_transaction, reading, transactional
from fechatter.actions import second_factor as actions
from fechatter.errors import SignInNeeded
from fechatter.models import User
from fechatter.one_time_codes import otpauth_url, shown_secret
from fechatter.shapes import Shape

blueprint = Blueprint(
    "second_factor", __name__, url_prefix="/api/auth/second-factor", description="A second factor beside the password"
)


@blueprint.route("")
@signed_in
@fetching
@answers(200, SecondFactorSchema)
@reading
def show_second_factor(session: Session) -> Shape:
    """Whether the account has a second factor"""
    me = current_caller().user_id
    return {
        "is_on": actions.is_asked_for(session, me),
        "recovery_codes_left": actions.recovery_codes_left(session, me),
    }


@blueprint.route("", methods=["POST"])
@hashing
@signed_in
@limited("password")
@blueprint.arguments(NewSecondFactor)
@answers(201, SecretSchema, refuses=(409,))
def begin_second_factor(body: dict[str, str]) -> Shape:
    """Get a secret for an authenticator

    It is asked for once it is confirmed with a first code. Beginning again makes a new one.
    """
    checked = _checked_hash(body["password"])
    box = services().second_factor_box
    user, secret = in_transaction(lambda session: actions.begin(session, box, current_caller(), checked))
    return {"secret": shown_secret(secret), "otpauth_url": otpauth_url(secret, user.email)}


@blueprint.route("/confirm", methods=["POST"])
@signed_in
@limited("password")
@blueprint.arguments(ConfirmedCode)
@answers(200, RecoveryCodesSchema, refuses=(409,))
@transactional
def confirm_second_factor(session: Session, body: dict[str, str]) -> Shape:
    """Turn the second factor on with a first code; every other session ends

    The answer has ten recovery codes, which are not shown again.
    """
    made = actions.confirm(session, services().second_factor_box, current_caller(), body["code"])
    return {"recovery_codes": made}


@blueprint.route("/recovery-codes", methods=["POST"])
@hashing
@signed_in
@limited("password")
@blueprint.arguments(PasswordAndCode)
@answers(201, RecoveryCodesSchema, refuses=(409,))
def create_recovery_codes(body: dict[str, str]) -> Shape:
    """Make new recovery codes; the old ones are good for nothing"""
    checked, box = _checked_hash(body["password"], and_code=True), services().second_factor_box
    made = in_transaction(
        lambda session: actions.renew_recovery_codes(session, box, current_caller(), checked, body["code"])
    )
    return {"recovery_codes": made}


@blueprint.route("/off", methods=["POST"])
@hashing
@signed_in
@limited("password")
@blueprint.arguments(PasswordAndCode)
@answers(204, refuses=(409,))
def turn_second_factor_off(body: dict[str, str]) -> None:
    """Turn the second factor off"""
    checked, box = _checked_hash(body["password"], and_code=True), services().second_factor_box
    in_transaction(lambda session: actions.turn_off(session, box, current_caller(), checked, body["code"]))


def _checked_hash(password: str, and_code: bool = False) -> str:
    """The hash that this password fits, to be compared behind the lock. Raises SignInNeeded, and TooMany where a code
    that is to be looked at next is one too many."""

    def present(session: Session) -> tuple[str, str]:
        user = session.get_one(User, current_caller().user_id)
        return user.password_hash, user.email_key

    hashed, account = in_transaction(present)
    if not services().passwords.fits(password, hashed):
        raise SignInNeeded("bad_credentials", "The password is wrong.")
    if and_code:
        try_code(account)
    return hashed
