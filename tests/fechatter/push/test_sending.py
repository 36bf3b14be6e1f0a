"""Each push is sent once, as the standards have it; what fails is tried again, but not for ever and not too often."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from fechatter.push import due
from fechatter.push.due import CLAIM, MOST_ATTEMPTS, MOST_OF_ALL, MOST_OF_CHAT, claim
from fechatter.push.fan_out import fan_out
from fechatter.push.keys import private_key, public_key
from fechatter.push.sending import SENDERS, UNPROVEN
from fechatter.push.settings import PushSettings
from fechatter.retention import Budget
from tests.fechatter.push.conftest import CONTACT, Office
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
            office_until(lambda: bool(office.service.to(slow)) and bool(office.service.to(quick)))
            other = office.world.chat(office.ann, office.workspace, office.ben)
            office.post(office.ann, "Meanwhile", other)
            fan_out(office.engine, office.workspace)
            office_until(lambda: len(office.service.to(quick)) == 2)
            assert not run.done()
        finally:
            done.set()
        run.result()


@pytest.mark.parametrize("before", ["never took anything", "took something and failed of late"])
def test_push_services_that_do_not_answer_hold_up_none_that_works(office: Office, before: str) -> None:
    """More of them than there are senders: who works has senders that they cannot have."""
    works = office.subscribe(office.ben)
    office.post(office.ann, "Hello")
    assert office.push() == ["sent"]
    done, tarpits = Event(), [office.subscribe(office.ben) for _ in range(2 * SENDERS)]
    office.service.answers |= {tarpit.path: lambda request: done.wait(60) for tarpit in tarpits}
    office.post(office.ann, "Are you there?")
    fan_out(office.engine, office.workspace)
    first = "(SELECT min(id) FROM push_subscriptions)"
    office.run(f"UPDATE pushes SET due_at = now() - interval '1 hour' WHERE subscription_id <> {first}")
    if "of late" in before:
        office.run(f"UPDATE push_subscriptions SET taken_at = now(), failures = 1 WHERE id <> {first}")
    with ThreadPoolExecutor(1) as pool:
        run = pool.submit(office.sending().send_due, Budget(60))
        try:
            office_until(lambda: len(office.service.to(works)) == 2)
            assert sum(bool(office.service.to(tarpit)) for tarpit in tarpits) <= UNPROVEN
        finally:
            office.service.answers |= dict.fromkeys((tarpit.path for tarpit in tarpits), 500)
            done.set()
        run.result()


def test_what_never_answered_lets_the_others_of_its_person_wait_that_never_did(office: Office) -> None:
    works = office.subscribe(office.ben)
    office.post(office.ann, "Hello")
    assert office.push() == ["sent"]
    silent, new = office.subscribe(office.ben), office.subscribe(office.ben)
    office.service.answers[silent.path] = 500
    office.post(office.ann, "Are you there?")
    fan_out(office.engine, office.workspace)
    of = "FROM push_subscriptions s WHERE s.id = subscription_id"
    office.run(
        f"UPDATE pushes SET due_at = now() + interval '10 s' WHERE (SELECT s.endpoint {of}) <> :one",
        one=silent.endpoint,
    )
    office.sending().send_due(Budget(60))
    due = dict(office.run(f"SELECT (SELECT s.endpoint {of}), due_at FROM pushes WHERE sent_at IS NULL").all())
    assert due[works.endpoint] < due[silent.endpoint]
    assert due[works.endpoint] < due[new.endpoint]


def due_of(office: Office) -> dict[str, float]:
    """Seconds until the pushes that wait for these endpoints are due."""
    waiting = (
        "SELECT s.endpoint, extract(epoch FROM p.due_at - now()) FROM pushes p"
        " JOIN push_subscriptions s ON s.id = p.subscription_id WHERE p.sent_at IS NULL"
    )
    return {endpoint: float(seconds) for endpoint, seconds in office.run(waiting).all()}


def test_what_never_answered_lets_nobody_elses_wait_that_are_as_new(office: Office) -> None:
    cat = office.world.person("Cat")
    office.world.enter(office.workspace, cat)
    office.world.add(office.ann, office.chat, cat)
    silent, new, of_cat = office.subscribe(office.ben), office.subscribe(office.ben), office.subscribe(cat)
    office.service.answers[silent.path] = 500
    office.post(office.ann, "Are you there?")
    fan_out(office.engine, office.workspace)
    of_silent = "(SELECT id FROM push_subscriptions WHERE endpoint = :one)"
    later = "UPDATE pushes SET due_at = now() + interval '5 s'"
    office.run(f"{later} WHERE subscription_id <> {of_silent}", one=silent.endpoint)
    office.sending().send_due(Budget(20))
    due = due_of(office)
    assert due[silent.endpoint] > 10
    assert due[new.endpoint] > 10
    assert due[of_cat.endpoint] <= 5


def test_what_has_worked_and_fails_now_lets_no_new_one_of_its_person_wait(office: Office) -> None:
    works = office.subscribe(office.ben)
    office.post(office.ann, "Hello")
    assert office.push() == ["sent"]
    new = office.subscribe(office.ben)
    office.service.answers[works.path] = 500
    office.post(office.ann, "Are you there?")
    fan_out(office.engine, office.workspace)
    of_new = "(SELECT id FROM push_subscriptions WHERE endpoint = :one)"
    office.run(f"UPDATE pushes SET due_at = now() + interval '5 s' WHERE subscription_id = {of_new}", one=new.endpoint)
    office.sending().send_due(Budget(20))
    due = due_of(office)
    assert due[works.endpoint] > 10
    assert due[new.endpoint] <= 5


def office_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.01)


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
