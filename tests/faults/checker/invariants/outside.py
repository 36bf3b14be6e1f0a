"""6: nothing of a chat reaches who was never in it, what was there before one came is not shown as news, and behind
one's own `member.removed` nothing more comes until one is let in again."""

from tests.faults.checker.chain import ADDED, CHAT, CREATED, DELETED, KINDS, REMOVED, RESET, Chain
from tests.faults.checker.history import History
from tests.faults.checker.memberships import Seat
from tests.faults.checker.verdict import Tally


def outside(history: History) -> Tally:
    """By time: all of it was before a membership. By order: it stands behind the end of one. Nobody outside posts."""
    tally = Tally("6 nothing from outside a membership")
    for call in history.of("send", "edit"):
        if call.is_done:
            tally.checked += 1
            if history.memberships.absence((call.by, call.chat), call.began, call.ended):
                tally.broken(call.ended, "a {} of person {} in chat {} was answered {}, though it was not in that chat",
                             call.op, call.by, call.chat, call.status)  # fmt: skip
    for chain in history.chains.values():
        _Walk(history, tally, chain).go()
    return tally


class _Walk:
    """`gone`: the chats whose end the chain was told; `departed`: by chat those whose end it was told."""

    def __init__(self, history: History, tally: Tally, chain: Chain) -> None:
        self.history, self.tally, self.chain = history, tally, chain
        self.gone: set[int] = set()
        self.departed: dict[int, set[int]] = {}

    def go(self) -> None:
        by_id, lasting, gone, departed = self.history.messages.by_id, self._lasting(), self.gone, self.departed
        for time, kind, _, _, chat, subject, _, content, _ in self.chain.rows():
            if kind == CREATED and chat in lasting and chat not in gone and chat not in departed:
                # Nearly all are like this, and there are millions.
                self.tally.checked += 1
                if (message := by_id.get(subject)) and message.window.latest < lasting[chat]:
                    self._event(time, kind, chat, subject, content)
            elif kind == RESET:
                gone.clear()
                departed.clear()
            elif kind == CHAT or (kind == REMOVED and subject == self.chain.user):
                departed.pop(chat, None)
                (gone.discard if kind == CHAT else gone.add)(chat)
            elif kind >= CREATED and chat >= 0 and not KINDS[kind].startswith("chat."):
                self.tally.checked += 1
                self._event(time, kind, chat, subject, content)

    def _lasting(self) -> dict[int, float]:
        """Of chats that the person was let into and never out of again: since when."""
        absences = self.history.memberships.absences
        return {
            chat: some[0].end for (user, chat), some in absences.items() if user == self.chain.user and len(some) == 1
        }

    def _event(self, time: float, kind: int, chat: int, subject: int, content: int) -> None:
        problem = _problem(self.history, (self.chain.user, chat), kind, subject, content, chat in self.gone)
        if kind == REMOVED:
            self.departed.setdefault(chat, set()).add(subject)
        elif kind == ADDED:
            self._came(chat, subject)
        elif kind == CREATED and not problem and (there := self.departed.get(chat)):
            message = self.history.messages.by_id.get(subject)
            problem = f"its sender {message.sender} had left before" if message and message.sender in there else ""
        if problem:
            text = "chain {} (person {}) got {} of {} in chat {}: " + problem
            self.tally.broken(time, text, self.chain.number, self.chain.user, KINDS[kind], subject, chat)

    def _came(self, chat: int, user: int) -> None:
        if there := self.departed.get(chat):
            there.discard(user)
            if not there:
                del self.departed[chat]


def _problem(history: History, seat: Seat, kind: int, subject: int, content: int, gone: bool) -> str:
    """What was sent behind a removal is another invariant's concern. `chat.*` of public channels are for all."""
    absences = history.memberships.absences.get(seat)
    if absences is None:
        return "the person was never in it"
    window = history.messages.window(kind, subject, content) if kind <= DELETED else None
    absence = history.memberships.absence(seat, window.began, window.latest) if window else None
    if absence and not absence.removed:
        return "that was over before the person came in"
    return "it came behind the end of the membership" if gone and not absence else ""
