"""What fails is tried again, later and later, but not for ever; what is gone or refused is not."""

from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler

import pytest
from sqlalchemy import text

from fechatter.push import sending
from fechatter.push.connection import CheckedSession
from fechatter.push.due import MOST_ATTEMPTS, Claimed, claim, rest
from fechatter.push.fan_out import fan_out
from tests.fechatter.push.conftest import Office
from tests.waiting import until_waiting


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_is_gone_is_removed_with_all_that_waits(office: Office, status: int) -> None:
    browser = office.subscribe(office.ben)
    office.service.answers[browser.path] = status
    chats = [office.chat, office.world.chat(office.ann, office.workspace, office.ben)]
    for chat in chats:
        office.post(office.ann, "Hello", chat)
    assert set(office.push()) <= {"gone", "dropped"}
    assert office.rows() == []
    assert office.run("SELECT count(*) FROM push_subscriptions").scalar_one() == 0


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_what_fails_is_tried_again_later_and_later(office: Office, status: int) -> None:
    browser = office.subscribe(office.ben)
    office.service.answers[browser.path] = status
    office.post(office.ann, "Hello")
    for pause in (15, 30, 60):
        assert office.push() == ["failed"]
        assert office.seconds_left() == pytest.approx(pause, abs=5)
        assert office.push() == [], "it is not due"
        office.make_due()
    del office.service.answers[browser.path]
    assert office.push() == ["sent"]
    assert len(office.service.to(browser)) == 4
    failures = office.run("SELECT failures, rests_until FROM push_subscriptions").one()
    assert tuple(failures) == (0, None)


def test_attempts_come_to_an_end(office: Office) -> None:
    browser = office.subscribe(office.ben)
    office.service.answers[browser.path] = 500
    office.post(office.ann, "Hello")
    for _ in range(MOST_ATTEMPTS + 2):
        office.push()
        office.make_due()
    assert len(office.service.to(browser)) == MOST_ATTEMPTS
    assert office.rows() == []


def test_retry_after_is_heeded_within_a_day(office: Office) -> None:
    browser = office.subscribe(office.ben)
    office.service.answers[browser.path] = 429
    office.post(office.ann, "Hello")
    for told, pause in (("600", 600), ("99999999999", 86_400), ("nonsense", 60)):
        office.service.headers["Retry-After"] = told
        assert office.push() == ["failed"]
        assert office.seconds_left() == pytest.approx(pause, abs=5)
        office.make_due()


def test_while_a_subscription_rests_nothing_else_is_tried_there(office: Office) -> None:
    browser, other = office.subscribe(office.ben), office.world.chat(office.ann, office.workspace, office.ben)
    office.service.answers[browser.path] = 503
    office.post(office.ann, "Hello")
    fan_out(office.engine, office.workspace)
    office.post(office.ann, "Hello", other)
    office.push()
    asked = len(office.service.to(browser))
    third = office.world.chat(office.ann, office.workspace, office.ben)
    office.post(office.ann, "Hello", third)
    assert office.push() == []
    assert len(office.service.to(browser)) == asked
    assert len(office.rows()) == 3


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 401, 403, 413])
def test_what_is_refused_is_not_tried_again(office: Office, status: int) -> None:
    browser = office.subscribe(office.ben)
    office.service.answers[browser.path] = status
    office.service.headers["Location"] = f"{office.service.origin}/elsewhere"
    office.post(office.ann, "Hello")
    assert office.push() == ["refused"]
    assert office.rows() == []
    assert len(office.service.to(browser)) == 1
    assert "/elsewhere" not in {pushed.path for pushed in office.service.got}


def test_what_leads_inside_is_refused_and_reached_by_nobody(office: Office) -> None:
    browser = office.subscribe(office.ben)
    before = office.service.connections
    office.post(office.ann, "Hello")
    assert office.push(CheckedSession(tls=office.service.tls)) == ["refused"]
    assert office.service.connections == before
    assert office.service.to(browser) == []


def test_who_hangs_up_is_tried_again(office: Office) -> None:
    browser = office.subscribe(office.ben)

    def hang_up(request: BaseHTTPRequestHandler) -> None:
        request.close_connection = True

    office.service.answers[browser.path] = hang_up
    office.post(office.ann, "Hello")
    assert office.push() == ["failed"]
    office.make_due()
    del office.service.answers[browser.path]
    assert office.push() == ["sent"]


def test_an_older_one_that_failed_says_nothing_behind_a_newer_one(office: Office) -> None:
    browser = office.subscribe(office.ben)
    office.service.answers[browser.path] = 500
    office.post(office.ann, "Old")
    assert office.push() == ["failed"]
    del office.service.answers[browser.path]
    office.post(office.ann, "New")
    fan_out(office.engine, office.workspace)
    office.make_due()
    assert sorted(office.push()) == ["dropped", "sent"]
    assert office.service.told(browser)[-1]["text"] == "New"


def claimed(office: Office) -> tuple[Claimed, Claimed]:
    """Two pushes to new browsers of one person, both under way."""
    for _ in range(2):
        office.subscribe(office.ben)
    office.post(office.ann, "Hello")
    fan_out(office.engine, office.workspace)
    one, other = claim(office.engine), claim(office.engine)
    assert one
    assert other
    return one, other


HELD = text("SELECT FROM pushes WHERE id = :id FOR UPDATE")


def test_two_that_fail_at_once_do_not_wait_for_each_other(office: Office) -> None:
    one, other = claimed(office)
    with ThreadPoolExecutor(1) as pool, office.engine.begin() as connection:
        connection.execute(HELD, {"id": other.id})
        pool.submit(rest, office.engine, one, 60, False).result(10)


def test_one_that_fails_holds_no_other_while_it_waits_for_its_own(office: Office) -> None:
    one, other = claimed(office)
    with ThreadPoolExecutor(1) as pool:
        with office.engine.begin() as connection:
            connection.execute(HELD, {"id": one.id})
            resting = pool.submit(rest, office.engine, one, 60, False)
            until_waiting(office.engine, 1, "pushes")
            with office.engine.begin() as third:
                assert third.execute(text(f"{HELD} SKIP LOCKED"), {"id": other.id}).rowcount == 1
        resting.result(10)


def test_pauses_have_an_end() -> None:
    assert [sending.pause_after(failures) for failures in (0, 1, 2, 7, 8, 1000)] == [15, 30, 60, 1920, 3600, 3600]
