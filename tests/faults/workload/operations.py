"""One operation with all its tries, as it will stand in calls.jsonl."""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

import gevent

from tests.faults.workload.history import now
from tests.faults.workload.run import Run
from tests.faults.workload.web import Answer, Request, Web

if TYPE_CHECKING:
    from tests.faults.workload.sessions import Session

LONGEST_TRY = 8.0
LONGEST = 30.0
PAUSES = (0.0, 0.3, 1.0, 2.5, 5.0, 8.0)
"""Seconds before each try."""

ALWAYS_EXPECTED = frozenset({401, 503})


class Operation:
    """`repeats` says whether it may be tried again when nobody knows what became of the last try."""

    def __init__(self, run: Run, name: str, by: int, *, repeats: bool = True, **fields: Any) -> None:
        self.run, self.repeats = run, repeats
        self.line: dict[str, Any] = {"op": name, "by": by, "session": None, **fields}
        self.answers: list[Answer] = []
        self.unexpected: str | None = None

    def ask(
        self,
        web: Web,
        request: Request,
        session: "Session | None",
        expected: Collection[int],
        token: str | None = None,
        seconds: float = LONGEST_TRY,
    ) -> Answer:
        """One try."""
        answer = web.ask(request, token, seconds)
        self.answers.append(answer)
        self.line["session"] = session.id if session else None
        if answer.status not in (None, *expected, *ALWAYS_EXPECTED):
            self.unexpected = f"{answer.status} {answer.fields.get('code')}"
        return answer

    @property
    def status(self) -> int | None:
        """The last one; None if there was no answer at all."""
        return next((answer.status for answer in reversed(self.answers) if answer.status is not None), None)

    @property
    def fields(self) -> dict[str, Any]:
        """Of the last answer, if that was a success."""
        last = self.answers[-1]
        return last.fields if last.status in (200, 201) else {}

    @property
    def is_clear(self) -> bool:
        """Whether each try is known to have been carried out or not."""
        return all(answer.is_clear for answer in self.answers)

    @property
    def may_go_on(self) -> bool:
        last = self.answers[-1]
        if last.status is None or last.status >= 500:
            return self.repeats or last.is_clear
        return last.status == 401

    def tries(self) -> Iterator[Web]:
        """The web for each try, at its time; another one than the last."""
        web, until = None, now() + LONGEST
        for pause in PAUSES:
            if pause:
                gevent.sleep(pause * self.run.jitter.uniform(0.7, 1.3))
            if now() > until:
                return
            web = self.run.another_web(web)
            yield web
            if not self.may_go_on:
                return

    def log(self, **more: Any) -> None:
        """Writes the line; `more` is what only the answer could tell."""
        tries = [(answer.began, answer.ended, answer.status, answer.web) for answer in self.answers]
        times = {"began": tries[0][0], "ended": tries[-1][1], "status": self.status, "tries": tries}
        unexpected = {"unexpected": self.unexpected} if self.unexpected else {}
        self.run.history.call(self.line | times | more | unexpected)
