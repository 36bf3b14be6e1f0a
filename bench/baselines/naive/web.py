"""Its web: one route."""

import os
from typing import Any

from flask import Flask
from flask.views import MethodView
from flask_jwt_extended import JWTManager, current_user, jwt_required
from flask_smorest import Api, Blueprint, abort
from marshmallow import Schema, fields, validate
from sqlalchemy import create_engine, select
from sqlalchemy.orm import scoped_session, sessionmaker

from bench.baselines.naive.models import Member, Message, User
from bench.baselines.naive.tasks import publish_message

blueprint = Blueprint("messages", __name__, url_prefix="/api")
db = scoped_session(sessionmaker())
jwt = JWTManager()


class MessageSchema(Schema):
    id = fields.Integer(dump_only=True)
    chat_id = fields.Integer(dump_only=True)
    sender_id = fields.Integer(dump_only=True)
    content = fields.String(required=True, validate=validate.Length(1, 8000))
    client_id = fields.String(validate=validate.Length(1, 64))
    created_at = fields.AwareDateTime(dump_only=True)


@blueprint.route("/chats/<int:chat_id>/messages")
class Messages(MethodView):
    @jwt_required()
    @blueprint.arguments(MessageSchema)
    @blueprint.response(201, MessageSchema)
    def post(self, data: dict[str, Any], chat_id: int) -> Message:
        seat = select(Member).where(Member.chat_id == chat_id, Member.user_id == current_user.id)
        if db.scalar(seat) is None:
            abort(403)
        message = Message(chat_id=chat_id, sender_id=current_user.id, **data)
        db.add(message)
        db.commit()
        publish_message.delay(MessageSchema().dump(message))
        return message


@jwt.user_lookup_loader
def load_user(header: dict[str, Any], claims: dict[str, Any]) -> User | None:
    return db.get(User, int(claims["sub"]))


def create_app() -> Flask:
    app = Flask(__name__)
    app.config.update(
        JWT_SECRET_KEY=os.environ["SECRET_KEY"], API_TITLE="Naive", API_VERSION="1", OPENAPI_VERSION="3.1.0"
    )
    jwt.init_app(app)
    db.configure(bind=create_engine(os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg2://")))
    app.teardown_appcontext(lambda error: db.remove())
    Api(app).register_blueprint(blueprint)
    return app
