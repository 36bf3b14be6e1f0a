"""4c: a chain is told each acknowledged edit and deletion exactly once, in its place, where all of it lies within."""

from collections import Counter
from dataclasses import dataclass, field
from math import inf

from tests.faults.checker.calls import NO_TEXT
from tests.faults.checker.chain import CHAT, CREATED, DELETED, LIST, REMOVED, RESET, UPDATED, Chain
from tests.faults.checker.history import History
from tests.faults.checker.messages import Deletion, Edits
from tests.faults.checker.verdict import Tally

Change = Edits | Deletion


@dataclass
class Segment:
    """One membership of one chat, as far as one chain saw it from `start` on.

    `at`: how many of the chat's acknowledged changes are dealt with; `reached`: the latest time at which a message
    that was seen had been begun, so that whatever was acknowledged before lies before it.
    """

    start: float
    at: int = 0
    reached: float = -inf
    created: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    edited: Counter[tuple[int, int]] = field(default_factory=Counter)
    blank: Counter[int] = field(default_factory=Counter)
    deleted: Counter[int] = field(default_factory=Counter)

    def has(self, change: Change) -> bool:
        if isinstance(change, Deletion):
            return bool(self.deleted[change.message_id])
        return bool(self.edited[change.message_id, change.content] or self.blank[change.message_id])

    def holds(self, change: Change) -> bool:
        """Whether it surely lies behind the segment's start: as its message does, or by its own time."""
        return change.message_id in self.created or change.window.began > self.start


def chain_changes(history: History) -> Tally:
    changes = _acknowledged(history)
    tally = Tally("4c chains have each edit and deletion once")
    for chain in history.chains.values():
        _Walk(history, tally, changes, chain).go()
    return tally


def _acknowledged(history: History) -> dict[int, list[Change]]:
    """By chat, in the order of their acknowledgement."""
    changes: list[Change] = [*history.messages.deletions.values()]
    changes += [edits for some in history.messages.edits.values() for edits in some.values() if edits.least]
    found: dict[int, list[Change]] = {}
    for change in sorted(changes, key=_acked):
        if _acked(change) < inf:
            found.setdefault(change.chat, []).append(change)
    return found


def _acked(change: Change) -> float:
    """With several tries an edit that was answered is done by the end of the last at the latest."""
    return change.window.acked if change.window.acked < inf or isinstance(change, Deletion) else change.window.latest


class _Walk:
    def __init__(self, history: History, tally: Tally, changes: dict[int, list[Change]], chain: Chain) -> None:
        self.history, self.tally, self.changes, self.chain = history, tally, changes, chain
        self.segments: dict[int, Segment] = {}
        self.listed: dict[int, float] = {}

    def go(self) -> None:
        for time, kind, _, _, chat, subject, _, content, extra in self.chain.rows():
            if kind == CREATED:
                self._created(time, chat, subject)
            elif kind in (UPDATED, DELETED):
                self._changed(time, kind, chat, subject, content)
            elif kind == CHAT or (kind == REMOVED and subject == self.chain.user):
                self.segments.pop(chat, None)
                self.segments[chat] = Segment(time)
            elif kind == RESET:
                self.segments.clear()
                self.listed.clear()
            elif kind == LIST:
                self.listed |= dict.fromkeys(self.chain.extras[extra].chats, time)

    def _segment(self, chat: int) -> Segment:
        found = self.segments.get(chat)
        if found is None:
            found = self.segments[chat] = Segment(self.listed.get(chat, inf))
        return found

    def _created(self, time: float, chat: int, subject: int) -> None:
        segment, message = self._segment(chat), self.history.messages.by_id.get(subject)
        if subject in segment.changed:
            self._broken(time, "message {} of chat {} came behind its own change", subject, chat)
        if message:
            segment.reached = max(segment.reached, message.window.began)
        changes = self.changes.get(chat, ())
        while segment.at < len(changes) and _acked(changes[segment.at]) <= segment.reached:
            change = changes[segment.at]
            segment.at += 1
            if segment.holds(change):
                self.tally.checked += 1
                if not segment.has(change):
                    self._missed(time, change, subject)
        segment.created.add(subject)

    def _missed(self, time: float, change: Change, subject: int) -> None:
        what = "deletion" if isinstance(change, Deletion) else "edit"
        at = self.history.when(_acked(change))
        text = "the {} of message {} in chat {} (answered {}) did not come before message {}, which was begun behind it"
        self._broken(time, text, what, change.message_id, change.chat, at, subject)

    def _changed(self, time: float, kind: int, chat: int, subject: int, content: int) -> None:
        segment = self._segment(chat)
        segment.changed.add(subject)
        if kind == DELETED:
            segment.deleted[subject] += 1
            if segment.deleted[subject] > 1:
                self._broken(time, "the deletion of message {} in chat {} came twice", subject, chat)
            return
        if segment.deleted[subject]:
            self._broken(time, "message {} of chat {} was edited behind its deletion", subject, chat)
        edits = self.history.messages.edits.get(subject, {})
        if content == NO_TEXT:
            segment.blank[subject] += 1
        else:
            segment.edited[subject, content] += 1
            most = edits[content].most if content in edits else inf
            if segment.edited[subject, content] > most:
                self._broken(time, "an edit of message {} in chat {} came more often than it was sent", subject, chat)
        mine = segment.blank[subject] + sum(segment.edited[subject, one] for one in edits)
        if edits and mine > sum(one.most for one in edits.values()):
            self._broken(time, "message {} of chat {} has more edits than were sent", subject, chat)

    def _broken(self, time: float, text: str, *values: object) -> None:
        self.tally.broken(time, "on chain {} (person {}) " + text, self.chain.number, self.chain.user, *values)
