"""4a: on each chain a chat's messages come in the order of seq, each once and none left out, through all resumes."""

from tests.faults.checker.chain import CHAT, CREATED, LIST, REMOVED, RESET, Chain, Listed
from tests.faults.checker.history import History
from tests.faults.checker.verdict import Tally


def chain_order(history: History) -> Tally:
    tally = Tally("4a chains have no gap, double or disorder")
    for chain in history.chains.values():
        told = Told(chain)
        for time, kind, n, _, chat, subject, seq, _, extra in chain.rows():
            if kind == CREATED:
                tally.checked += 1
                if problem := told.message(chat, seq) or (told.is_news(chat) and _news(history, chain, subject, chat)):
                    text = "chain {} (person {}, connection {}) got message {} of chat {}: " + problem
                    tally.broken(time, text, chain.number, chain.user, n, subject, chat)
                told.next[chat] = seq + 1
            elif kind in TURNS:
                told.turn(extra, kind, chat, subject, seq)
    return tally


ANY = 2**63
TURNS = frozenset({LIST, RESET, CHAT, REMOVED})


class Told:
    """What one chain has been told so far: by chat the seq that must come `next`, or that the first is `at_most`.

    A list may hold more than the events behind its cursor, which then tell it again: so the first message after a
    list may be an older one, but none may be left out. `loose`: so many lists are still to come after resets;
    `doubtful`: which of several belongs to which reset is unclear.
    """

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        self.next: dict[int, int] = {}
        self.at_most: dict[int, int] = {}
        self.gone: set[int] = set()
        self.loose, self.doubtful = 0, False

    def message(self, chat: int, seq: int) -> str:
        """What is wrong with this seq; empty if nothing is."""
        wanted = self.next.get(chat)
        if wanted is not None:
            if seq == wanted:
                return ""
            return f"seq {seq} came where {wanted} should: " + ("a gap" if seq > wanted else "a double or disorder")
        most = self.at_most.get(chat)
        return f"seq {seq} is the first, but its list ended with {most - 1}: a gap" if most and seq > most else ""

    def is_news(self, chat: int) -> bool:
        """Whether the chain was never told that its person is in this chat."""
        known = chat in self.next or chat in self.at_most or chat in self.gone
        return not known and not self.loose

    def last(self, chat: int) -> int | None:
        """The last seq that the chain has or needs not have; None for a chat that it does not think to be in."""
        known = self.next.get(chat, self.at_most.get(chat))
        return None if known is None else known - 1

    def turn(self, extra: int, kind: int, chat: int, subject: int, seq: int) -> None:
        if kind == LIST:
            self._listed(self.chain.extras[extra])
        elif kind == RESET:
            self._forget(self.next, self.at_most, self.gone)
            self.doubtful = self.loose > 0
            self.loose += 1
        elif kind == CHAT:
            self.gone.discard(chat)
            self._begin(chat, seq)
        elif subject == self.chain.user:
            self.next.pop(chat, None)
            self.at_most.pop(chat, None)
            self.gone.add(chat)

    def _listed(self, listed: Listed) -> None:
        self.loose = max(0, self.loose - 1)
        if self.loose:
            return
        for chat, last in listed.chats.items():
            if chat not in self.next and chat not in self.gone:
                self.at_most[chat] = ANY if self.doubtful else last + 1
        self.doubtful = False

    def _begin(self, chat: int, last: int) -> None:
        """An event that lets one in says where the chat then was, exactly."""
        self.at_most.pop(chat, None)
        self.next.pop(chat, None)
        if last >= 0:
            self.next[chat] = last + 1
        else:
            self.at_most[chat] = ANY

    @staticmethod
    def _forget(*known: dict[int, int] | set[int]) -> None:
        for some in known:
            some.clear()


def _news(history: History, chain: Chain, subject: int, chat: int) -> str:
    """That the person is in the chat at all is another invariant's concern."""
    message = history.messages.by_id.get(subject)
    if message is None:
        return ""
    absence = history.memberships.absence((chain.user, chat), message.window.began, message.window.latest)
    return "" if absence else "the chain was never told that its person is in that chat"
