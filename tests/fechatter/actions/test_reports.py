"""Reports keep a copy of a message for those who look after the workspace, for as long as its text may be kept."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from fechatter.actions.messages import delete_message, edit_message
from fechatter.actions.reports import report_message, settle_report
from fechatter.actions.workspaces import create_workspace
from fechatter.errors import Conflict, Forbidden, NotFound
from fechatter.models import Report, User, Workspace
from fechatter.queries.reports import reports
from fechatter.shapes import Shape
from tests.factories import a_chat, a_message, a_user, join_workspace
from tests.fechatter.actions.people import a_colleague

NEWEST = 2**63 - 1


@pytest.fixture
def ben(session: Session, acme: Workspace) -> User:
    user = a_user(session, "ben")
    join_workspace(session, acme, user)
    return user


@pytest.fixture
def cleo(session: Session, acme: Workspace) -> User:
    user = a_user(session, "cleo")
    join_workspace(session, acme, user)
    return user


def listed(session: Session, user: User, acme: Workspace, resolved: bool | None = None) -> list[Shape]:
    return reports(session, user.id, acme.id, resolved, NEWEST, 100)


def test_the_owner_sees_a_copy_also_of_a_chat_that_it_is_not_in(
    session: Session, acme: Workspace, maria: User, ben: User, cleo: User
) -> None:
    chat = a_chat(session, acme, "single", [ben, cleo])
    message = a_message(session, chat, ben, "Something nasty")
    report, is_new = report_message(session, cleo.id, message["id"], "This is nasty")
    edit_message(session, ben.id, message["id"], "Something nice")
    (shape,) = listed(session, maria, acme)
    assert is_new
    assert (shape["id"], shape["content"], shape["reason"]) == (report.id, "Something nasty", "This is nasty")
    assert (shape["author_id"], shape["reporter_id"], shape["chat_id"]) == (ben.id, cleo.id, chat.id)


def test_each_reader_reports_a_message_once(session: Session, acme: Workspace, ben: User, cleo: User) -> None:
    chat = a_chat(session, acme, "group", [ben, cleo])
    message = a_message(session, chat, ben)
    first, _ = report_message(session, cleo.id, message["id"], "One")
    again, is_new = report_message(session, cleo.id, message["id"], "Two")
    assert (again.id, is_new, again.reason) == (first.id, False, "One")
    assert report_message(session, ben.id, message["id"], "Mine")[1]


def test_the_text_of_a_deleted_message_is_in_no_report(
    session: Session, acme: Workspace, maria: User, ben: User, cleo: User
) -> None:
    chat = a_chat(session, acme, "group", [ben, cleo])
    message, kept = a_message(session, chat, ben, "secret"), a_message(session, chat, ben, "kept")
    for one in (message, kept):
        report_message(session, cleo.id, one["id"], "Why")
    delete_message(session, ben.id, message["id"])
    session.expire_all()
    assert [shape["content"] for shape in listed(session, maria, acme)] == ["kept", None]
    with pytest.raises(Conflict) as refused:
        report_message(session, ben.id, message["id"], "Too late")
    assert refused.value.code == "message_deleted"


def test_only_who_may_read_a_message_reports_it(session: Session, acme: Workspace, ben: User, cleo: User) -> None:
    private, public = (a_chat(session, acme, type, [ben]) for type in ("private_channel", "public_channel"))
    messages = [a_message(session, chat, ben)["id"] for chat in (private, public)]
    refusals: list[tuple[int, int, type[Exception]]] = [
        (cleo.id, messages[0], NotFound),
        (cleo.id, messages[1], Forbidden),
        (a_user(session).id, messages[1], NotFound),
        (cleo.id, 2**62, NotFound),
    ]
    for user_id, message_id, refusal in refusals:
        with pytest.raises(refusal):
            report_message(session, user_id, message_id, "Why")


def test_reports_are_resolved_and_opened_again(
    session: Session, acme: Workspace, maria: User, ben: User, cleo: User
) -> None:
    chat = a_chat(session, acme, "group", [ben, cleo])
    one, other = (report_message(session, cleo.id, a_message(session, chat, ben)["id"], "Why")[0] for _ in range(2))
    admin = a_colleague(session, acme, "admin")
    settled = settle_report(session, admin, acme.id, one.id, True)
    at = settled.resolved_at
    assert (settled.resolved_by, at is not None) == (admin, True)
    assert settle_report(session, maria.id, acme.id, one.id, True).resolved_by == admin
    assert [shape["id"] for shape in listed(session, maria, acme, resolved=True)] == [one.id]
    assert [shape["id"] for shape in listed(session, maria, acme, resolved=False)] == [other.id]
    again = settle_report(session, maria.id, acme.id, one.id, False)
    assert (again.resolved_at, again.resolved_by) == (None, None)
    assert [shape["id"] for shape in listed(session, maria, acme)] == [other.id, one.id]


def test_reports_are_for_those_who_look_after_the_workspace(
    session: Session, acme: Workspace, maria: User, ben: User, cleo: User
) -> None:
    report, _ = report_message(
        session, cleo.id, a_message(session, a_chat(session, acme, "group", [ben, cleo]), ben)["id"], "Why"
    )
    calls: list[Callable[[int, int], object]] = [
        lambda who, id: reports(session, who, acme.id, None, NEWEST, 10),
        lambda who, id: settle_report(session, who, acme.id, id, True),
    ]
    for call in calls:
        with pytest.raises(Forbidden):
            call(ben.id, report.id)
        with pytest.raises(NotFound):
            call(a_user(session).id, report.id)
    with pytest.raises(NotFound):
        settle_report(session, maria.id, acme.id, 2**62, True)
    assert session.get(Report, report.id).resolved_at is None


def test_a_report_is_of_its_own_workspace(session: Session, acme: Workspace, maria: User, ben: User) -> None:
    report, _ = report_message(
        session, ben.id, a_message(session, a_chat(session, acme, "group", [ben]), ben)["id"], "Why"
    )
    other = create_workspace(session, maria.id, "Other")
    with pytest.raises(NotFound):
        settle_report(session, maria.id, other.id, report.id, True)
