"""Who is at the terminal: by a remembered session, by a password, or not any more."""

import argparse
import getpass
import os
import sys

from client.api import Api, Refused, SessionOver
from client.memory import Session, remembered
from client.screen import Screen

HINTS = {
    "bad_credentials": " (bin/chat --sign-up NAME makes an account)",
    "email_taken": " Without --sign-up you sign in to it.",
}


class Unclear(Exception):
    """The command line does not say enough; the message says what is missing."""


def signed_in(api: Api, options: argparse.Namespace, screen: Screen) -> None:
    """By the remembered session, else by what the person says. Raises Refused, Unclear, or EOFError at Ctrl-D."""
    session = None if options.sign_up else _session(api, options.email)
    if session:
        try:
            return api.resume(session)
        except SessionOver as over:
            print(over, "Sign in again.", file=sys.stderr)
    email = options.email or (session.email if session else _asked_email(screen))
    try:
        if options.sign_up:
            _sign_up(api, email, options, screen)
        else:
            api.sign_in(email, _password(email))
    except Refused as no:
        raise Refused(no.status, no.code, f"{no}{HINTS.get(no.code, '')}") from no


def sign_out(api: Api, options: argparse.Namespace) -> str:
    """Ends the remembered session; what there is to say of it. Raises Unclear if there is none."""
    session = _session(api, options.email)
    if session is None:
        whose = f" of {options.email}" if options.email else ""
        raise Unclear(f"No session{whose} at {api.server} is remembered, so there is nothing to sign out of.")
    try:
        api.resume(session)
        api.sign_out()
    except SessionOver:
        return f"The session of {session.email} had ended already; it is forgotten now."
    return f"{session.email} is signed out."


def _session(api: Api, email: str) -> Session | None:
    """The remembered one of this e-mail, or the only one."""
    known = remembered(api.server)
    if not email and len(known) > 1:
        choices = "".join(f"\n  --email {one}" for one in known)
        raise Unclear(f"Several people are signed in at {api.server} here. Say whose session it is:{choices}")
    chosen = email.casefold() or next(iter(known), "")
    return Session(api.server, chosen) if chosen in known else None


def _asked_email(screen: Screen) -> str:
    while (email := screen.ask(lambda: "E-mail: ")) is not None:
        if email.strip():
            return email.strip()
    raise EOFError


def _password(email: str) -> str:
    """FECHATTER_PASSWORD, else asked for without showing it."""
    return os.environ.get("FECHATTER_PASSWORD") or getpass.getpass(f"Password of {email}: ")


def _sign_up(api: Api, email: str, options: argparse.Namespace, screen: Screen) -> None:
    """Whoever types a password that is not good enough is asked for another."""
    while True:
        password = _new_password(email, screen)
        try:
            return api.sign_up(email, password, options.sign_up, options.workspace, options.invite)
        except Refused as no:
            if list(no.fields) != ["password"] or not _is_typed(screen):
                raise
            print(no, file=sys.stderr)


def _is_typed(screen: Screen) -> bool:
    return screen.is_terminal and not os.environ.get("FECHATTER_PASSWORD")


def _new_password(email: str, screen: Screen) -> str:
    """Typed twice at a terminal, since nobody sees what is typed; taken as it comes from a program."""
    while True:
        password = _password(email)
        if not _is_typed(screen):
            return password
        if getpass.getpass("The same password again: ") == password:
            return password
        print("Those were two different passwords. Choose one, and type it twice.", file=sys.stderr)
