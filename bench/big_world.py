"""A large world in the form that the product leaves behind: who is where, and how far each chat has come."""

from collections.abc import Sequence
from dataclasses import dataclass

HOT_SHARE = 10
"""Chat 1, the hot one, gets each tenth message; all others get as many as one another."""


@dataclass(frozen=True)
class Size:
    """`rooms` and `people` are those of one workspace; each person is in `each` of its rooms, evenly.

    `messages` is at least how many there are. `crowds`: how many more people are in chats 1, 2 and so on, and in
    nothing else but the workspace.
    """

    messages: int
    workspaces: int
    rooms: int
    people: int
    each: int
    crowds: Sequence[int] = ()


class BigWorld:
    """Workspaces, chats and people go by numbers from 1 on; a person's session has the person's number.

    Workspaces take turns: chat 1 is in workspace 1, chat 2 in workspace 2. So do the people.
    """

    def __init__(self, size: Size) -> None:
        self.size = size
        self.workspaces = range(1, size.workspaces + 1)
        self.chats = range(1, size.workspaces * size.rooms + 1)
        self.people = range(1, size.workspaces * size.people + 1)
        self.crowd = range(self.people.stop, self.people.stop + max(size.crowds, default=0))
        self.regulars: dict[int, list[int]] = {chat: [] for chat in self.chats}
        for person in self.people:
            for chat in self.chats_of(person):
                self.regulars[chat].append(person)
        self.turns = _turns(len(self.chats))
        self.hot = self.turns.count(1)
        self.rounds = -(-size.messages // len(self.turns))

    @property
    def messages(self) -> int:
        return self.rounds * len(self.turns)

    def workspace_of(self, number: int) -> int:
        """Of a chat, or of a person who is not of a crowd."""
        return (number - 1) % self.size.workspaces + 1

    def chats_of(self, person: int) -> list[int]:
        """All in the person's workspace; of a person who is not of a crowd."""
        workspace, place = self.workspace_of(person), (person - 1) // self.size.workspaces
        rooms = ((place + step) % self.size.rooms for step in range(self.size.each))
        return [room * self.size.workspaces + workspace for room in rooms]

    def crowd_of(self, chat: int) -> range:
        return self.crowd[: self.size.crowds[chat - 1]] if chat <= len(self.size.crowds) else range(0)

    def guests_of(self, workspace: int) -> range:
        """Who is there only for the crowd of one of its chats."""
        chats = range(workspace, len(self.size.crowds) + 1, self.size.workspaces)
        return max((self.crowd_of(chat) for chat in chats), key=len, default=range(0))

    def members(self, chat: int) -> list[int]:
        """The first of them owns it."""
        return [*self.regulars[chat], *self.crowd_of(chat)]

    def writers(self, chat: int) -> list[int]:
        """The first half of those who are not of the crowd, who write in turn; the others only read."""
        regulars = self.regulars[chat]
        return regulars[: max(1, len(regulars) // 2)]

    def last_seq(self, chat: int) -> int:
        return self.rounds * (self.hot if chat == 1 else 1)

    def sender(self, chat: int, seq: int) -> int:
        writers = self.writers(chat)
        return writers[seq % len(writers)]

    def last_read_seq(self, chat: int, person: int) -> int:
        """Up to 99 unread, but never before one's own last message."""
        last, writers = self.last_seq(chat), self.writers(chat)
        read = last - (31 * person + 17 * chat) % 100
        if person in writers:
            read = max(read, last - (last - writers.index(person)) % len(writers))
        return max(read, 0)


def _turns(chats: int) -> list[int]:
    """In which chats one round of messages is: all of them once, and the hot one before each nine others."""
    turns = []
    others = range(2, chats + 1)
    for first in range(0, max(len(others), 1), HOT_SHARE - 1):
        turns += [1, *others[first : first + HOT_SHARE - 1]]
    return turns
