"""The web application of the tests of `app`."""

from tests.app.conftest import app, client, config

__all__ = ["app", "client", "config"]
