"""People, and how they sign in."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from app.schemas.fields import AnswerSchema, Email, Flag, Id, Instant, OneOf, StrictSchema, Text, WebAddress, Whole
from app.schemas.names import Line, Name
from app.schemas.workspaces import LONGEST_NAME
from fechatter.weak_passwords import why_weak

COOKIE = {"description": "Keep the refresh token in a cookie that no script can read; for browsers."}
EMAIL = {"metadata": {"description": "Unique without regard to case.", "format": "email"}}


class PasswordField(Text):
    """A new one: 8 to 128 characters of any kind, and none of the passwords that are tried first."""

    def __init__(self) -> None:
        super().__init__(8, 128, blank=True, required=True, load_only=True)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        password = super()._deserialize(value, attr, data, **options)
        if reason := why_weak(password):
            raise ValidationError(reason)
        return password


class Code(Text):
    """Six digits of an authenticator, or a recovery code."""

    def __init__(self, **options: Any) -> None:
        words = {"description": "Of an authenticator, or a recovery code."}
        super().__init__(6, 40, load_only=True, metadata=words, **options)


class AccountSchema(StrictSchema):
    """The parent of what strangers may send: none of it needs more room."""

    LARGEST_BODY = 32 * 1024


class SignUpSchema(AccountSchema):
    EXAMPLE = {"email": "ann@example.org", "password": "correct horse", "name": "Ann", "workspace": "Acme"}

    email = Email(required=True, **EMAIL)
    password = PasswordField()
    name = Line(1, 100, required=True)
    workspace = Name(LONGEST_NAME, metadata={"description": "Also make a workspace of this name."})
    cookie = Flag(load_default=False, metadata=COOKIE)
    invite = Text(1, 200, metadata={"description": "The token of an invitation: also enter that workspace."})

    @validates_schema(skip_on_field_errors=True)
    def refuse_own_address(self, data: Mapping[str, Any], **_: Any) -> None:
        if reason := why_weak(data["password"], data["email"]):
            raise ValidationError(reason, "password")


class SignInSchema(AccountSchema):
    EXAMPLE = {"email": "ann@example.org", "password": "correct horse"}

    email = Text(1, 254, required=True)
    password = Text(1, 128, blank=True, required=True)
    code = Code()
    cookie = Flag(load_default=False, metadata=COOKIE)


class RefreshSchema(AccountSchema):
    EXAMPLE = {"refresh_token": "1.1.VyVgOSb2sUUw"}

    refresh_token = Text(1, 200, metadata={"description": "If left out, that of the cookie."})


class PasswordChangeSchema(AccountSchema):
    EXAMPLE = {"current_password": "correct horse", "new_password": "battery staple"}

    current_password = Text(1, 128, blank=True, required=True)
    new_password = PasswordField()


class BrowserHeaders(StrictSchema):
    client = fields.String(
        data_key="X-Fechatter-Client",
        metadata={"description": "Anything. With a cookie it must be there: no form of another site can send it."},
    )


class ForgotSchema(AccountSchema):
    EXAMPLE = {"email": "ann@example.org"}

    email = Text(1, 254, required=True)


class MailedTokenSchema(AccountSchema):
    EXAMPLE = {"token": "pJbT6M5Kp1Yj"}

    token = Text(1, 200, required=True, metadata={"description": "The last part of the link in the mail."})


class ResetSchema(MailedTokenSchema):
    EXAMPLE = {"token": "pJbT6M5Kp1Yj", "password": "battery staple"}

    password = PasswordField()


class UserSchema(AnswerSchema):
    id = Id(required=True)
    email = fields.String(required=True)
    name = fields.String(required=True)
    avatar_url = fields.String(required=True, allow_none=True)
    created_at = Instant(required=True)


class OwnUserSchema(UserSchema):
    email_verified = fields.Boolean(
        required=True, metadata={"description": "Whether it is proved that the address is read by this person."}
    )


class ProfileSchema(StrictSchema):
    EXAMPLE = {"name": "Ann"}

    name = Line(1, 100)
    avatar_url = WebAddress(allow_none=True)


class TokensSchema(AnswerSchema):
    access_token = fields.String(required=True, metadata={"description": "A JWT, signed with EdDSA."})
    refresh_token = fields.String(
        required=True, allow_none=True, metadata={"description": "Good for one refresh; null: it is in the cookie."}
    )
    token_type = OneOf("Bearer", required=True)
    expires_in = Whole(1, 86400, required=True, metadata={"description": "Seconds the access token lasts."})


class SignedInSchema(TokensSchema):
    user = fields.Nested(UserSchema, required=True)


class UnverifiedSchema(AnswerSchema):
    """The account is made, and signs in once the link in the mail has been opened."""

    user = fields.Nested(UserSchema, required=True)


class SessionSchema(AnswerSchema):
    id = Id(required=True)
    device = fields.String(required=True, metadata={"description": "As the client called itself when signing in."})
    created_at = Instant(required=True)
    last_seen_at = Instant(required=True, metadata={"description": "When it signed in or last refreshed."})
    current = fields.Boolean(required=True)


class TicketSchema(AnswerSchema):
    ticket = fields.String(required=True)
    expires_in = Whole(1, 3600, required=True)
