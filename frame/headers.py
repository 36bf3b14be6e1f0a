"""Headers that tell browsers to trust an answer with nothing it does not need."""

from flask import Flask, Response, request

from fechatter.config import Config

NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""For JSON, text and streams; pages set a Content-Security-Policy of their own."""

ONE_YEAR = 365 * 86400


def init_headers(app: Flask, config: Config) -> None:
    """What a view has set itself stays."""
    always = {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": NOTHING,
        # An address may hold an invitation's token.
        "Referrer-Policy": "no-referrer",
    }
    if config.public_url.startswith("https:"):
        always["Strict-Transport-Security"] = f"max-age={ONE_YEAR}"

    @app.after_request
    def protect(response: Response) -> Response:
        for name, value in always.items():
            response.headers.setdefault(name, value)
        if request.path.startswith("/api/") or "Authorization" in request.headers:
            response.headers.setdefault("Cache-Control", "no-store")
        return response
