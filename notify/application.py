"""Builds the notify application: one route that streams, and what an operator asks of a process."""

from flask import Flask

from fechatter.config import Config, read_config
from fechatter.readiness import read_readiness
from frame.bearer import init_bearer
from frame.errors import init_errors
from frame.health import health_blueprint
from frame.requests import init_requests
from notify.routes import blueprint
from notify.service import make_service


def create_app(config: Config | None = None) -> Flask:
    """Made in each process after the fork; the loops start at once. Raises BadConfig."""
    config = config or read_config("notify")
    app = Flask("notify", static_folder=None)
    service = make_service(config)
    app.extensions["fechatter"] = service
    init_requests(app)
    init_bearer(app, config)
    init_errors(app)
    app.register_blueprint(blueprint)
    app.register_blueprint(health_blueprint(lambda: read_readiness(service.engine, service.redis)))
    service.start()
    return app
