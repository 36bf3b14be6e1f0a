"""What the service says of itself."""

from marshmallow import fields

from app.schemas.fields import AnswerSchema, OneOf
from fechatter.sign_up import MODES


class ConfigSchema(AnswerSchema):
    notify_url = fields.String(required=True, metadata={"description": "The public base URL of the event stream."})
    version = fields.String(required=True)
    sign_up = OneOf(*MODES, required=True, metadata={"description": "Who may sign up; see the guide."})
    mail = fields.Boolean(required=True, metadata={"description": "Whether this installation can send mails."})
