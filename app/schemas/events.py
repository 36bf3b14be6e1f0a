"""The events of the stream: one schema for each type that `fechatter/events.py` knows, so that none is forgotten."""

from collections.abc import Callable, Mapping

from apispec import APISpec
from marshmallow import Schema, fields

from app.schemas.chats import CHAT_ROLES, SharedChatSchema
from app.schemas.fields import LARGEST_ID, AnswerSchema, Id, Instant, OneOf, Whole
from app.schemas.messages import MessageSchema
from app.schemas.workspaces import WORKSPACE_ROLES, SharedWorkspaceSchema
from fechatter import events

Fields = Mapping[str, fields.Field]

ANY_EVENT: Fields = {
    "workspace_id": Id(required=True),
    "actor_id": Id(required=True, metadata={"description": "Who did it."}),
    "at": Instant(required=True),
}
CHAT: Fields = {"chat_id": Id(required=True)}
USER: Fields = {"user_id": Id(required=True)}
CURSOR = fields.String(required=True, metadata={"description": "A place in the stream."})

SAYS: Mapping[type[events.Event], Fields] = {
    events.MessageEvent: {**CHAT, "message": fields.Nested(MessageSchema, required=True)},
    events.ChatEvent: {**CHAT, "chat": fields.Nested(SharedChatSchema, required=True)},
    events.MemberEvent: {
        **CHAT,
        **USER,
        "role": OneOf(*CHAT_ROLES, required=True, allow_none=True, metadata={"description": "null of who is out."}),
        "member_count": Whole(0, LARGEST_ID, required=True),
    },
    events.ReadUpdated: {**CHAT, "last_read_seq": Whole(0, LARGEST_ID, required=True)},
    events.WorkspaceEvent: {"workspace": fields.Nested(SharedWorkspaceSchema, required=True)},
    events.WorkspaceMemberEvent: {
        **USER,
        "role": OneOf(
            *WORKSPACE_ROLES, required=True, allow_none=True, metadata={"description": "null of who is out."}
        ),
    },
}
"""What the events of each family have beyond `ANY_EVENT`."""

PASSING: Mapping[str, Fields] = {
    "typing": {**CHAT, **USER},
    "presence": {**USER, "state": OneOf("online", "offline", required=True)},
}

OF_THE_STREAM: Mapping[str, Fields] = {
    "ready": {
        **USER,
        "cursor": fields.String(
            required=True, allow_none=True, metadata={"description": "Where it starts; null: a `reset` follows."}
        ),
    },
    "reset": {"cursor": CURSOR},
    "bye": {"reason": OneOf("signed_out", "revoked", "expired", "restart", required=True)},
}
"""What tells of the stream itself; these have no `type` but that of the `event:` line."""


def event_schemas() -> dict[str, type[Schema]]:
    """By type, those that have one in their data. Raises StopIteration for an event of a family without a schema."""
    kinds = [kind for kind in vars(events).values() if isinstance(kind, type) and issubclass(kind, events.Event)]
    recorded = [kind for kind in kinds if "type" in vars(kind)]
    says = {kind.type: next(SAYS[family] for family in kind.__mro__ if family in SAYS) for kind in recorded}
    # This one is said by fechatter/actions/post_message.sql.
    says = {"message.created": SAYS[events.MessageEvent]} | says | PASSING
    return {
        type_: _schema(type_, {"type": OneOf(type_, required=True), **ANY_EVENT, **own}) for type_, own in says.items()
    }


def component(type_: str) -> str:
    """The name of its schema: `WorkspaceMemberAddedEvent`."""
    return "".join(word.capitalize() for word in type_.replace("_", ".").split(".")) + "Event"


def _schema(type_: str, has: Fields) -> type[Schema]:
    make: Callable[..., type[Schema]] = AnswerSchema.from_dict
    return make(dict(has), name=component(type_))


def describe_events(spec: APISpec) -> None:
    """Adds the events' schemas, `Event` (any of those with a `type`), and `StreamEvent` (whatever a stream sends)."""
    typed = event_schemas()
    own = {type_: _schema(type_, has) for type_, has in OF_THE_STREAM.items()}
    for type_, schema in {**typed, **own}.items():
        spec.components.schema(component(type_), schema=schema)
    places = {type_: f"#/components/schemas/{component(type_)}" for type_ in (*typed, *own)}
    known = {type_: places[type_] for type_ in typed}
    spec.components.schema(
        "Event",
        {
            "description": "Types will be added: ignore those that you do not know.",
            "oneOf": [{"$ref": place} for place in known.values()],
            "discriminator": {"propertyName": "type", "mapping": known},
        },
    )
    rest = [{"$ref": places[type_]} for type_ in own]
    spec.components.schema("StreamEvent", {"anyOf": [{"$ref": "#/components/schemas/Event"}, *rest]})
