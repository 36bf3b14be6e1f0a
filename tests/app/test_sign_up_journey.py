"""Signing up under each policy as a person does it, with web, worker and a mail server beside each other."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.app.signing import PASSWORD, an_email
from tests.app.test_gunicorn import serving
from tests.doors import Door, until
from tests.mail_server import Mailbox, a_mail_server, token_in
from tests.own_redis import own_redis

MAIL_FROM = "Chat <chat@example.org>"


@contextmanager
def installation(folder: Path, database_url: str, policy: str, box: Mailbox) -> Iterator[httpx.Client]:
    """web and worker in production, on a Redis of their own."""
    with ExitStack() as parts:
        redis = parts.enter_context(own_redis(folder)).start()
        port = parts.enter_context(a_mail_server(box))
        told = {"DATABASE_URL": database_url, "REDIS_URL": redis.url, "MAIL_FROM": MAIL_FROM}
        mail = {"SMTP_URL": f"smtp://127.0.0.1:{port}", "PUBLIC_URL": "https://chat.example.org"}
        worker = Door("worker", folder / "worker.log", **told, **mail)
        parts.enter_context(worker.process)
        web = parts.enter_context(serving(folder, **told, SIGN_UP=policy, WEB_CONCURRENCY="1"))
        worker.until_it_says("ready")
        yield parts.enter_context(httpx.Client(base_url=web.url, timeout=60))


@pytest.mark.parametrize(
    ("policy", "status"), [("open", 201), ("invited", 403), ("domains:example.org", 202), ("closed", 403)]
)
def test_a_stranger_comes_as_far_as_the_policy_lets_it(
    tmp_path: Path, database_url: str, policy: str, status: int
) -> None:
    box, email = Mailbox(), an_email()
    body = {"email": email, "password": PASSWORD}
    with installation(tmp_path, database_url, policy, box) as web:
        assert web.get("/api/config").json()["sign_up"] == policy.partition(":")[0]
        assert web.post("/api/auth/signup", json=body | {"name": "Ann"}).status_code == status
        assert web.post("/api/auth/signin", json=body).status_code == {201: 200, 202: 403, 403: 401}[status]
        if status == 202:
            until(lambda: box.to(email), 60, "the mail")
            token = token_in(box.to(email)[0])
            assert web.get(f"/verify/{token}", headers={"Accept": "text/html"}).status_code == 200
            assert web.post("/api/auth/verify", json={"token": token}).status_code == 204
            assert web.post("/api/auth/signin", json=body).status_code == 200
        assert len(box.to(email)) == (1 if status == 202 else 0)


def test_who_forgot_the_password_gets_in_again_by_a_mail(tmp_path: Path, database_url: str) -> None:
    box, email = Mailbox(), an_email()
    with installation(tmp_path, database_url, "open", box) as web:
        web.post("/api/auth/signup", json={"email": email, "password": PASSWORD, "name": "Ann"})
        nobody = an_email()
        for asked in (nobody, email):
            assert web.post("/api/auth/forgot", json={"email": asked}).status_code == 204
        until(lambda: box.to(email), 60, "the mail")
        body = {"token": token_in(box.to(email)[0]), "password": "a newer and longer one"}
        assert web.post("/api/auth/reset", json=body).status_code == 204
        assert web.post("/api/auth/reset", json=body).status_code == 404
        until(lambda: len(box.to(email)) == 2, 60, "word of the change")
        answer = web.post("/api/auth/signin", json={"email": email, "password": body["password"]})
        assert answer.status_code == 200
        assert nobody not in box.asked
