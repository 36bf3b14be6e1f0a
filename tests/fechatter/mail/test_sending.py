"""Each mail leaves once, to whom it is for; what fails is tried again, but not for ever."""

import hashlib
import logging
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from fechatter.mail import sending
from fechatter.mail.sending import MOST_ATTEMPTS
from fechatter.mail.texts import KINDS, compose
from fechatter.models import User
from launcher.ports import free_port
from tests.factories import a_user, committed
from tests.fechatter.mail.conftest import SENDER, URL, Post, nobody
from tests.mail_server import a_mail_server, token_in


def test_a_reset_goes_to_the_account_that_has_the_address_with_a_link_that_is_kept_as_a_hash(
    post: Post, ann: User
) -> None:
    mail = post.put("reset", ann.email_key)
    assert post.send() == 1
    (sent,) = post.box.to(ann.email)
    assert (sent["From"], sent["Subject"], sent["Auto-Submitted"]) == (SENDER, KINDS["reset"].subject, "auto-generated")
    assert sent.get_content_type() == "text/plain"
    token = token_in(sent)
    assert f"\n{URL}/reset/{token}\n" in sent.get_content().replace("\r\n", "\n")
    assert post.tokens(ann) == [(hashlib.sha256(token.encode()).digest(), "reset")]
    assert post.waiting(mail) is None


def test_an_address_that_nobody_has_gets_nothing(post: Post) -> None:
    mail, email = post.put("reset", nobody()), nobody()
    assert post.send() == 0
    assert post.box.asked == []
    assert post.waiting(mail) is None
    assert email not in post.box.asked


def test_the_mail_goes_to_the_address_of_the_account_not_to_what_was_typed(post: Post, engine: Engine) -> None:
    name = uuid4().hex
    with committed(engine) as session:
        user = a_user(session)
        user.email, user.email_key = f"{name}@xn--mnchen-3ya.example", f"{name}@münchen.example"
    post.put("reset", f"{name}@münchen.example")
    assert post.send() == 1
    assert post.box.asked == [f"{name}@xn--mnchen-3ya.example"]


def test_a_new_link_voids_the_older_ones_of_its_purpose_alone(post: Post, ann: User) -> None:
    for kind in ("verify", "reset", "reset"):
        post.put(kind, ann.email_key, user_id=ann.id)
    assert post.send() == 3
    assert sorted(purpose for _, purpose in post.tokens(ann)) == ["reset", "verify"]
    newest = token_in(post.box.to(ann.email)[-1])
    assert (hashlib.sha256(newest.encode()).digest(), "reset") in post.tokens(ann)


def test_who_has_proved_the_address_is_not_asked_again(post: Post, ann: User) -> None:
    post.run("UPDATE users SET email_verified_at = now() WHERE id = :id", id=ann.id)
    post.put("verify", ann.email_key, user_id=ann.id)
    post.put("password_changed", ann.email_key, user_id=ann.id)
    assert post.send() == 1
    assert [mail["Subject"] for mail in post.box.to(ann.email)] == [KINDS["password_changed"].subject]


def test_a_recipient_that_is_refused_is_not_tried_again_and_not_in_the_log(
    post: Post, ann: User, caplog: pytest.LogCaptureFixture
) -> None:
    post.box.answers[ann.email] = "550"
    mail = post.put("reset", ann.email_key)
    with caplog.at_level(logging.DEBUG):
        assert post.send() == 0
        post.make_due(mail)
        assert post.send() == 0
    assert post.box.asked == [ann.email]
    said = [record.getMessage() for record in caplog.records if record.name == sending.log.name]
    assert said == [f"mail {mail} (reset) was refused: SMTPRecipientsRefused 550"]
    assert post.waiting(mail) is not None, "it stays on record"


def test_a_recipient_that_cannot_be_had_now_is_tried_again_later(post: Post, ann: User) -> None:
    post.box.answers[ann.email] = "451"
    mail = post.put("reset", ann.email_key)
    assert post.send() == 0
    assert post.waiting(mail) == (1, pytest.approx(30, abs=5))
    assert post.send() == 0, "it is not due"
    assert post.box.asked == [ann.email]
    del post.box.answers[ann.email]
    post.make_due(mail)
    assert post.send() == 1
    assert post.waiting(mail) is None


def test_a_server_that_is_away_gets_the_mail_when_it_is_back(post: Post, ann: User) -> None:
    mail, port = post.put("verify", ann.email_key, user_id=ann.id), free_port()
    for attempt, pause in ((1, 30), (2, 60), (3, 120)):
        assert post.send(port) == 0
        assert post.waiting(mail) == (attempt, pytest.approx(pause, abs=5))
        post.make_due(mail)
    with a_mail_server(post.box, port):
        assert post.send(port) == 1
    assert len(post.box.to(ann.email)) == 1


def test_attempts_come_to_an_end(post: Post, ann: User) -> None:
    mail, port = post.put("reset", ann.email_key), free_port()
    for _ in range(MOST_ATTEMPTS + 2):
        post.send(port)
        post.make_due(mail)
    attempts, _ = post.waiting(mail) or (0, 0)
    assert attempts == MOST_ATTEMPTS
    assert post.send() == 0


def test_what_has_waited_for_a_day_is_not_wanted_any_more(post: Post, ann: User) -> None:
    mail = post.put("reset", ann.email_key)
    post.run("UPDATE mails SET created_at = now() - interval '25 hours' WHERE id = :id", id=mail)
    assert post.send() == 0


def test_workers_that_send_at_once_send_nothing_twice(post: Post, engine: Engine) -> None:
    with committed(engine) as session:
        people = [a_user(session) for _ in range(24)]
    for user in people:
        post.put("reset", user.email_key)
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: post.send(), range(4))) == len(people)
    assert sorted(post.box.asked) == sorted(user.email for user in people)


def test_a_mail_whose_worker_was_killed_is_left_alone_for_a_while_and_then_sent(post: Post, ann: User) -> None:
    mail = post.put("reset", ann.email_key)
    assert sending._claim(post.engine)
    assert post.send() == 0
    assert post.waiting(mail) == (1, pytest.approx(sending.CLAIM, abs=5))
    post.make_due(mail)
    assert post.send() == 1


def test_nothing_becomes_a_second_header() -> None:
    for sender, to in ((f"{SENDER}\r\nBcc: x@example.org", "a@example.org"), (SENDER, "a@example.org\nBcc: x@b.c")):
        with pytest.raises(ValueError):
            compose(KINDS["reset"], sender, to, URL, "token")
