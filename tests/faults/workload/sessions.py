"""A person's sign-ins: beginning one, renewing its tokens, ending it."""

from base64 import urlsafe_b64decode
from typing import TYPE_CHECKING

import gevent
import orjson
from gevent.lock import RLock

from tests.faults.workload.history import now
from tests.faults.workload.layout import PASSWORD
from tests.faults.workload.operations import Operation
from tests.faults.workload.run import Run
from tests.faults.workload.web import Request

if TYPE_CHECKING:
    from tests.faults.workload.people import Person

LONGEST_REFRESH = 4.0
"""Seconds for a try: a spent token is good for 10 s more, in which the answer that was lost can be had again."""

SOONEST = 3.0
"""Seconds after which new tokens that are refused are renewed again: while a clock is wrong that does not help."""


class Session:
    """`ended` once that is known: signed out by us, or refused by the service."""

    def __init__(self, person: "Person", access: str, refresh_token: str) -> None:
        self.person, self.id = person, session_of(access)
        self.access, self.refresh_token = access, refresh_token
        self.ended, self.renewed_at = False, now()
        self.lock = RLock()
        person.sessions.append(self)

    def end(self) -> None:
        if not self.ended:
            self.ended = True
            self.person.sessions.remove(self)


def session_of(access: str) -> int:
    """The id that an access token names."""
    claims = access.split(".")[1]
    return int(orjson.loads(urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["sid"])


def begun(person: "Person", operation: Operation) -> Session | None:
    """The session that the answer to a sign-up or sign-in has begun, if it has; who that is, is known from then on."""
    answer = operation.fields
    if not answer:
        return None
    person.id = answer["user"]["id"]
    return Session(person, answer["access_token"], answer["refresh_token"])


def sign_in(run: Run, person: "Person") -> Session:
    """Goes on until it has worked."""
    request = Request("POST", "/api/auth/signin", {"email": person.email, "password": PASSWORD})
    while True:
        operation = Operation(run, "signin", person.id)
        for web in operation.tries():
            operation.ask(web, request, None, {200})
        session = begun(person, operation)
        operation.log(by=person.id, new_session=session.id if session else None)
        if session:
            return session
        gevent.sleep(1)


def renew(run: Run, session: Session, stale: str) -> bool:
    """Answers a 401 to the token `stale`; whether the session still lives."""
    with session.lock:
        if session.ended:
            return False
        if session.access == stale and now() - session.renewed_at > SOONEST:
            refresh(run, session)
        return not session.ended


def refresh(run: Run, session: Session) -> None:
    """Exchanges the refresh token; if it is refused the session has ended."""
    with session.lock:
        if session.ended:
            return
        request = Request("POST", "/api/auth/refresh", {"refresh_token": session.refresh_token})
        operation = Operation(run, "refresh", session.person.id)
        for web in operation.tries():
            answer = operation.ask(web, request, session, {200}, seconds=LONGEST_REFRESH)
            if answer.status == 401:
                session.end()
                break
        if pair := operation.fields:
            session.access, session.refresh_token = pair["access_token"], pair["refresh_token"]
            session.renewed_at = now()
        operation.log()


def sign_out(run: Run, session: Session) -> None:
    """Goes on until it is known to have ended, each time as an operation of its own."""
    while not session.ended:
        operation = session.person.carry_out(
            run, "signout", Request("POST", "/api/auth/signout"), {204}, session=session, repeats=False
        )
        operation.log()
        if operation.status == 204:
            session.end()
        else:
            gevent.sleep(1)
