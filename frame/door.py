"""A Flask without what our doors have no use for: looking for it is a fifth of what a request costs them."""

from collections.abc import Callable
from typing import Any, Self, TypeVar

from flask import Flask, Request, Response
from flask.sessions import NullSession, SessionInterface
from werkzeug.routing import MapAdapter
from werkzeug.wsgi import get_path_info

F = TypeVar("F")

ICONS_KEPT = 86_400
"""Seconds: browsers look for a page's icon at each address that a script gives it, as with each chat that is opened."""


class NoSessions(SessionInterface):
    """Who asks is in the token; reading the session finds nothing, writing to it is an error."""

    nobodys = NullSession()

    def open_session(self, app: Flask, request: Request) -> NullSession:
        return self.nobodys

    def save_session(self, *_: Any) -> None:
        """There is nothing to save."""


class Door(Flask):
    """Views are functions, none of them is a coroutine; there are no sessions in cookies; a route is the same whatever
    Host a request names; hooks are the door's own, and no blueprint's.

    It may be made before a fork, so that all processes share its memory. `begin` makes what each has of its own, which
    is found as `extensions["fechatter"]`.
    """

    session_interface = NoSessions()

    def __init__(self, name: str, make: Callable[[], object], **options: Any) -> None:
        super().__init__(name, **options)
        self._make = make

    def begin(self) -> Self:
        """In the process that answers, before the first request; once is enough."""
        if "fechatter" not in self.extensions:
            self.extensions["fechatter"] = self._make()
        return self

    def ensure_sync(self, func: F) -> F:  # type: ignore[override]
        return func

    def get_send_file_max_age(self, filename: str | None) -> int | None:
        return ICONS_KEPT if filename and filename.endswith(".svg") else super().get_send_file_max_age(filename)

    def register_blueprint(self, blueprint: Any, **options: Any) -> None:
        super().register_blueprint(blueprint, **options)
        hooks = (self.before_request_funcs, self.after_request_funcs, self.teardown_request_funcs)
        if any(name is not None for kind in hooks for name in kind):
            raise TypeError(f"{blueprint.name} has hooks of its own, which would never be called")

    def preprocess_request(self) -> Any:
        for hook in self.before_request_funcs.get(None, ()):
            if (answer := hook()) is not None:
                return answer
        return None

    def process_response(self, response: Response) -> Response:
        for hook in reversed(self.after_request_funcs.get(None, ())):
            response = hook(response)  # type: ignore[assignment]
        return response

    def do_teardown_request(self, exc: BaseException | None = None) -> None:  # type: ignore[override]
        for hook in reversed(self.teardown_request_funcs.get(None, ())):
            hook(exc)

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        if request is None:
            return super().create_url_adapter(None)
        environ = request.environ
        return MapAdapter(
            self.url_map,
            server_name="localhost",
            script_name=environ.get("SCRIPT_NAME") or "/",
            subdomain="",
            url_scheme=environ["wsgi.url_scheme"],
            path_info=get_path_info(environ),
            default_method=environ["REQUEST_METHOD"],
            query_args=environ.get("QUERY_STRING", ""),
        )
