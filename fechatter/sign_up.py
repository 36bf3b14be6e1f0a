"""Who may sign up: the operator's policy, as SIGN_UP says it."""

from typing import NamedTuple

from fechatter.errors import Forbidden

MODES = ("open", "invited", "domains", "closed")


class SignUp(NamedTuple):
    """`domains`: of which an address may be, each in its normal form; the account proves it before it signs in."""

    mode: str = "open"
    domains: frozenset[str] = frozenset()

    @property
    def checks_addresses(self) -> bool:
        return self.mode == "domains"

    def check(self, email: str, invited: bool) -> None:
        """`invited`: whether an invitation was shown; whether it stands is for who uses it to say.

        Raises Forbidden, before anything is looked up: the answer cannot depend on who has an account.
        """
        if self.mode == "closed":
            raise Forbidden("sign_up_closed", "Nobody can sign up here; whoever runs this makes the accounts.")
        if self.mode == "invited" and not invited:
            raise invite_needed()
        if self.mode == "domains" and _domain(email) not in self.domains:
            raise Forbidden("domain_not_allowed", "Only addresses of certain domains can sign up here.")


def invite_needed() -> Forbidden:
    return Forbidden("invite_needed", "Signing up here takes an invitation that still stands.")


def read_sign_up(text: str) -> SignUp | None:
    """`open`, `invited`, `closed`, or `domains:example.org,other.net`; None of anything else."""
    mode, colon, listed = text.partition(":")
    if mode not in MODES or (mode == "domains") != bool(colon):
        return None
    if not colon:
        return SignUp(mode)
    domains = [_normal(domain.strip().removeprefix("@")) for domain in listed.split(",")]
    return SignUp(mode, frozenset(filter(None, domains))) if all(domains) else None


def _normal(domain: str) -> str:
    """Empty if it is none."""
    # Only where it is asked for: the library for addresses is for the door that takes them.
    from fechatter.emails import normal_email

    return _domain(f"x@{domain}") if normal_email(f"x@{domain}") else ""


def _domain(email: str) -> str:
    from fechatter.emails import email_key

    return email_key(email).rpartition("@")[2]
