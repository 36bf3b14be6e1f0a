"""flask-smorest's blueprint with our parser, whose description names the refusals that follow from a route."""

from collections.abc import Callable, Iterable
from copy import deepcopy
from functools import wraps
from http import HTTPStatus
from typing import Any

import flask_smorest
from marshmallow import Schema

from app.bodies import read_body, read_query
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
        _add_parameter(view, {"in": location, "required": False, "schema": schema()}, {})
        return view

    return decorate


def _add_parameter(view: View, parameter: dict[str, Any], responses: dict[int, str]) -> None:
    """To the view's description, in the form that flask-smorest reads; with what it may be answered."""
    described = deepcopy(getattr(view, "_apidoc", {}))
    arguments = described.setdefault("arguments", {"parameters": [], "responses": {}})
    arguments["parameters"].append(parameter)
    arguments["responses"].update(responses)
    view._apidoc = described  # type: ignore[attr-defined]


class Blueprint(flask_smorest.Blueprint):
    """`Blueprint("chats", __name__, url_prefix="/api", description="…")`; the name is the tag of its operations."""

    def arguments(self, schema: type[StrictSchema], *, location: str = "json") -> Callable[[View], View]:
        """The view gets what the request says, by this schema, as one more argument.

        As flask-smorest's to the description, but read by `app.bodies`: webargs between them takes as long as the
        rest. A body without which a call makes sense is described as optional, and one that is larger than its schema
        allows is refused unread.
        """
        # One for all requests.
        reusable = schema()
        parameter = {
            "in": location,
            "required": any(field.required for field in reusable.fields.values()),
            "schema": reusable,
        }
        if location == "json":
            parameter["example"] = schema.EXAMPLE
        read = read_body if location == "json" else read_query

        def decorate(view: View) -> View:
            @wraps(view)
            def wrapper(*args: Any, **kwargs: Any) -> Any:
                return view(*args, read(reusable), **kwargs)

            _add_parameter(wrapper, parameter, {422: HTTPStatus(422).name})
            if location == "json":
                wrapper.largest_body = schema.LARGEST_BODY  # type: ignore[attr-defined]
            return wrapper

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
