"""Sends what waits in `mails`: each is claimed before and crossed off after, so that no two workers send one at once.

A claim is a promise for a time: it puts off the next attempt and counts this one before anything is tried, so that a
mail during which the process dies is tried again, but not for ever. Who gets it, and whether anybody does, is found
out here, out of sight of whoever asked.
"""

import logging
import secrets
from hashlib import sha256

from sqlalchemy import Connection, Engine, RowMapping, text

from fechatter.mail.delivery import Deliver, Refused
from fechatter.mail.texts import KINDS, Kind, compose
from fechatter.retention import Budget, run

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 8
FIRST_PAUSE = 30
"""Seconds after the first failure; twice as many after each further one, an hour in all."""

CLAIM = 300
"""Seconds for which nobody else tries: longer than any talk with a server takes."""

TOKEN_BYTES = 32

DUE = """
UPDATE mails SET attempts = attempts + 1, due_at = now() + make_interval(secs => :claim)
 WHERE id = (SELECT id FROM mails WHERE due_at <= now() AND attempts < :most AND created_at > now() - interval '1 day'
              ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, kind, email, facts, attempts
"""

BY_ADDRESS = "SELECT id, email, email_key FROM users WHERE email_key = :key"
BY_ID = """
SELECT id, email, email_key FROM users WHERE id = :id AND (email_verified_at IS NULL OR :kind <> 'verify')
"""

VOID = "DELETE FROM mailed_tokens WHERE user_id = :user AND purpose = :purpose"
KEEP = """
INSERT INTO mailed_tokens (hash, user_id, purpose, email_key, expires_at)
VALUES (:hash, :user, :purpose, :key, now() + make_interval(secs => :lifetime))
"""

LATER = "UPDATE mails SET due_at = now() + make_interval(secs => :pause) WHERE id = :id"
GIVE_UP = "UPDATE mails SET attempts = :most WHERE id = :id"
DONE = "DELETE FROM mails WHERE id = :id"


def send_due(engine: Engine, deliver: Deliver, sender: str, url: str, budget: Budget) -> int:
    """All that are due, one after the other; the number of mails that left. `url` is web's public one."""
    sent = 0
    while not budget.is_spent and (mail := _claim(engine)) is not None:
        sent += _send(engine, deliver, sender, url, mail)
    return sent


def _claim(engine: Engine) -> RowMapping | None:
    with engine.begin() as connection:
        return connection.execute(text(DUE), {"claim": CLAIM, "most": MOST_ATTEMPTS}).mappings().one_or_none()


def _send(engine: Engine, deliver: Deliver, sender: str, url: str, mail: RowMapping) -> bool:
    if (kind := KINDS.get(mail["kind"])) is None:
        return False  # of a newer version, whose workers are about to come
    if (addressed := _address(engine, kind, mail)) is None:
        run(engine, DONE, {"id": mail["id"]})
        return False
    to, token = addressed
    try:
        deliver(f"{mail['id']:08}-{mail['kind']}", compose(kind, sender, to, url, token))
    except Refused as no:
        log.warning("mail %d (%s) was refused: %s", mail["id"], mail["kind"], no)
        run(engine, GIVE_UP, {"id": mail["id"], "most": MOST_ATTEMPTS})
        return False
    except OSError as error:
        log.warning("mail %d (%s) did not leave, attempt %d: %s", mail["id"], mail["kind"], mail["attempts"], error)
        run(engine, LATER, {"id": mail["id"], "pause": FIRST_PAUSE * 2 ** (mail["attempts"] - 1)})
        return False
    run(engine, DONE, {"id": mail["id"]})
    return True


def _address(engine: Engine, kind: Kind, mail: RowMapping) -> tuple[str, str] | None:
    """Where it goes and the token in it, None if there is nobody to get it. The token is good from here on."""
    # Only where there is a mail: the library for addresses is not for a worker that has none.
    from fechatter.emails import wire_email

    user_id = mail["facts"].get("user_id")
    with engine.begin() as connection:
        if user_id is None:
            found = connection.execute(text(BY_ADDRESS), {"key": mail["email"]}).one_or_none()
        else:
            found = connection.execute(text(BY_ID), {"id": user_id, "kind": mail["kind"]}).one_or_none()
        if found is None:
            return None
        token = _make_token(connection, kind, found.id, found.email_key) if kind.purpose else ""
    # To the address that the account has, not to what somebody typed, which may only look like it.
    return wire_email(found.email), token


def _make_token(connection: Connection, kind: Kind, user_id: int, key: str) -> str:
    """Voids the older ones of its purpose."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    whose = {"user": user_id, "purpose": kind.purpose}
    # Two at once would each miss the other's.
    connection.execute(text("SELECT FROM users WHERE id = :user FOR NO KEY UPDATE"), whose)
    connection.execute(text(VOID), whose)
    hashed = sha256(token.encode()).digest()
    connection.execute(text(KEEP), whose | {"hash": hashed, "key": key, "lifetime": kind.lifetime})
    return token
