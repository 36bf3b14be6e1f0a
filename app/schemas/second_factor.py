"""The second factor of a sign-in."""

from marshmallow import fields

from app.schemas.accounts import AccountSchema, Code
from app.schemas.fields import AnswerSchema, Text, Whole


class NewSecondFactor(AccountSchema):
    EXAMPLE = {"password": "correct horse"}

    password = Text(1, 128, blank=True, required=True)


class ConfirmedCode(AccountSchema):
    EXAMPLE = {"code": "492039"}

    code = Code(required=True)


class PasswordAndCode(AccountSchema):
    EXAMPLE = {"password": "correct horse", "code": "492039"}

    password = Text(1, 128, blank=True, required=True)
    code = Code(required=True)


class SecondFactorSchema(AnswerSchema):
    is_on = fields.Boolean(required=True)
    recovery_codes_left = Whole(0, 10, required=True)


class SecretSchema(AnswerSchema):
    secret = fields.String(required=True, metadata={"description": "To type into an authenticator, in base 32."})
    otpauth_url = fields.String(required=True, metadata={"description": "The same, to be shown as a QR code."})


class RecoveryCodesSchema(AnswerSchema):
    """Shown this once. Each is good once, wherever a code is asked for."""

    recovery_codes = fields.List(fields.String(), required=True)
