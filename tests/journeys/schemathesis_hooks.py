"""For schemathesis: a new account every few seconds (some calls end their own session), with things that are its own.

Half of the ids in paths become those of its workspace, chats and messages, so that calls reach what is behind them.
"""

import os
import random
import uuid
from typing import Any

import httpx
import schemathesis

from tests.exact import close

URL = os.environ["FECHATTER_URL"]
OWN: dict[str, list[Any]] = {}


@schemathesis.auth(refresh_interval=3)
class Bearer:
    def get(self, case: Any, context: Any) -> str:
        email = f"{uuid.uuid4().hex}@example.org"
        body = {"email": email, "password": "correct horse battery", "name": "Schemathesis", "workspace": "Acme"}
        with httpx.Client(base_url=URL, timeout=30) as http:
            pair = http.post("/api/auth/signup", json=body).json()
            http.headers["Authorization"] = f"Bearer {pair['access_token']}"
            furnish(http, pair["user"]["id"])
        return str(pair["access_token"])

    def set(self, case: Any, data: str, context: Any) -> None:
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


def furnish(http: httpx.Client, user_id: int) -> None:
    """Gives the account something to call about."""
    workspace = http.get("/api/workspaces").json()["items"][0]["id"]
    invite = http.post(f"/api/workspaces/{workspace}/invites", json={}).json()
    chats = [
        http.post("/api/chats", json={"workspace_id": workspace, "type": kind, "name": kind, "member_ids": []}).json()
        for kind in ("public_channel", "private_channel")
    ]
    messages = [
        http.post(f"/api/chats/{chat['id']}/messages", json={"content": f"hello {n}"}).json()["id"]
        for chat in chats
        for n in range(5)
    ]
    OWN.update(
        workspace_id=[workspace],
        chat_id=[chat["id"] for chat in chats],
        message_id=messages,
        user_id=[user_id],
        invite_id=[invite["id"]],
        token=[invite["token"]],
    )


@schemathesis.hook
def before_load_schema(context: Any, raw_schema: dict[str, Any]) -> None:
    """What is published lets answers have more fields than it names; ours have these alone."""
    close(raw_schema)


@schemathesis.hook
def map_path_parameters(context: Any, path_parameters: dict[str, Any]) -> dict[str, Any]:
    if not path_parameters:
        return path_parameters
    return {
        name: random.choice(OWN[name]) if name in OWN and random.random() < 0.5 else value
        for name, value in path_parameters.items()
    }
