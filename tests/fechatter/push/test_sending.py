"""Each push is sent once, as the standards have it; what fails is tried again, but not for ever and not too often."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from fechatter.push import due
from fechatter.push.due import CLAIM, MOST_ATTEMPTS, MOST_OF_ALL, MOST_OF_CHAT, claim
from fechatter.push.fan_out import fan_out
from fechatter.push.keys import private_key, public_key
from fechatter.push.settings import PushSettings
from fechatter.retention import Budget
from tests.fechatter.push.conftest import CONTACT, Office, until
from tests.push_service import signer


def test_a_push_is_encrypted_signed_and_says_how_long_and_how_urgent_it_is(office: Office) -> None:
    browser = office.subscribe(office.ben)
    office.post(office.ann, "Very secret")
    before = time.time()
    assert office.push() == ["sent"]
    [pushed] = office.service.to(browser)
    assert b"secret" not in pushed.body
    key, claims = signer(pushed)
    with office.engine.begin() as connection:
        assert key == public_key(private_key(connection, PushSettings()))
    assert (claims["aud"], claims["sub"]) == (office.service.origin, CONTACT)
    assert before < claims["exp"] <= before + 86_400
    assert 86_000 < int(pushed.headers["ttl"]) <= 86_400
    assert pushed.headers["urgency"] == "normal"
    assert len(pushed.headers["topic"]) == 32
    assert len(pushed.body) < 4096


def test_what_two_say_to_each_other_is_more_urgent(office: Office) -> None:
    browser = office.subscribe(office.ben)
    office.post(office.ann, "Hello", office.world.chat(office.ann, office.workspace, office.ben, type="single"))
    office.push()
    assert [pushed.headers["urgency"] for pushed in office.service.to(browser)] == ["high"]


def test_much_that_is_said_at_once_is_one_push(office: Office) -> None:
    browser = office.subscribe(office.ben)
    for number in range(20):
        office.post(office.ann, f"Message {number}")
    assert office.push() == ["sent"]
    assert [told["text"] for told in office.service.told(browser)] == ["Message 19"]


def test_pushes_of_one_chat_have_one_topic_and_are_few_a_minute(office: Office) -> None:
    browser = office.subscribe(office.ben)
    outcomes = []
    for number in range(MOST_OF_CHAT + 2):
        office.post(office.ann, f"Message {number}")
        outcomes += office.push()
    assert outcomes == ["sent"] * MOST_OF_CHAT + ["put_off"], "behind one that waits another is not due"
    assert len({pushed.headers["topic"] for pushed in office.service.to(browser)}) == 1
    assert 0 < office.seconds_left() <= 60
    office.forget_pace()
    office.make_due()
    assert office.push() == ["sent"]
    assert office.service.told(browser)[-1]["text"] == f"Message {MOST_OF_CHAT + 1}"


def test_other_chats_and_other_people_have_their_own_share(office: Office) -> None:
    cat = office.world.person("Cat")
    office.world.enter(office.workspace, cat)
    office.world.add(office.ann, office.chat, cat)
    office.subscribe(office.ben)
    for number in range(MOST_OF_CHAT + 1):
        office.post(office.ann, f"Message {number}")
        office.push()
    office.subscribe(cat)
    other = office.world.chat(office.ann, office.workspace, office.ben)
    office.post(office.ann, "Elsewhere", other)
    office.post(office.ann, "Here")
    assert office.push().count("sent") == 2


def test_one_browser_is_sent_only_so_much_over_all_chats(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_OF_ALL > MOST_OF_CHAT
    monkeypatch.setattr(due, "MOST_OF_ALL", 2)
    office.subscribe(office.ben)
    outcomes = []
    for _ in range(3):
        office.post(office.ann, "Hello", office.world.chat(office.ann, office.workspace, office.ben))
        outcomes += office.push()
    assert outcomes == ["sent", "sent", "put_off"]


def test_nothing_of_it_is_in_the_log(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    browser, other = office.subscribe(office.ben), office.subscribe(office.ben)
    office.service.answers |= {browser.path: 500, other.path: 403}
    office.post(office.ann, "Very secret")
    with caplog.at_level(logging.DEBUG):
        assert sorted(office.push()) == ["failed", "refused"]
    said = "\n".join(record.getMessage() for record in caplog.records)
    assert "did not leave" in said
    for word in ("secret", "Ann", "Ben", office.service.origin, "/send/", browser.endpoint, other.endpoint):
        assert word not in said, word


def test_a_slow_push_service_holds_up_no_other(office: Office) -> None:
    slow, quick = office.subscribe(office.ben), office.subscribe(office.ben)
    done = Event()
    office.service.answers[slow.path] = lambda request: done.wait(60)
    office.post(office.ann, "Hello")
    fan_out(office.engine, office.workspace)
    with ThreadPoolExecutor(1) as pool:
        run = pool.submit(office.sending().send_due, Budget(60))
        try:
            until(lambda: bool(office.service.to(slow)) and bool(office.service.to(quick)))
            other = office.world.chat(office.ann, office.workspace, office.ben)
            office.post(office.ann, "Meanwhile", other)
            fan_out(office.engine, office.workspace)
            until(lambda: len(office.service.to(quick)) == 2)
            assert not run.done()
        finally:
            done.set()
        run.result()


def test_workers_that_send_at_once_send_nothing_twice(office: Office) -> None:
    browsers = [office.subscribe(office.ben) for _ in range(12)]
    office.post(office.ann, "Hello")
    fan_out(office.engine, office.workspace)
    with ThreadPoolExecutor(3) as pool:
        for run in [pool.submit(office.sending().send_due, Budget(60)) for _ in range(3)]:
            run.result()
    assert [len(office.service.to(browser)) for browser in browsers] == [1] * 12


def test_a_push_whose_worker_was_killed_is_left_alone_for_a_while_and_sent_once_more(office: Office) -> None:
    browser = office.subscribe(office.ben)
    office.post(office.ann, "Hello")
    fan_out(office.engine, office.workspace)
    assert claim(office.engine)
    assert office.push() == []
    assert office.seconds_left() == pytest.approx(CLAIM, abs=5)
    office.make_due()
    assert office.push() == ["sent"]
    office.make_due()
    assert office.push() == []
    assert len(office.service.to(browser)) == 1


def test_one_that_kills_each_worker_is_given_up(office: Office) -> None:
    office.subscribe(office.ben)
    office.post(office.ann, "Hello")
    fan_out(office.engine, office.workspace)
    for _ in range(MOST_ATTEMPTS):
        assert claim(office.engine)
        office.make_due()
    assert office.push() == ["dropped"]


def test_a_run_whose_time_is_over_begins_nothing(office: Office) -> None:
    office.subscribe(office.ben)
    office.post(office.ann, "Hello")
    fan_out(office.engine, office.workspace)
    office.sending().send_due(Budget(0))
    assert len(office.rows()) == 1
