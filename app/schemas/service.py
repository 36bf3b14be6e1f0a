"""What the service says of itself."""

from marshmallow import fields

from app.schemas.fields import AnswerSchema


class ConfigSchema(AnswerSchema):
    notify_url = fields.String(required=True, metadata={"description": "The public base URL of the event stream."})
    version = fields.String(required=True)
