"""The web client: its page for browsers at every address that it knows, and its files."""

import json
from base64 import b64encode
from hashlib import sha256
from string import Template
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, request
from markupsafe import escape
from werkzeug.exceptions import NotFound

from app.routes import service
from app.services import services
from app.web_files import PREFIX, ROOT, File, WebFiles, a_file
from fechatter.config import Config
from frame.errors import wants_page

PATHS = (
    "/signin",
    "/signup",
    "/forgot",
    "/settings",
    "/chats/<id:chat_id>",
    "/chats/<id:chat_id>/messages/<id:message_id>",
    "/w/<id:workspace_id>",
    "/w/<id:workspace_id>/channels",
    "/w/<id:workspace_id>/members",
    "/w/<id:workspace_id>/settings",
    "/w/<id:workspace_id>/moderation",
    "/w/<id:workspace_id>/audit",
)
"""What `js/router.js` knows beside `/` and `/invite/…`, where programs are answered too; elsewhere they get a 404."""

ENTRY = "js/main.js"
FOREVER, AT_HAND = "public, max-age=31536000, immutable", "no-cache"
"""For what never changes, and for what has to be asked for again, which answers 304 as long as it is the same."""

blueprint = Blueprint("web_client", __name__)


class Page:
    """The one page, and the files that it leads to. Made by who asks first, in development by who asks for the page."""

    def __init__(self, config: Config) -> None:
        self.config, self.files = config, WebFiles(lean=config.in_production)
        self.make()

    def make(self) -> None:
        imports = self.files.import_map()
        self.policy = policy(imports, self.config)
        told = service.told(self.config) | {"public_url": self.config.public_url}
        page = Template((ROOT / "index.html").read_text()).substitute(
            config=escape(json.dumps(told)),
            styles=_lines('<link rel="stylesheet" href="{}">', [self.files.sheet]),
            imports=imports,
            modules=_lines('<link rel="modulepreload" href="{}">', self.files.needed_by(ENTRY)),
            entry=self.files.by_path[ENTRY].address,
        )
        self.file = a_file("index.html", page.encode())


def _lines(form: str, files: list[File]) -> str:
    return "\n".join(form.format(file.address) for file in files)


def policy(imports: str, config: Config) -> str:
    """Nothing inline but the import map, which can only stand in the page, by its hash."""
    digest = b64encode(sha256(imports.encode()).digest()).decode()
    notify = urlsplit(config.notify_url)
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'sha256-{digest}'",
            "style-src 'self'",
            "img-src 'self' data: https:",
            f"connect-src 'self' {notify.scheme}://{notify.netloc}",
            "font-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types fechatter dompurify",
        )
    )


def _page() -> Page:
    page: Page | None = current_app.extensions.get("web_client")
    if page is None:
        page = current_app.extensions["web_client"] = Page(services().config)
    return page


def client_page() -> Response:
    """The same bytes for everybody: who is there is for the client to find out."""
    page = _page()
    if not services().config.in_production:
        page.files.refresh()
        page.make()
    response = _send(page.file, AT_HAND)
    response.headers["Content-Security-Policy"] = page.policy
    response.vary.add("Accept")
    return response


def _send(file: File, kept: str) -> Response:
    packed = file.packed if request.accept_encodings["gzip"] > 0 else None
    response = Response(packed or file.body, content_type=file.mimetype, headers={"Cache-Control": kept})
    response.vary.add("Accept-Encoding")
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.set_etag(f"{file.tag}-gzip" if packed else file.tag)
    return response.make_conditional(request)


def show(**_: object) -> Response:
    if not wants_page():
        raise NotFound
    return client_page()


for path in PATHS:
    blueprint.add_url_rule(path, view_func=show)


@blueprint.get(f"{PREFIX}<path:path>")
def asset(path: str) -> Response:
    files = _page().files
    if PREFIX + path not in files.by_address and not services().config.in_production:
        files.refresh()  # another process may have shown a newer page
    file = files.by_address.get(PREFIX + path)
    if file is None:
        raise NotFound
    return _send(file, FOREVER)
