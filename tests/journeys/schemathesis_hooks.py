"""For schemathesis: a new account every few seconds (some calls end their own session), with things that are its own.

Half of the ids in paths become those of a workspace, its chats and messages, so that calls reach what is behind.
FECHATTER_WHO says what the account that asks is to that workspace: one, or several that take turns. X-Who tells in a
report who it was.
"""

import os
import random
import uuid
from itertools import cycle
from typing import Any

import httpx
import schemathesis

from tests.exact import close

URL = os.environ["FECHATTER_URL"]
TURNS = cycle(os.environ["FECHATTER_WHO"].split(","))
OWN: dict[str, list[Any]] = {}


@schemathesis.auth(refresh_interval=3)
class Bearer:
    def get(self, case: Any, context: Any) -> tuple[str, str]:
        owner = sign_up(workspace="Acme")
        invite, who = furnish(owner), next(TURNS)
        if who == "owner":
            return who, token_of(owner)
        if who == "a bot":
            return who, bot_of(owner)
        asker = sign_up()
        OWN["user_id"].append(asker.id)
        if who in ("guest", "ex-member", "suspended here"):
            asker.post(f"/api/invites/{invite}/accept").raise_for_status()
        if who == "ex-member":
            asker.delete(f"/api/workspaces/{OWN['workspace_id'][0]}/members/{asker.id}").raise_for_status()
        if who == "suspended here":
            suspensions = f"/api/workspaces/{OWN['workspace_id'][0]}/suspensions"
            owner.post(suspensions, json={"user_id": asker.id}).raise_for_status()
        if who == "signed out":
            asker.post("/api/auth/signout").raise_for_status()
        return who, token_of(asker)

    def set(self, case: Any, data: tuple[str, str], context: Any) -> None:
        who, token = data
        bearer = {} if who == "nobody" else {"Authorization": f"Bearer {token}"}
        case.headers = {**(case.headers or {}), "X-Who": who, **bearer}


class Client(httpx.Client):
    id: int


def sign_up(**more: str) -> Client:
    body = {"email": f"{uuid.uuid4().hex}@example.org", "password": "correct horse battery", "name": "Schemathesis"}
    client = Client(base_url=URL, timeout=30)
    pair = client.post("/api/auth/signup", json=body | more).raise_for_status().json()
    client.headers["Authorization"], client.id = f"Bearer {pair['access_token']}", pair["user"]["id"]
    return client


def token_of(client: Client) -> str:
    client.close()
    return client.headers["Authorization"].removeprefix("Bearer ")


def bot_of(client: Client) -> str:
    body = {"name": "A bot", "scopes": ["read", "write", "manage"]}
    token = client.post("/api/auth/tokens", json=body).raise_for_status().json()["token"]
    client.close()
    return str(token)


def furnish(http: Client) -> str:
    """Gives the account something to call about; the token of an invitation for a guest."""
    workspace = http.get("/api/workspaces").json()["items"][0]["id"]
    invite, for_guest = (
        http.post(f"/api/workspaces/{workspace}/invites", json={"role": role}).json() for role in ("member", "guest")
    )
    chats = [
        http.post("/api/chats", json={"workspace_id": workspace, "type": kind, "name": kind, "member_ids": []}).json()
        for kind in ("public_channel", "private_channel")
    ]
    messages = [
        http.post(f"/api/chats/{chat['id']}/messages", json={"content": f"hello {n}"}).json()["id"]
        for chat in chats
        for n in range(5)
    ]
    token = http.post("/api/auth/tokens", json={"name": "Another bot", "scopes": ["read"]}).json()
    report = http.post(f"/api/messages/{messages[0]}/reports", json={"reason": "Why"}).json()
    OWN.update(
        workspace_id=[workspace],
        chat_id=[chat["id"] for chat in chats],
        message_id=messages,
        user_id=[http.id],
        invite_id=[invite["id"]],
        token=[invite["token"]],
        token_id=[token["id"]],
        report_id=[report["id"]],
    )
    return str(for_guest["token"])


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
