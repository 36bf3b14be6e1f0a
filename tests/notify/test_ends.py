"""What takes somebody's rights away does so at once over REST, and within two seconds on live streams, with Redis and
without."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from app.create import create_app
from fechatter.config import read_config
from launcher.redis import Redis
from tests.app.signing import PASSWORD, Account, sign_in, sign_up
from tests.by_the_clock import in_time
from tests.notify.process import Notify
from tests.stream_client import StreamClient

SOON = 2.0
"""Seconds."""

AWAY = "redis://127.0.0.1:1/0"


@dataclass
class Doors:
    """web in this process and notify in its own, on one database."""

    web: Flask
    notify: Notify

    def client(self) -> FlaskClient:
        return self.web.test_client()

    def listen(self, token: str) -> StreamClient:
        return StreamClient(self.notify.url, token)

    def listen_by_ticket(self, account: Account, token: str) -> StreamClient:
        ticket = account.post("/api/notifications/tickets", token=token).json["ticket"]
        return StreamClient(self.notify.url, None, query=f"?ticket={ticket}")


@pytest.fixture(scope="module", params=["redis up", "redis away"])
def doors(request: pytest.FixtureRequest, engine: Engine, database_url: str, own_redis: Redis) -> Iterator[Doors]:
    redis_url = own_redis.url if request.param == "redis up" else AWAY
    config = replace(read_config("web"), database_url=database_url, redis_url=redis_url, rate_limits=False)
    web, notify = create_app(config), Notify(database_url, redis_url).start()
    yield Doors(web, notify)
    notify.kill()
    web.extensions["fechatter"].engine.dispose()


@pytest.fixture
def ann(doors: Doors) -> Account:
    """Who owns a workspace."""
    return sign_up(doors.client(), workspace="Acme")


def workspace_of(account: Account) -> int:
    return int(account.get("/api/workspaces").json["items"][0]["id"])


def invite(ann: Account, other: Account, role: str = "member") -> int:
    workspace = workspace_of(ann)
    token = ann.post(f"/api/workspaces/{workspace}/invites", {"role": role}).json["token"]
    assert other.post(f"/api/invites/{token}/accept").status_code == 200
    return workspace


def make_chat(ann: Account, workspace: int, *others: Account, type: str = "private_channel") -> int:
    body = {"workspace_id": workspace, "type": type, "name": f"room {uuid4().hex[:8]}"}
    answer = ann.post("/api/chats", body | {"member_ids": [other.id for other in others]})
    assert answer.status_code == 201, answer.text
    return int(answer.json["id"])


def make_token(ann: Account) -> tuple[str, int]:
    made = ann.post("/api/auth/tokens", {"name": "A bot", "scopes": ["read", "write"]}).json
    return made["token"], made["id"]


def assert_ends(streams: list[StreamClient], began: float, reason: str) -> None:
    for stream in streams:
        assert stream.expect("bye").data == {"reason": reason}
    in_time(began, SOON)
    for stream in streams:
        assert stream.ended.wait(30)


def test_signing_out(doors: Doors, ann: Account) -> None:
    other = sign_in(ann.client, ann.email)
    ending, staying = doors.listen(ann.access_token), doors.listen(other.access_token)
    assert ann.post("/api/auth/signout").status_code == 204
    began = monotonic()
    assert not ann.is_signed_in()
    assert_ends([ending], began, "signed_out")
    assert not staying.ended.is_set()
    staying.close()


def test_a_new_password(doors: Doors, ann: Account) -> None:
    other = sign_in(ann.client, ann.email)
    token, _ = make_token(ann)
    own = doors.listen(ann.access_token)
    ending = [doors.listen(other.access_token), doors.listen(token)]
    body = {"current_password": PASSWORD, "new_password": "another password"}
    assert ann.post("/api/auth/password", body).status_code == 204
    began = monotonic()
    assert not other.is_signed_in()
    assert ann.get("/api/users/me", token=token).status_code == 401
    assert_ends(ending, began, "revoked")
    assert not own.ended.is_set()
    own.close()


def test_the_end_of_a_personal_access_token(doors: Doors, ann: Account) -> None:
    (token, token_id), (other, _) = make_token(ann), make_token(ann)
    ending = [doors.listen(token), doors.listen_by_ticket(ann, token)]
    staying = doors.listen(other)
    unused = ann.post("/api/notifications/tickets", token=token).json["ticket"]
    assert ann.delete(f"/api/auth/tokens/{token_id}").status_code == 204
    began = monotonic()
    assert ann.get("/api/users/me", token=token).status_code == 401
    assert_ends(ending, began, "revoked")
    assert not staying.ended.is_set()
    staying.close()
    assert StreamClient(doors.notify.url, None, query=f"?ticket={unused}").response.status_code == 401
    assert doors.listen(token).response.status_code == 401


@pytest.mark.by_the_clock
def test_the_expiry_of_a_personal_access_token(doors: Doors, ann: Account, engine: Engine) -> None:
    token, token_id = make_token(ann)
    with engine.begin() as connection:
        soon = text("UPDATE sessions SET expires_at = clock_timestamp() + interval '1.5 s' WHERE id = :id")
        connection.execute(soon, {"id": token_id})
    began = monotonic() + 1.5
    ending = [doors.listen(token), doors.listen_by_ticket(ann, token)]
    assert_ends(ending, began, "expired")
    assert ann.get("/api/users/me", token=token).status_code == 401


def test_a_stream_takes_a_token_that_may_read_and_no_other(doors: Doors, ann: Account) -> None:
    for scopes, status in ((["write", "manage"], 403), (["read"], 200)):
        token = ann.post("/api/auth/tokens", {"name": "x", "scopes": scopes}).json["token"]
        stream = doors.listen(token)
        assert stream.response.status_code == status
        stream.close()
        if status == 403:
            assert stream.response.json()["code"] == "insufficient_scope"
            assert stream.response.headers["WWW-Authenticate"] == 'Bearer error="insufficient_scope"'


def test_removal_from_a_workspace(doors: Doors, ann: Account) -> None:
    bob = sign_up(doors.client())
    workspace = invite(ann, bob)
    chat = make_chat(ann, workspace, bob)
    anns, bobs = doors.listen(ann.access_token), doors.listen(bob.access_token)
    assert ann.delete(f"/api/workspaces/{workspace}/members/{bob.id}").status_code == 204
    began = monotonic()
    calls: list[tuple[str, str, Any]] = [
        ("GET", f"/api/chats/{chat}/messages", None),
        ("POST", f"/api/chats/{chat}/messages", {"content": "still here?"}),
        ("GET", f"/api/workspaces/{workspace}", None),
    ]
    assert [bob.call(*call).status_code for call in calls] == [404] * 3
    assert bob.get("/api/chats").json["items"] == []
    assert ann.post(f"/api/chats/{chat}/messages", {"content": "he is gone"}).status_code == 201
    bobs.expect("workspace.member_removed", user_id=bob.id)
    anns.expect_message("he is gone")
    in_time(began, SOON)
    assert bobs.messages() == []
    for stream in (anns, bobs):
        stream.close()


def test_a_member_who_becomes_a_guest(doors: Doors, ann: Account) -> None:
    bob = sign_up(doors.client())
    workspace = invite(ann, bob)
    anns, bobs = doors.listen(ann.access_token), doors.listen(bob.access_token)
    before = make_chat(ann, workspace, type="public_channel")
    bobs.expect("chat.created", chat_id=before)
    role = ann.patch(f"/api/workspaces/{workspace}/members/{bob.id}", {"role": "guest"})
    assert role.status_code == 200
    began = monotonic()
    assert bob.post(f"/api/chats/{before}/join").status_code == 404
    assert bob.post("/api/chats", {"workspace_id": workspace, "type": "public_channel", "name": "x"}).status_code == 403
    assert bob.get(f"/api/workspaces/{workspace}/channels").json["items"] == []
    after = make_chat(ann, workspace, type="public_channel")
    anns.expect("chat.created", chat_id=after)
    bobs.expect("workspace.member_updated", role="guest")
    in_time(began, SOON)
    shared = make_chat(ann, workspace, bob)
    bobs.expect("chat.created", chat_id=shared)  # behind which that of `after` would have come
    assert not [e for e in bobs.events if e.type.startswith("chat.") and e.data["chat_id"] == after]
    for stream in (anns, bobs):
        stream.close()


def test_a_chats_admin_who_becomes_a_member(doors: Doors, ann: Account) -> None:
    bob, cat = sign_up(doors.client()), sign_up(doors.client())
    workspace = invite(ann, bob)
    invite(ann, cat)
    chat = make_chat(ann, workspace, bob)
    bobs = doors.listen(bob.access_token)
    member = f"/api/chats/{chat}/members/{bob.id}"
    assert ann.patch(member, {"role": "admin"}).status_code == 200
    assert bob.patch(f"/api/chats/{chat}", {"topic": "mine"}).status_code == 200
    assert ann.patch(member, {"role": "member"}).status_code == 200
    began = monotonic()
    calls: list[tuple[str, str, Any]] = [
        ("PATCH", f"/api/chats/{chat}", {"topic": "still mine"}),
        ("POST", f"/api/chats/{chat}/members", {"user_ids": [cat.id]}),
        ("DELETE", f"/api/chats/{chat}/members/{ann.id}", None),
    ]
    assert [bob.call(*call).status_code for call in calls] == [403] * 3
    bobs.expect("member.updated", user_id=bob.id, role="member")
    in_time(began, SOON)
    bobs.close()
