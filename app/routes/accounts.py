"""Signing up, in and out. A password is hashed before or between transactions, never in one."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response
from sqlalchemy.orm import Session

from app.answers import answers
from app.anteroom import hashing
from app.auth import current_caller, signed_in
from app.blueprint import Blueprint, mentions
from app.credentials import device, signed_in_shape, tokens_shape
from app.guesses import guess_at, try_code
from app.limited import address, limited
from app.refresh_cookie import answer_with_cookie, answer_without_cookie, cookie_token, refuse_other_sites
from app.schemas.accounts import (
    BrowserHeaders,
    PasswordChangeSchema,
    RefreshSchema,
    SignedInSchema,
    SignInSchema,
    SignUpSchema,
    TokensSchema,
    UnverifiedSchema,
)
from app.services import services
from app.transaction import in_transaction, transactional
from fechatter.actions import second_factor, signing_up
from fechatter.actions.accounts import (
    PasswordChanged,
    bad_credentials,
    change_password,
    enter_account,
    password_hash_of,
)
from fechatter.actions.sessions import Renewal, end_session, renew_session, start_session
from fechatter.actions.signing_up import Newcomer
from fechatter.emails import email_key
from fechatter.errors import Invalid, NotFound, SignInNeeded
from fechatter.models import User
from fechatter.shapes import Shape, user_shape
from fechatter.weak_passwords import why_weak
from frame.bearer import bad_token

T = TypeVar("T")

blueprint = Blueprint("accounts", __name__, url_prefix="/api/auth", description="Signing up, in and out")


@blueprint.route("/signup", methods=["POST"])
@hashing
@limited("sign-up")
@mentions(BrowserHeaders, "headers")
@blueprint.arguments(SignUpSchema)
@answers(201, SignedInSchema, also={202: UnverifiedSchema}, refuses=(403, 404, 409))
def sign_up(body: dict[str, Any]) -> Shape | tuple[Shape, int] | Response:
    """Make an account

    With `workspace` it also gets a workspace of that name, which it owns; with `invite` it enters the one that it is
    invited to. Where addresses have to be proved, the answer is a 202 without tokens: the account signs in once the
    link in the mail has been opened. Who may sign up is for the operator to say: see `sign_up` of `/api/config`.
    """
    if body["cookie"]:
        refuse_other_sites()
    policy = services().config.sign_up
    policy.check(body["email"], "invite" in body)
    hashed = services().passwords.hash(body["password"])
    newcomer = Newcomer(body["email"], body["name"], hashed, body.get("workspace"), body.get("invite"))

    def create(session: Session) -> Shape | tuple[Shape, int]:
        user = signing_up.sign_up(session, policy, newcomer)
        if policy.checks_addresses:
            return {"user": user_shape(user)}, 202
        return signed_in_shape(user, start_session(session, user.id, device()))

    account = in_transaction(create)
    if isinstance(account, tuple):
        return account
    services().known_places.remember(email_key(body["email"]), address())
    return answer_with_cookie(account, 201) if body["cookie"] else account


@blueprint.route("/signin", methods=["POST"])
@hashing
@limited("sign-in")
@mentions(BrowserHeaders, "headers")
@blueprint.arguments(SignInSchema)
@answers(200, SignedInSchema, refuses=(401, 403))
def sign_in(body: dict[str, Any]) -> Shape | Response:
    """Sign in with e-mail and password

    An account with a second factor is asked for `code` too, once the password is right (401 `second_factor_needed`).
    """
    if body["cookie"]:
        refuse_other_sites()
    with guess_at(email_key(body["email"])):
        account = _twice(lambda: _sign_in(body["email"], body["password"], body.get("code")))
    return answer_with_cookie(account) if body["cookie"] else account


def _twice(work: Callable[[], T]) -> T:
    """The second time with the hash as it is now: another sign-in has just renewed it, or the password changed."""
    try:
        return work()
    except PasswordChanged:
        return work()


def _sign_in(email: str, password: str, code: str | None) -> Shape:
    known = password_hash_of(services().engine, email)
    user_id, hashed = known or (0, None)
    # The same work for an address that nobody has.
    if not services().passwords.fits(password, hashed) or hashed is None:
        raise bad_credentials()
    if code is not None and in_transaction(lambda session: second_factor.is_asked_for(session, user_id)):
        try_code(email_key(email))
    renewed = services().passwords.renewed(password, hashed)

    def start(session: Session) -> Shape:
        user = enter_account(session, user_id, hashed, renewed)
        second_factor.check(session, services().second_factor_box, user, code)
        return signed_in_shape(user, start_session(session, user.id, device()))

    return in_transaction(start)


@blueprint.route("/refresh", methods=["POST"])
@limited("refresh")
@mentions(BrowserHeaders, "headers")
@blueprint.arguments(RefreshSchema)
@answers(200, TokensSchema, refuses=(401, 403))
def refresh(body: dict[str, Any]) -> Shape | Response:
    """Exchange a refresh token for a new pair; the old one is spent

    A spent token that comes back within 10 seconds, while its successor is unused, gets that same successor. Any
    other return of a spent token ends the session. Without a `refresh_token` that of the cookie is spent, and the next
    one is in the cookie of the answer.
    """
    from_cookie = None if "refresh_token" in body else cookie_token()
    token = from_cookie or body.get("refresh_token")
    if token is None:
        raise Invalid({"refresh_token": ["Missing data for required field."]})
    renewal, sign_in = in_transaction(lambda session: renew_session(session, services().refresh_tokens, token))
    # Refused out here: raised in the transaction, it would undo the end of the session.
    if renewal is Renewal.REUSED:
        raise SignInNeeded("token_reused", "This refresh token was spent before; its session has been ended.")
    pair = tokens_shape(sign_in)
    return answer_with_cookie(pair) if from_cookie else pair


@blueprint.route("/signout", methods=["POST"])
@signed_in
@limited("ending sessions")
@answers(204)
@transactional
def sign_out(session: Session) -> Response | None:
    """End this session, its tokens and its streams"""
    caller = current_caller()
    try:
        end_session(session, caller.user_id, caller.session_id, "signed_out")
    except NotFound as ended:  # by a twin of this call, since the caller was looked up
        raise bad_token() from ended
    return answer_without_cookie()


@blueprint.route("/password", methods=["POST"])
@hashing
@signed_in
@limited("password")
@blueprint.arguments(PasswordChangeSchema)
@answers(204)
def set_password(body: dict[str, Any]) -> None:
    """Change the password; every other session ends"""
    _twice(lambda: _set_password(body["current_password"], body["new_password"]))


def _set_password(current: str, new: str) -> None:
    def present(session: Session) -> tuple[str, str]:
        user = session.get_one(User, current_caller().user_id)
        return user.email, user.password_hash

    email, known = in_transaction(present)
    if reason := why_weak(new, email):
        raise Invalid({"new_password": [reason]})
    passwords = services().passwords
    if not passwords.fits(current, known):
        raise SignInNeeded("bad_credentials", "The current password is wrong.")
    hashed = passwords.hash(new)
    in_transaction(lambda session: change_password(session, current_caller(), known, hashed))
