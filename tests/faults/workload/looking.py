"""People who look: at their lists of chats, and at pages of history."""

from random import Random
from typing import Any

from tests.faults.workload.chats import Chat
from tests.faults.workload.people import Person
from tests.faults.workload.run import Run
from tests.faults.workload.sessions import Session
from tests.faults.workload.web import Request

LIST = Request("GET", "/api/chats")
LIST_AFRESH = Request("GET", "/api/chats", headers={"Cache-Control": "no-cache"})


def look_at_list(
    run: Run, person: Person, *, session: Session | None = None, afresh: bool = False
) -> tuple[str, dict[str, int]] | None:
    """The cursor, and `last_seq` by the id of the chat; None if the service does not tell."""
    request = LIST_AFRESH if afresh else LIST
    operation = person.carry_out(run, "list", request, {200}, session=session)
    told = operation.fields
    chats = {str(item["id"]): item["last_seq"] for item in told.get("items", ())}
    operation.log(cursor=told.get("cursor"), chats=chats)
    return (told["cursor"], chats) if "cursor" in told else None


def look_at_history(run: Run, rng: Random, chat: Chat) -> None:
    """A page anywhere."""
    bound, limit = rng.choice(("before", "after", "around", None)), rng.randint(1, 100)
    query = f"limit={limit}" + (f"&{bound}={int(rng.expovariate(1 / 300))}" if bound else "")
    request = Request("GET", f"/api/chats/{chat.id}/messages?{query}")
    operation = rng.choice(chat.members).carry_out(run, "history", request, {200, *chat.refusals}, chat=chat.id)
    items: list[dict[str, Any]] = operation.fields.get("items", [])
    operation.log(messages=[(item["id"], item["seq"]) for item in items])
