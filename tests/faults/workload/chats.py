"""The chats, and who is in them as far as the workload knows."""

from dataclasses import dataclass, field
from typing import Any

from tests.faults.workload.people import Person

KINDS = ("group", "public_channel", "private_channel", "single")
REFUSED = frozenset({403, 404})
"""What one is told who is not, or no longer, in a chat."""


@dataclass
class Chat:
    """`owner` stays in it. `outside` are those who may come in; `busy` those whose coming or going is under way."""

    id: int
    type: str
    owner: Person
    members: list[Person]
    outside: list[Person] = field(default_factory=list)
    changes: bool = False
    busy: set[int] = field(default_factory=set)

    @property
    def refusals(self) -> frozenset[int]:
        """What a member's call may be refused with: only where people come and go."""
        return REFUSED if self.changes else frozenset()

    def let_in(self, person: Person) -> None:
        if person in self.outside:
            self.outside.remove(person)
            self.members.append(person)

    def let_out(self, person: Person) -> None:
        if person in self.members:
            self.members.remove(person)
            self.outside.append(person)


def message_of(fields: dict[str, Any]) -> dict[str, Any] | None:
    """What the history keeps of a message; None if the answer holds none."""
    kept = ("id", "seq", "created_at", "content")
    return {name: fields[name] for name in kept} if all(name in fields for name in kept) else None
