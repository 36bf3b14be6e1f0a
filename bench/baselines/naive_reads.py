"""Reading the usual way, on the product's tables: flask-smorest, an ORM, marshmallow, a query for each question.

gunicorn --workers 2 bench.baselines.naive_reads:app
"""

import os
from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_jwt_extended import JWTManager, current_user, jwt_required
from flask_smorest import Api, Blueprint, abort
from marshmallow import Schema, fields, validate
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import scoped_session, sessionmaker

from fechatter.db import normal_url
from fechatter.models import CHANNELS, Chat, ChatMember, Message, User

app = Flask(__name__)
app.config.update(JWT_SECRET_KEY=os.environ["SECRET_KEY"], API_TITLE="Naive", API_VERSION="1", OPENAPI_VERSION="3.1.0")
api, jwt = Api(app), JWTManager(app)
db = scoped_session(sessionmaker(create_engine(normal_url(os.environ["DATABASE_URL"]))))
blueprint = Blueprint("reads", __name__, url_prefix="/api")


class MessageSchema(Schema):
    id = fields.Integer()
    chat_id = fields.Integer()
    seq = fields.Integer()
    sender_id = fields.Integer()
    content = fields.String()
    client_id = fields.String()
    reply_to = fields.Integer()
    created_at = fields.AwareDateTime()
    edited_at = fields.AwareDateTime()
    deleted_at = fields.AwareDateTime()


class HistorySchema(Schema):
    items = fields.List(fields.Nested(MessageSchema))
    has_more_before = fields.Boolean()


class HistoryQuery(Schema):
    before = fields.Integer()
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 100))


class ChatSchema(Schema):
    id = fields.Integer()
    workspace_id = fields.Integer()
    type = fields.String()
    name = fields.String()
    topic = fields.String()
    member_count = fields.Integer()
    member_ids = fields.List(fields.Integer(), allow_none=True)
    role = fields.String()
    last_seq = fields.Integer()
    last_read_seq = fields.Integer()
    unread_count = fields.Integer()
    last_message = fields.Nested(MessageSchema, allow_none=True)
    created_at = fields.AwareDateTime()


class ChatListSchema(Schema):
    items = fields.List(fields.Nested(ChatSchema))


@jwt.user_lookup_loader
def load_user(_: object, claims: Mapping[str, Any]) -> User | None:
    return db.get(User, int(claims["sub"]))


@app.teardown_appcontext
def end_session(_: object) -> None:
    db.remove()


@app.get("/readyz")
def show_ready() -> dict[str, str]:
    return {"status": "ok"}


@blueprint.route("/chats/<int:chat_id>/messages")
@jwt_required()
@blueprint.arguments(HistoryQuery, location="query")
@blueprint.response(200, HistorySchema)
def list_messages(query: dict[str, int], chat_id: int) -> dict[str, Any]:
    if db.get(ChatMember, (chat_id, current_user.id)) is None:
        abort(404)
    page = select(Message).where(Message.chat_id == chat_id).order_by(Message.seq.desc()).limit(query["limit"])
    if "before" in query:
        page = page.where(Message.seq < query["before"])
    messages = db.scalars(page).all()
    return {"items": messages[::-1], "has_more_before": bool(messages) and messages[-1].seq > 1}


@blueprint.route("/chats")
@jwt_required()
@blueprint.response(200, ChatListSchema)
def list_chats() -> dict[str, Any]:
    mine = select(Chat, ChatMember).join(ChatMember, ChatMember.chat_id == Chat.id)
    chats = db.execute(mine.where(ChatMember.user_id == current_user.id).order_by(Chat.active_at.desc())).all()
    return {"items": [show_chat(chat, member) for chat, member in chats]}


def show_chat(chat: Chat, member: ChatMember) -> dict[str, Any]:
    messages = select(Message).where(Message.chat_id == chat.id)
    unread = select(func.count()).where(Message.chat_id == chat.id, Message.seq > member.last_read_seq)
    people = select(ChatMember.user_id).where(ChatMember.chat_id == chat.id).order_by(ChatMember.user_id)
    return {
        **{name: getattr(chat, name) for name in ChatSchema._declared_fields if hasattr(chat, name)},
        "role": member.role,
        "last_read_seq": member.last_read_seq,
        "unread_count": db.scalar(unread),
        "last_message": db.scalars(messages.order_by(Message.seq.desc()).limit(1)).first(),
        "member_ids": None if chat.type in CHANNELS else db.scalars(people).all(),
    }


api.register_blueprint(blueprint)
