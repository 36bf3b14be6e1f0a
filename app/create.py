"""Builds the web application."""

from flask import Flask

from app import pages, service_worker, web_client
from app.commands import init_commands
from app.in_flight import init_in_flight
from app.openapi import init_api
from app.services import make_services, services
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


def create_app(config: Config | None = None) -> Flask:
    """Ready to answer, in this process. Reads the environment unless it is given. Raises BadConfig."""
    return lay_out(config or read_config("web")).begin()


def lay_out(config: Config) -> Door:
    """All but what a process must have of its own."""
    app = Door("app", lambda: make_services(config))
    init_in_flight(app)
    init_limit_headers(app)
    init_request_log(app)
    init_requests(app)
    init_headers(app, config)
    init_cors(app, config.cors_origins)
    init_bearer(app, config)
    init_errors(app, pages.missing)
    app.register_blueprint(
        health_blueprint(lambda: read_readiness(services().engine, services().redis, config.unsafe_postgresql))
    )
    app.register_blueprint(metrics_blueprint(config))
    init_api(app, config)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(service_worker.blueprint)
    app.register_blueprint(web_client.blueprint)
    init_commands(app)
    init_proxies(app, config.trusted_proxies)
    return app
