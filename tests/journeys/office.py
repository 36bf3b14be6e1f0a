"""A workspace in which every screen of the web client has something to show, long and odd things among it."""

from typing import Any, NamedTuple

from tests.journeys.people import Person

LONG = "Wolfeschlegelsteinhausenbergerdorff-Oberhuber-Antonopoulos"

MARKDOWN = """\
## What is left
1. The *CSV export*, see [the plan](https://example.org/plan)
2. ~~The invoice mail~~ **done**

> Nothing is lost and nothing comes twice.

```
select * from invoices where due_at < now() and paid_at is null and reminded_at is null order by due_at limit 100
```
| day | who |
| --- | --- |
| Friday | `ana` |"""


class Place(NamedTuple):
    """Where the tour leads; `invite` is a token that lets somebody in, `lone` a channel that the visitor is not in."""

    workspace: int
    chat: int
    direct: int
    lone: int
    invite: str


def furnish(owner: Person, other: Person, workspace: int, chat: int) -> Place:
    """Puts something into the lists that are empty else: reports, suspensions, invitations, tokens, blocks."""
    said = other.say(chat, MARKDOWN)
    answer = owner.say(chat, "👍", reply_to=said["id"])
    other.post(f"/messages/{answer['id']}/reports", {"reason": "Too short."}, 201)
    owner.post(f"/messages/{said['id']}/reports", {"reason": "Too long, and the table is not straight."}, 201)
    owner.post("/auth/tokens", {"name": "The build", "scopes": ["read", "write"]}, 201)
    invite = owner.post(f"/workspaces/{workspace}/invites", {"role": "member", "max_uses": 10}, 201)
    direct = owner.make_chat(workspace, "single", None, other)["id"]
    lone = other.make_chat(workspace, "public_channel", "reading club")["id"]
    return Place(workspace, chat, direct, lone, invite["token"])


def suspend(owner: Person, workspace: int, someone: Person) -> None:
    owner.bring_in(workspace, someone)
    owner.post("/users/me/blocks", {"user_id": someone.id}, 201)
    owner.post(f"/workspaces/{workspace}/suspensions", {"user_id": someone.id, "reason": "Advertising."}, 201)


def an_office(sign_up: Any) -> tuple[Person, Place]:
    """Of its own people; the first is its owner."""
    ann, bob, guest = sign_up("Ann", "Acme"), sign_up("Bob"), sign_up("Mallory")
    ann.patch("/users/me", {"name": f"Ann {LONG}"})
    workspace = ann.workspace()["id"]
    ann.bring_in(workspace, bob)
    suspend(ann, workspace, guest)
    chat = ann.make_chat(workspace, "public_channel", "general", bob)["id"]
    ann.patch(f"/chats/{chat}", {"topic": "Everybody, everything, " + "and a topic without an end, " * 12})
    for number in range(20):
        ann.make_chat(workspace, "private_channel", f"project {number} " + "long name " * (number % 7), bob)
    ann.make_chat(workspace, "group", None, bob)
    for text in ("Good morning", "🎉", "🎉🎉🎉", "صباح الخير يا فريق", "w" * 400, "two\nlines", LONG * 3):
        bob.say(chat, text)
        ann.say(chat, text)
    gone = bob.say(chat, "not meant so")
    bob.delete(f"/messages/{gone['id']}")
    changed = ann.say(chat, "a tpyo")
    ann.patch(f"/messages/{changed['id']}", {"content": "a typo"})
    return ann, furnish(ann, bob, workspace, chat)
