"""Push services that have never taken anything, or failed of late, hold up others like them, and none that works."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from fechatter.push.fan_out import fan_out
from fechatter.push.sending import SENDERS, UNPROVEN
from fechatter.retention import Budget
from tests.fechatter.push.conftest import Office, until


@pytest.mark.parametrize("before", ["never took anything", "took something and failed of late"])
def test_push_services_that_do_not_answer_hold_up_none_that_works(office: Office, before: str) -> None:
    """More of them than there are senders: who works has senders that they cannot have."""
    works = office.subscribe(office.ben)
    office.post(office.ann, "Hello")
    assert office.push() == ["sent"]
    done, tarpits = Event(), [office.subscribe(office.ben) for _ in range(2 * SENDERS)]
    office.service.answers |= {tarpit.path: lambda request: done.wait(20) for tarpit in tarpits}
    office.post(office.ann, "Are you there?")
    fan_out(office.engine, office.workspace)
    first = "(SELECT min(id) FROM push_subscriptions)"
    office.run(f"UPDATE pushes SET due_at = now() - interval '1 hour' WHERE subscription_id <> {first}")
    if "of late" in before:
        office.run(f"UPDATE push_subscriptions SET taken_at = now(), failures = 1 WHERE id <> {first}")
    with ThreadPoolExecutor(1) as pool:
        run = pool.submit(office.sending().send_due, Budget(60))
        try:
            until(lambda: len(office.service.to(works)) == 2)
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
    office.sending().send_due(Budget(60))
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
    office.sending().send_due(Budget(60))
    due = due_of(office)
    assert due[works.endpoint] > 10
    assert due[new.endpoint] <= 5
