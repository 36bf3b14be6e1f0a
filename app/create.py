"""Builds the web application."""

from flask import Flask

from app.openapi import init_api
from app.services import make_services
from fechatter.config import Config, read_config
from frame.bearer import init_bearer
from frame.errors import init_errors
from frame.requests import init_requests


def create_app(config: Config | None = None) -> Flask:
    """Made in each process after the fork. Reads the environment unless it is given. Raises BadConfig."""
    config = config or read_config("web")
    app = Flask("app", static_folder=None)
    app.extensions["fechatter"] = make_services(config)
    init_requests(app)
    init_bearer(app, config)
    init_api(app, config)
    init_errors(app)
    return app
