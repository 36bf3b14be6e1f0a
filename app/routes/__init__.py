"""The REST API: a file per resource, each with a `blueprint`."""

from importlib import import_module

from app.blueprint import Blueprint

NAMES = (
    "accounts",
    "mailed",
    "sessions",
    "second_factor",
    "tokens",
    "users",
    "presence",
    "blocks",
    "workspaces",
    "invites",
    "chats",
    "members",
    "messages",
    "reading",
    "suspensions",
    "reports",
    "audit",
    "notifications",
    "push",
    "told",
    "service",
)
"""In the order in which the API's description shows them."""


def blueprints() -> list[Blueprint]:
    return [import_module(f"app.routes.{name}").blueprint for name in NAMES]
