"""Passwords and mails go out encrypted where they must; mails in a folder are whole and private."""

import stat
from pathlib import Path
from urllib.parse import quote

import pytest

from fechatter.models import User
from tests.fechatter.mail.conftest import Post
from tests.mail_server import PASSWORD, USER, Mailbox, a_certificate, a_mail_server, parsed, token_in

LOGIN = f"{USER}:{quote(PASSWORD, safe='')}@"


def test_what_a_server_can_encrypt_is_encrypted_and_it_is_told_the_password(
    post: Post, ann: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls, trusted = a_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    post.put("reset", ann.email_key)
    with a_mail_server(post.box, tls=tls, require_starttls=True, auth_required=True) as port:
        assert post.send(smtp_url=f"smtp://{LOGIN}127.0.0.1:{port}") == 1
    assert post.box.logins == [PASSWORD.encode()]
    assert len(post.box.to(ann.email)) == 1


@pytest.mark.parametrize(("address", "trusts"), [("127.0.0.1", False), ("127.0.0.2", True)])
def test_a_certificate_of_somebody_else_gets_no_mail_and_no_password(
    post: Post, ann: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, trusts: bool
) -> None:
    tls, certificate = a_certificate(tmp_path, address)
    if trusts:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    mail = post.put("reset", ann.email_key)
    with a_mail_server(post.box, tls=tls, require_starttls=True) as port:
        assert post.send(smtp_url=f"smtp://{LOGIN}127.0.0.1:{port}") == 0
        assert (post.box.logins, post.box.mails) == ([], [])
        post.make_due(mail)
        assert post.send(smtp_url=f"smtp://{LOGIN}127.0.0.1:{port}", verifies=False) == 1, "unless it is told so"


def test_a_password_is_never_sent_in_the_clear(post: Post, ann: User) -> None:
    """A server that offers no encryption may be somebody between us and the one that does."""
    mail, box = post.put("reset", ann.email_key), Mailbox()
    with a_mail_server(box, auth_exclude_mechanism=[]) as port:
        assert post.send(smtp_url=f"smtp://{LOGIN}127.0.0.1:{port}") == 0
    assert (box.logins, box.mails) == ([], [])
    assert post.waiting(mail) is not None


def test_a_wrong_password_is_for_an_operator_to_mend_and_the_mail_waits(
    post: Post, ann: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls, trusted = a_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    mail = post.put("reset", ann.email_key)
    with a_mail_server(post.box, tls=tls, require_starttls=True, auth_required=True) as port:
        for login in (f"{USER}:wrong@", ""):
            assert post.send(smtp_url=f"smtp://{login}127.0.0.1:{port}") == 0
            assert (post.waiting(mail) or (9, 0))[0] <= 2
            post.make_due(mail)
        assert post.send(smtp_url=f"smtp://{LOGIN}127.0.0.1:{port}") == 1


def test_a_mail_in_a_folder_is_whole_and_for_its_owner_alone(post: Post, ann: User, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "mail"
    mail = post.put("verify", ann.email_key, user_id=ann.id)
    assert post.send(folder=str(folder)) == 1
    (file,) = folder.iterdir()
    assert file.name == f"{mail:08}-verify.eml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    written = parsed(file.read_bytes())
    assert written["To"] == ann.email
    assert token_in(written)
    assert post.box.mails == [], "a folder goes before a server"


def test_a_folder_that_cannot_be_written_keeps_the_mail_for_later(post: Post, ann: User, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    mail = post.put("reset", ann.email_key)
    assert post.send(folder=str(tmp_path / "file")) == 0
    assert post.waiting(mail) == (1, pytest.approx(30, abs=5))
