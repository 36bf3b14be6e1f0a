"""The API's description at `/openapi.json`, made from the routes' schemas and docstrings."""

from http import HTTPStatus
from typing import Any

from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask
from flask_smorest import Api
from flask_smorest.utils import prepare_response
from marshmallow import Schema, fields

from app.answer_headers import add_headers
from app.converters import IdConverter, describe_id
from app.docs import docs_blueprint
from app.routes import blueprints
from app.schemas.events import describe_events
from app.schemas.fields import AnswerSchema, Flag
from fechatter import __version__
from fechatter.config import Config
from frame.problems import MEDIA_TYPE


class ProblemSchema(AnswerSchema):
    """An error: RFC 9457, with a `code` for programs."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True, metadata={"description": "A stable word for programs."})
    request_id = fields.String(required=True)
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "With 422: the reasons by the dotted name of the field."},
    )


def schema_name(schema: type[Schema] | Schema) -> str:
    kind = schema if isinstance(schema, type) else type(schema)
    return kind.__name__.removesuffix("Schema")


class ProblemApi(Api):
    """flask-smorest, with our form of errors as every operation's default answer."""

    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        """Ours are in `app/errors.py`."""

    def _register_etag_headers(self) -> None:
        """There are none."""

    def _register_pagination_header(self) -> None:
        """Pages are described by their schemas."""

    def _register_responses(self) -> None:
        for status in HTTPStatus:
            if status >= 400:
                self._add_problem(status.name, status.phrase)
        self._add_problem("DEFAULT_ERROR", "Any other error")

    def _add_problem(self, name: str, description: str) -> None:
        response: dict[str, Any] = {"description": description, "schema": self.ERROR_SCHEMA}
        prepare_response(response, self.spec, MEDIA_TYPE)
        self.spec.components.response(name, response, lazy=True)


def init_api(app: Flask, config: Config) -> None:
    """Registers all routes; they are described when somebody asks, for a description takes more room than they do."""
    app.url_map.converters["id"] = IdConverter
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    app.register_blueprint(docs_blueprint(lambda: describe(app, config)))


def describe(app: Flask, config: Config) -> dict[str, Any]:
    app.config.update(API_TITLE="Fechatter", API_VERSION=__version__, OPENAPI_VERSION="3.1.0")
    api = ProblemApi(
        app,
        spec_kwargs={
            "marshmallow_plugin": MarshmallowPlugin(schema_name_resolver=schema_name),
            # A page of another origin than PUBLIC_URL may not call that: /docs tries the first.
            "servers": [{"url": "/"}, {"url": config.public_url, "description": "The public address"}],
            "info": {"description": DESCRIPTION, "license": {"name": "MIT"}},
        },
    )
    api.register_converter(IdConverter, describe_id)
    api.register_field(Flag, "boolean", None)
    for name, form, words in (
        ("bearer", "JWT", "The `access_token` of who has signed in."),
        ("personal", "fch_…", "A personal access token, if it has the scope that the call names: for bots."),
    ):
        api.spec.components.security_scheme(
            name, {"type": "http", "scheme": "bearer", "bearerFormat": form, "description": words}
        )
    _describe_health(app, api)
    for blueprint in blueprints():
        blueprint.register_views_in_doc(api, app, api.spec, name=blueprint.name, parameters=None)
        api.spec.tag({"name": blueprint.name, "description": blueprint.description})
    describe_events(api.spec)
    description: dict[str, Any] = add_headers(api.spec.to_dict())
    return description


def _describe_health(app: Flask, api: Api) -> None:
    """Every HTTP process has these; they stand in `frame/health.py`."""
    shown = {"content": {"application/json": {"schema": {"type": "object", "required": ["status"]}}}}
    for name, summary, statuses in (
        ("healthz", "Whether this process answers at all", ("200",)),
        ("readyz", "Whether it has what it needs, part by part; degraded without Redis", ("200", "503")),
    ):
        responses = {status: {"description": HTTPStatus(int(status)).phrase} | shown for status in statuses}
        operation = {"summary": summary, "operationId": name, "tags": ["service"], "responses": responses}
        rule = next(app.url_map.iter_rules(f"health.{name}"))
        api.spec.path(rule=rule, operations={"get": operation})


DESCRIPTION = """Team chat that never loses a message.

Sign up or in, then send the access token with each request as `Authorization: Bearer …`.
Errors are `application/problem+json` with a stable `code`; every answer has an `X-Request-ID`.
Fields and types of events will be added: ignore those that you do not know.
"""
