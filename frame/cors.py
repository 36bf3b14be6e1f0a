"""Lets pages of other origins call us: those that the operator has named, and never with cookies."""

from collections.abc import Collection

from flask import Flask
from flask_cors import CORS


def init_cors(app: Flask, origins: Collection[str]) -> None:
    """`origins` like `https://chat.example.org`, exactly; `*` means all."""
    if not origins:
        return
    CORS(
        app,
        origins=list(origins),
        allow_headers=["Authorization", "Content-Type", "Cache-Control", "Last-Event-ID", "X-Request-ID"],
        expose_headers=["X-Request-ID", "Retry-After", "RateLimit", "RateLimit-Policy"],
        methods=["GET", "POST", "PATCH", "DELETE"],
        supports_credentials=False,
        max_age=600,
    )
