"""Builds the notify application: one route that streams, and what an operator asks of a process."""

from flask import Flask

from fechatter.config import Config, read_config
from fechatter.readiness import read_readiness
from frame.bearer import init_bearer
from frame.cors import init_cors
from frame.door import Door
from frame.errors import init_errors
from frame.headers import init_headers
from frame.health import health_blueprint
from frame.limit_headers import init_limit_headers
from frame.metrics import metrics_blueprint
from frame.proxies import init_proxies
from frame.request_log import init_request_log
from frame.requests import init_requests
from notify.routes import blueprint, service
from notify.service import make_service


def create_app(config: Config | None = None) -> Flask:
    """Ready to answer, in this process, with its loops at work. Raises BadConfig."""
    return lay_out(config or read_config("notify")).begin()


def lay_out(config: Config) -> Door:
    """All but what a process must have of its own."""
    app = Door("notify", lambda: make_service(config).start(), static_folder=None)
    init_limit_headers(app)
    init_request_log(app)
    init_requests(app)
    init_headers(app, config)
    init_cors(app, (config.public_url, *config.cors_origins))
    init_bearer(app, config, remember=False)  # a stream shows its token once
    init_errors(app)
    app.register_blueprint(blueprint)
    app.register_blueprint(
        health_blueprint(lambda: read_readiness(service().engine, service().redis, config.unsafe_postgresql))
    )
    app.register_blueprint(metrics_blueprint(config))
    init_proxies(app, config.trusted_proxies)
    return app
