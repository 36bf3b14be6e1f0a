"""The people, each with some sign-ins, who carry out operations as careful clients do."""

from collections.abc import Collection
from typing import Any

from gevent.lock import RLock

from tests.faults.workload.layout import email_of
from tests.faults.workload.operations import Operation
from tests.faults.workload.run import Run
from tests.faults.workload.sessions import Session, renew, sign_in
from tests.faults.workload.web import Request


class Person:
    """`sessions` are those that may still live."""

    def __init__(self, number: int) -> None:
        self.number, self.id, self.email = number, 0, email_of(number)
        self.sessions: list[Session] = []
        self.lock = RLock()

    def session(self, run: Run) -> Session:
        """Any that lives; a new one if there is none."""
        with self.lock:
            return run.jitter.choice(self.sessions) if self.sessions else sign_in(run, self)

    def carry_out(
        self,
        run: Run,
        name: str,
        request: Request,
        expected: Collection[int],
        *,
        session: Session | None = None,
        repeats: bool = True,
        **fields: Any,
    ) -> Operation:
        """Tries until an answer is clear, with any session or only this one; the caller has to log it."""
        operation = Operation(run, name, self.id, repeats=repeats, **fields)
        for web in operation.tries():
            used = session or self.session(run)
            token = used.access
            answer = operation.ask(web, request, used, expected, token)
            if answer.status == 401 and not renew(run, used, token) and session:
                break
        return operation
