"""The log of acts: written with the act, by every act, and shown to those who may know."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from fechatter.access import Caller
from fechatter.actions import chat_members, chats, invites, reports, suspensions, workspace_members, workspaces
from fechatter.actions.accounts import change_password, create_account, lock_account, suspend_account, unsuspend_account
from fechatter.actions.blocks import block, unblock
from fechatter.actions.chats import Plan
from fechatter.actions.invites import Offer
from fechatter.actions.messages import delete_message
from fechatter.actions.sessions import end_session, start_session
from fechatter.audit import ORIGIN, Origin
from fechatter.errors import Forbidden, NotFound
from fechatter.models import AuditEntry, Chat, User
from fechatter.queries.audit import LARGEST_ID, Wanted, account_audit, operators_audit, workspace_audit
from fechatter.shapes import Shape
from tests.factories import a_message, a_user
from tests.fechatter.actions.people import a_colleague

ANY = Wanted()


class Office:
    """A workspace made by its owner, with a member, and what its log has said since the last look."""

    def __init__(self, session: Session) -> None:
        self.session = session
        session.info[ORIGIN] = Origin("192.0.2.7", "a-request")
        self.owner = a_user(session).id
        self.workspace = workspaces.create_workspace(session, self.owner, "Acme")
        self.id = self.workspace.id
        self.member = a_colleague(session, self.workspace)
        self.read = 0

    def chat(self, type: str = "public_channel", *others: int) -> int:
        name = type if "channel" in type else None
        return chats.create_chat(self.session, self.owner, self.id, Plan(type, name, member_ids=others))[0].id

    def news(self, hidden: bool = False) -> list[tuple[str, int | None, str | None, int | None]]:
        self.session.flush()
        rows = select(AuditEntry).where(AuditEntry.workspace_id == self.id, AuditEntry.id > self.read)
        entries = list(self.session.scalars(rows.order_by(AuditEntry.id)))
        self.read = max([self.read, *(entry.id for entry in entries)])
        assert {(entry.address, entry.request_id) for entry in entries} <= {("192.0.2.7", "a-request")}
        assert {entry.hidden for entry in entries} <= {hidden}
        return [(entry.action, entry.actor_id, entry.target_type, entry.target_id) for entry in entries]

    def shown(self, who: int, wanted: Wanted = ANY, limit: int = 100) -> list[Shape]:
        self.session.flush()
        return workspace_audit(self.session, who, self.id, wanted, LARGEST_ID, limit)


@pytest.fixture
def office(session: Session) -> Office:
    return Office(session)


def test_what_happens_to_a_workspace_and_its_people_is_recorded(session: Session, office: Office) -> None:
    me, it, member = office.owner, office.id, office.member
    assert office.news() == [("member.joined", me, "user", me), ("workspace.created", me, "workspace", it)]
    workspaces.rename_workspace(session, me, it, "Acme Tea")
    workspaces.rename_workspace(session, me, it, "Acme Tea")
    assert office.news() == [("workspace.renamed", me, "workspace", it)]
    invite, token = invites.create_invite(session, me, it, Offer("guest", timedelta(days=1)))
    guest = a_user(session).id
    invites.accept_invite(session, guest, token)
    invites.accept_invite(session, guest, token)
    invites.withdraw_invite(session, me, it, invite.id)
    assert office.news() == [
        ("invite.created", me, "invite", invite.id),
        ("member.joined", guest, "user", guest),
        ("invite.accepted", guest, "invite", invite.id),
        ("invite.withdrawn", me, "invite", invite.id),
    ]
    workspace_members.change_workspace_role(session, me, it, guest, "member")
    workspace_members.remove_from_workspace(session, guest, it, guest)
    suspensions.suspend(session, me, it, member, "because of this")
    suspensions.suspend(session, me, it, member)
    suspensions.unsuspend(session, me, it, member)
    workspace_members.remove_from_workspace(session, me, it, member)
    assert office.news() == [
        ("member.role_changed", me, "user", guest),
        ("member.left", guest, "user", guest),
        ("member.suspended", me, "user", member),
        ("member.joined", me, "user", member),
        ("member.unsuspended", me, "user", member),
        ("member.removed", me, "user", member),
    ]
    workspaces.delete_workspace(session, me, it)
    assert office.news() == [("workspace.deleted", me, "workspace", it)]


@pytest.mark.parametrize("type", ["public_channel", "private_channel", "group"])
def test_what_happens_in_chats_is_recorded_and_hidden_where_they_are(
    session: Session, office: Office, type: str
) -> None:
    me, member, hidden = office.owner, office.member, type != "public_channel"
    office.news()
    other = a_colleague(session, office.workspace)
    chat = office.chat(type, other)
    chat_members.add_members(session, me, chat, [member, other])
    chat_members.change_member_role(session, me, chat, member, "admin")
    chat_members.remove_member(session, me, chat, member)
    chat_members.leave_chat(session, other, chat)
    if type != "group":
        chats.change_chat(session, me, chat, {"topic": "secret topic", "read_only": True})
    chats.delete_chat(session, me, chat)
    assert office.news(hidden) == [
        ("chat.created", me, "chat", chat),
        ("chat.members_added", me, "chat", chat),
        ("chat.role_changed", me, "user", member),
        ("chat.member_removed", me, "user", member),
        *([("chat.rules_changed", me, "chat", chat)] if type != "group" else []),
        ("chat.deleted", me, "chat", chat),
    ]
    assert any(shape["action"].startswith("chat.") for shape in office.shown(me)) == (not hidden)
    kept = operators_audit(session, office.id, None, 100)
    assert sum(shape["action"].startswith("chat.") for shape in kept) >= 5
    assert "secret" not in str(kept)


def test_a_single_is_nobodys_business(session: Session, office: Office) -> None:
    office.news()
    office.chat("single", office.member)
    assert [action for action, *_ in office.news(hidden=True)] == ["chat.created"]
    assert "chat.created" not in {shape["action"] for shape in office.shown(office.owner)}


def test_deleting_anothers_message_is_recorded_without_its_text(session: Session, office: Office) -> None:
    chat = session.get_one(Chat, office.chat("public_channel", office.member))
    author, owner = (session.get_one(User, id) for id in (office.member, office.owner))
    office.news()
    own, others = a_message(session, chat, author, "nonsense"), a_message(session, chat, author, "nonsense")
    assert office.news() == []
    delete_message(session, author.id, own["id"])
    delete_message(session, owner.id, others["id"])
    assert office.news() == [("message.deleted", owner.id, "message", others["id"])]
    assert "nonsense" not in str(office.shown(owner.id))


def test_reports_and_what_becomes_of_them_are_recorded_without_words(session: Session, office: Office) -> None:
    chat = session.get_one(Chat, office.chat("private_channel", office.member))
    message = a_message(session, chat, session.get_one(User, office.member), "nonsense")
    session.flush()
    office.read = session.scalar(text("SELECT max(id) FROM audit_log")) or 0
    report, _ = reports.report_message(session, office.owner, message["id"], "rubbish")
    for resolved in (True, True, False):
        reports.settle_report(session, office.owner, office.id, report.id, resolved)
    assert [(action, id) for action, _, _, id in office.news()] == [
        ("report.made", report.id),
        ("report.resolved", report.id),
        ("report.reopened", report.id),
    ]
    assert not {"nonsense", "rubbish"} & set(str(office.shown(office.owner)).split("'"))


def of_account(session: Session, user_id: int) -> list[tuple[str, int | None]]:
    session.flush()
    return [(shape["action"], shape["actor_id"]) for shape in account_audit(session, user_id, LARGEST_ID, 100)][::-1]


def test_what_happens_to_an_account_is_recorded_and_shown_to_it_alone(session: Session) -> None:
    email = f"{a_user(session).email}.org"
    user = create_account(session, email, "Ann", "hash")
    first, second = (start_session(session, user.id, "a test") for _ in range(2))
    end_session(session, user.id, second.id, "revoked")
    change_password(session, Caller(user.id, first.id, 0), "hash", "new hash")
    suspend_account(session, lock_account(session, user.id, "new hash"))
    suspend_account(session, user)
    session.flush()
    session.refresh(user)
    unsuspend_account(session, user)
    unsuspend_account(session, user)
    assert of_account(session, user.id) == [
        ("account.created", user.id),
        *[("session.started", user.id)] * 2,
        ("session.ended", user.id),
        ("password.changed", user.id),
        ("account.suspended", None),
        ("account.unsuspended", None),
    ]
    assert of_account(session, a_user(session).id) == []


def test_who_is_blocked_does_not_read_it_in_the_log(session: Session, office: Office) -> None:
    block(session, office.member, office.owner)
    unblock(session, office.member, office.owner)
    assert of_account(session, office.member) == [("user.blocked", office.member), ("user.unblocked", office.member)]
    assert of_account(session, office.owner) == []
    assert "user.blocked" not in {shape["action"] for shape in office.shown(office.owner)}


def test_a_workspaces_log_is_for_its_owners(session: Session, office: Office) -> None:
    for role in ("admin", "member", "guest"):
        with pytest.raises(Forbidden):
            office.shown(a_colleague(session, office.workspace, role))
    with pytest.raises(NotFound):
        office.shown(a_user(session).id)
    assert office.shown(a_colleague(session, office.workspace, "owner"))
    workspaces.delete_workspace(session, office.owner, office.id)
    with pytest.raises(NotFound):
        office.shown(office.owner)
    assert operators_audit(session, office.id, None, 1)[0]["action"] == "workspace.deleted"


def test_it_is_newest_first_and_can_be_narrowed(session: Session, office: Office) -> None:
    for name in "ABC":
        workspaces.rename_workspace(session, office.owner, office.id, name)
    shown = office.shown(office.owner)
    assert [shape["action"] for shape in shown] == [*["workspace.renamed"] * 3, "workspace.created", "member.joined"]
    assert office.shown(office.owner, Wanted(action="member.joined")) == shown[-1:]
    assert office.shown(office.owner, Wanted(actor_id=office.member)) == []
    assert len(office.shown(office.owner, limit=2)) == 2
    below = workspace_audit(session, office.owner, office.id, ANY, shown[1]["id"], 100)
    assert below == shown[2:]
