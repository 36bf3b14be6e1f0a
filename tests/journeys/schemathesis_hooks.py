"""A new account every few seconds for schemathesis, since some operations end the session that they are called in."""

import os
import uuid
from typing import Any

import httpx
import schemathesis

URL = os.environ["FECHATTER_URL"]


@schemathesis.auth(refresh_interval=2)
class Bearer:
    def get(self, case: Any, context: Any) -> str:
        body = {
            "email": f"{uuid.uuid4().hex}@example.org",
            "password": "correct horse battery",
            "name": "Schemathesis",
            "workspace": "Acme",
        }
        return str(httpx.post(f"{URL}/api/auth/signup", json=body, timeout=30).json()["access_token"])

    def set(self, case: Any, data: str, context: Any) -> None:
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}
