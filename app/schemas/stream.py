"""How the event stream is described: what opens it, and what comes. Notify reads and answers all this, not we."""

from typing import Any

from marshmallow import fields

from app.schemas.fields import StrictSchema


class StreamQuery(StrictSchema):
    cursor = fields.String(
        metadata={
            "description": "Where to begin: the stream goes on right behind that place. Without one, from now on."
        }
    )
    ticket = fields.String(
        metadata={"description": "Of `POST /api/notifications/tickets`, instead of `Authorization`; good once."}
    )


class StreamHeaders(StrictSchema):
    last_event_id = fields.String(
        data_key="Last-Event-ID",
        metadata={"description": "The cursor of the last event that was handled; it wins over `cursor`."},
    )


ANSWERS: dict[str, dict[str, Any]] = {
    "200": {
        "description": "From notify: the stream. Each event has `event:` (its type), one `data:` line of JSON, and an"
        " `id:` (its cursor) if it is lasting.",
        "content": {
            "text/event-stream": {
                "schema": {
                    "type": "string",
                    "description": "Each `data:` line is a `StreamEvent`.",
                    "contentMediaType": "text/event-stream",
                    "contentSchema": {"$ref": "#/components/schemas/StreamEvent"},
                },
                "example": 'event: ready\ndata: {"user_id":4,"cursor":"1.3-toy74l-3"}\nid: 1.3-toy74l-3\n\n',
            },
        },
    },
    "307": {
        "description": "From web: the way to notify",
        "headers": {
            "Location": {
                "description": "`notify_url`, this path, the query and a ticket.",
                "required": True,
                "schema": {"type": "string", "format": "uri"},
            },
        },
    },
}
