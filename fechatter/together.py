"""What many ask for at the same time, asked for together: who comes while a call is under way is in the next one."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from fechatter.db import seconds_left
from fechatter.errors import Unavailable

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

MOST = 32
"""In one call."""

PATIENCE = 0.05
"""Seconds after which a call that is under way holds nobody up any more: it waits for what others need not have."""


class _Turn(Generic[Asked, Answer]):
    """One who asks. `woken` is released when there is an answer or an error, or when the turn leads: the next call is
    to be made by who waits here."""

    __slots__ = ("answer", "asked", "error", "leads", "woken")

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.answer: list[Answer] = []
        self.error: Exception | None = None
        self.leads = False
        self.woken = threading.Lock()
        self.woken.acquire()

    def result(self) -> Answer:
        if self.error is not None:
            raise self.error
        return self.answer[0]


class Together(Generic[Asked, Answer]):
    """Safe for threads and for greenlets; one who asks alone waits for nobody. `carry_out` gets what some asked for, in
    the order in which they came, and returns as many answers; it runs in the thread of the first of them."""

    def __init__(self, carry_out: Callable[[list[Asked]], Sequence[Answer]], patience: float = PATIENCE) -> None:
        self.carry_out, self.patience = carry_out, patience
        self._lock = threading.Lock()
        self._waiting: deque[_Turn[Asked, Answer]] = deque()
        self._leader: _Turn[Asked, Answer] | None = None

    def ask(self, asked: Asked) -> Answer:
        """Raises what `carry_out` raised, to all whose call it was; and Unavailable when the time of who asks is up,
        or who made the call was stopped: nobody knows then what became of it."""
        turn = _Turn[Asked, Answer](asked)
        with self._lock:
            if self._leader is None:
                self._lead(turn)
            else:
                self._waiting.append(turn)
        if not turn.leads:
            self._wait(turn)
        if turn.leads:
            self._call(turn)
        return turn.result()

    def _lead(self, turn: _Turn[Asked, Answer]) -> None:
        """With the lock held."""
        turn.leads, self._leader = True, turn

    def _wait(self, turn: _Turn[Asked, Answer]) -> None:
        """Until there is a result, or the turn leads."""
        try:
            if turn.woken.acquire(timeout=self.patience):
                return
            with self._lock:
                if turn in self._waiting:
                    self._waiting.remove(turn)
                    self._lead(turn)
                    return
            if not turn.woken.acquire(timeout=max(0.0, seconds_left())):
                raise Unavailable
        except BaseException:  # also what stops a greenlet from outside
            with self._lock:
                if turn in self._waiting:
                    self._waiting.remove(turn)
            self._pass_on(turn)
            raise

    def _pass_on(self, turn: _Turn[Asked, Answer]) -> None:
        """Has the next call made, if that of this turn is the last that was."""
        with self._lock:
            if self._leader is not turn:
                return
            self._leader = None
            if not self._waiting:
                return
            following = self._waiting.popleft()
            self._lead(following)
        following.woken.release()

    def _call(self, turn: _Turn[Asked, Answer]) -> None:
        """The next call begins before this one's people go on, so that nothing stands still meanwhile."""
        with self._lock:
            batch = [turn, *(self._waiting.popleft() for _ in range(min(MOST - 1, len(self._waiting))))]
        error: Exception = Unavailable()
        try:
            for one, answer in zip(batch, self.carry_out([one.asked for one in batch]), strict=True):
                one.answer.append(answer)
        except Exception as raised:
            error = raised
        finally:
            self._pass_on(turn)
            for one in batch:
                if not one.answer:
                    one.error = error
                one.woken.release()
