"""flask-smorest's blueprint with our parser, whose description names the refusals that follow from a route."""

from collections.abc import Callable, Iterable
from copy import deepcopy
from http import HTTPStatus
from typing import Any

import flask_smorest
from marshmallow import Schema

from app.bodies import parser
from app.schemas.fields import StrictSchema

View = Callable[..., Any]


def describe(view: View, statuses: Iterable[int] = (), **documentation: Any) -> None:
    """Adds problem responses, and whatever else OpenAPI knows of an operation, to a view's description."""
    described = deepcopy(getattr(view, "_apidoc", {}))
    responses = described.setdefault("response", {}).setdefault("responses", {})
    for status in statuses:
        responses.setdefault(status, [HTTPStatus(status).name])
    described.setdefault("manual_doc", {}).update(documentation)
    view._apidoc = described  # type: ignore[attr-defined]


def mentions(schema: type[Schema], location: str) -> Callable[[View], View]:
    """Describes what the view reads by itself, or leaves to another; what is to be checked is for `arguments`."""

    def decorate(view: View) -> View:
        described = deepcopy(getattr(view, "_apidoc", {}))
        arguments = described.setdefault("arguments", {"parameters": [], "responses": {}})
        arguments["parameters"].append({"in": location, "required": False, "schema": schema()})
        view._apidoc = described  # type: ignore[attr-defined]
        return view

    return decorate


class Blueprint(flask_smorest.Blueprint):
    """`Blueprint("chats", __name__, url_prefix="/api", description="…")`; the name is the tag of its operations."""

    ARGUMENTS_PARSER = parser

    def arguments(
        self, schema: type[StrictSchema], *, location: str = "json", **options: Any
    ) -> Callable[[View], View]:
        """As flask-smorest's; a body without which a call makes sense is described as optional, and one that is larger
        than its schema allows is refused unread."""
        # One for all requests: of a class webargs would make another for each.
        reusable = schema()
        if location == "json":
            options.setdefault("example", schema.EXAMPLE)
        options.setdefault("required", any(field.required for field in reusable.fields.values()))
        parsing = super().arguments(reusable, location=location, **options)

        def decorate(view: View) -> View:
            parsed: View = parsing(view)
            if location == "json":
                parsed.largest_body = schema.LARGEST_BODY  # type: ignore[attr-defined]
            return parsed

        return decorate

    def add_url_rule(
        self, rule: str, endpoint: str | None = None, view_func: Any = None, *args: Any, **options: Any
    ) -> None:
        statuses = {HTTPStatus.SERVICE_UNAVAILABLE.value}
        if "<" in rule:
            statuses.add(404)
        locations = getattr(view_func, "_apidoc", {}).get("arguments", {}).get("parameters", [])
        if any(parameter["in"] == "json" for parameter in locations):
            statuses |= {400, 413, 415}
        describe(view_func, sorted(statuses), operationId=view_func.__name__)
        super().add_url_rule(rule, endpoint, view_func, *args, **options)
