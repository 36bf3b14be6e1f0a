"""`RateLimit-Policy` and `RateLimit`, as draft-ietf-httpapi-ratelimit-headers-10 has them: what a request counts
against, and what is left of it. Whoever counts notes what the limiter answers, which knows both from counting."""

from collections.abc import Sequence

from flask import Flask, Response, g

from fechatter.limits import Standing


def note(standings: Sequence[Standing]) -> None:
    """Beside what this request counts against already."""
    if not standings:  # limits are off
        return
    g.standings = [*g.get("standings", ()), *standings]


def note_refusal(standings: Sequence[Standing]) -> None:
    """Of the limit that refuses it alone."""
    if standings:
        g.standings = standings


def init_limit_headers(app: Flask) -> None:
    @app.after_request
    def tell(response: Response) -> Response:
        standings: Sequence[Standing] = g.get("standings", ())
        if standings:
            response.headers["RateLimit-Policy"] = ", ".join(one.rule.policy for one in standings)
            # Other refusals have no count, for some of them must be alike in every byte.
            if response.status_code < 400 or response.status_code == 429:
                response.headers["RateLimit"] = ", ".join(one.item for one in standings)
        return response
