"""Headers that tell browsers to trust an answer with nothing it does not need."""

from flask import Flask, Response, request

from fechatter.config import Config

NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""For JSON, text and streams; pages set a Content-Security-Policy of their own."""

NO_DEVICES = ", ".join(f"{feature}=()" for feature in ("camera", "microphone", "geolocation", "payment", "usb"))
"""For pages: they ask for none of these, nor may what they show."""

ONE_YEAR = 365 * 86400


def init_headers(app: Flask, config: Config) -> None:
    """What a view has set itself stays."""
    always = {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": NOTHING,
        # An address may hold an invitation's token.
        "Referrer-Policy": "no-referrer",
        # No page of another site may show it as an image or run it as a script; who may fetch it CORS decides.
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if config.public_url.startswith("https:"):
        always["Strict-Transport-Security"] = f"max-age={ONE_YEAR}"
    wanted = [(name, name.lower(), value) for name, value in always.items()]
    of_pages = {"Permissions-Policy": NO_DEVICES, "Cross-Origin-Opener-Policy": "same-origin"}

    @app.after_request
    def protect(response: Response) -> Response:
        headers, environ = response.headers, request.environ
        given = {name.lower() for name, _ in headers}
        for name, lower, value in wanted:
            if lower not in given:
                headers.add(name, value)
        if response.mimetype == "text/html":
            headers.extend(of_pages)
        if "cache-control" not in given and ("HTTP_AUTHORIZATION" in environ or request.path.startswith("/api/")):
            headers.add("Cache-Control", "no-store")
        return response
