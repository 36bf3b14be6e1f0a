"""E-mail addresses: one form to show, one key to compare by, one to hand to a mail server."""

import email_validator

from fechatter.text import fold

# Names like `.local` and `.test` have no public mail, but an installation may stand in a network that uses them.
email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()

LONGEST = 254
"""Characters. Normalising takes a time that grows with the square of a row of accents."""


def normal_email(text: str) -> str | None:
    """The address in its normal form, None if it is none; whether anyone reads it is not asked."""
    if len(text) > LONGEST:
        return None
    try:
        return email_validator.validate_email(text, check_deliverability=False).normalized
    except email_validator.EmailNotValidError:
        return None


def email_key(text: str) -> str:
    """The same for all ways to write one address; also for what is no address, which then nobody has."""
    return fold(normal_email(text) or text)


def wire_email(email: str) -> str:
    """Of a normal form, with the domain in ASCII: only for what stands before it a server may need an extension."""
    found = email_validator.validate_email(email, check_deliverability=False)
    return f"{found.local_part}@{found.ascii_domain}"
