"""E-mail addresses: one form to show, one key to compare by, one to hand to a mail server."""

import email_validator

from fechatter.text import fold

# Names like `.local` and `.test` have no public mail, but an installation may stand in a network that uses them.
email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()

LONGEST = 254
"""Characters. Normalising takes a time that grows with the square of a row of accents."""


def normal_email(text: str) -> str | None:
    """The address in its normal form, None if it is none; whether anyone reads it is not asked."""
    found = _read(text)
    return found.normalized if found else None


def _read(text: str) -> email_validator.ValidatedEmail | None:
    if len(text) > LONGEST:
        return None
    try:
        return email_validator.validate_email(text, check_deliverability=False)
    except email_validator.EmailNotValidError:
        return None


def email_key(text: str) -> str:
    """The same for all ways to write one address; also for what is no address, which then nobody has."""
    found = _read(text)
    if found is None:
        return fold(text)
    # Folded, `straße.example` would be `strasse.example`, which is a domain of its own, and may be another's.
    is_same = found.domain == fold(found.domain)
    return f"{fold(found.local_part)}@{found.domain if is_same else found.ascii_domain}"


def wire_email(email: str) -> str:
    """Of a normal form, with the domain in ASCII: only for what stands before it a server may need an extension."""
    found = email_validator.validate_email(email, check_deliverability=False)
    return f"{found.local_part}@{found.ascii_domain}"
