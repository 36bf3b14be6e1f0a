"""13b: a chat list holds the person's chats, with what was acknowledged (30 s ago, as it may be kept) and no more than
what had been begun."""

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from tests.faults.checker.chain import LIST
from tests.faults.checker.history import History
from tests.faults.checker.verdict import Tally

KEPT = 30.0 + 15.0
"""Seconds for which a list may be kept, and that it may have taken to read it."""


class Read(NamedTuple):
    what: str
    user: int
    began: float
    ended: float
    chats: dict[int, int]


def lists(history: History) -> Tally:
    """Counted are the chats on all lists."""
    tally, bounds = Tally("13b chat lists agree with the history"), _Bounds(history)
    for read in _reads(history):
        tally.checked += len(read.chats)
        for problem in bounds.problems(history, read):
            tally.broken(read.ended, "{} of person {}: {}", read.what, read.user, problem)
    return tally


def _reads(history: History) -> Iterator[Read]:
    for call in history.of("list"):
        if call.is_done:
            chats = {int(chat): last for chat, last in (call.more.get("chats") or {}).items()}
            yield Read("a list", call.by, call.began, call.ended, chats)
    for chain in history.chains.values():
        if chain.opened:
            for row in chain.of(LIST):
                # When it was asked for stands nowhere; longer ago than that no client waits.
                began = row.time - KEPT
                chats = chain.noted(row).chats
                yield Read(f"the list of chain {chain.number}", chain.user, began, row.time, chats)
    # They were read one after the other, at some time behind the drain.
    drained = history.drained.ended if history.drained else history.end
    for user, chats in history.final.lists.items():
        yield Read("the list at the end", user, drained, history.final.time, chats)


class _Bounds:
    """By chat the highest seq acknowledged, and begun, at any time; by person the chats that it was ever let into."""

    def __init__(self, history: History) -> None:
        acked: dict[int, list[tuple[float, int]]] = {}
        began: dict[int, list[tuple[float, int]]] = {}
        for message in history.messages.by_id.values():
            began.setdefault(message.chat, []).append((message.window.began, message.seq))
            acked.setdefault(message.chat, []).append((message.window.acked, message.seq))
        self.chats_of: dict[int, set[int]] = {}
        for user, chat in history.memberships.begun:
            self.chats_of.setdefault(user, set()).add(chat)
        self.acked = {chat: Steps(some) for chat, some in acked.items()}
        self.began = {chat: Steps(some) for chat, some in began.items()}

    def problems(self, history: History, read: Read) -> Iterator[str]:
        oldest = read.began - KEPT
        for chat, last in read.chats.items():
            least = self.acked[chat].at(oldest) if chat in self.acked else 0
            most = self.began[chat].at(read.ended) if chat in self.began else 0
            if not least <= last <= most:
                yield f"chat {chat} has last_seq {last}; {least} was answered {KEPT:.0f} s before, {most} begun by then"
            if history.memberships.absence((read.user, chat), oldest, read.ended):
                yield f"chat {chat} is in it, but not the person in that chat"
        for chat in self.chats_of.get(read.user, set()).difference(read.chats):
            if history.memberships.is_surely_in((read.user, chat), oldest, read.ended):
                yield f"chat {chat} is missing"


class Steps:
    """The highest seq up to a time."""

    def __init__(self, steps: list[tuple[float, int]]) -> None:
        steps.sort()
        self.times = [time for time, _ in steps]
        self.highest: list[int] = []
        for _, seq in steps:
            self.highest.append(max(seq, self.highest[-1]) if self.highest else seq)

    def at(self, time: float) -> int:
        index = bisect_right(self.times, time)
        return self.highest[index - 1] if index else 0
