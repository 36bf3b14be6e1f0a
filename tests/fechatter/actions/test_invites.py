"""Nobody gets into a workspace without an invitation that holds, and all that do not hold look the same."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fechatter.actions import invites
from fechatter.actions.invites import Offer
from fechatter.actions.workspace_members import change_workspace_role, remove_from_workspace
from fechatter.actions.workspaces import delete_workspace
from fechatter.errors import Conflict, Forbidden, NotFound
from fechatter.models import Invite, User, UserChange, Workspace, WorkspaceMember
from fechatter.queries.invites import list_invites
from tests.factories import a_user, a_workspace, join_workspace
from tests.fechatter.actions.people import a_colleague
from tests.fechatter.actions.told import outline, told

WEEK = timedelta(days=7)


def an_invite(
    session: Session, workspace: Workspace, by: int, role: str = "member", **offer: object
) -> tuple[Invite, str]:
    return invites.create_invite(session, by, workspace.id, Offer(role, WEEK)._replace(**offer))


def test_the_token_is_shown_once_and_kept_as_a_hash_only(session: Session, acme: Workspace, maria: User) -> None:
    invite, token = an_invite(session, acme, maria.id)
    assert len(token) >= 43
    assert token.encode() not in invite.token_hash
    assert invite.token_hash == invites.hash_token(token)
    assert not any(
        token in str(value) for shape in list_invites(session, maria.id, acme.id) for value in shape.values()
    )


@pytest.mark.parametrize(
    ("role", "gives"),
    [("owner", {"owner", "admin", "member", "guest"}), ("admin", {"member", "guest"}), ("member", ()), ("guest", ())],
)
def test_people_are_invited_below_ones_own_role_and_by_owners_as_anything(
    session: Session, acme: Workspace, role: str, gives: set[str]
) -> None:
    ben = a_colleague(session, acme, role)
    for offered in ("owner", "admin", "member", "guest"):
        if offered in gives:
            assert an_invite(session, acme, ben, offered)[0].role == offered
        else:
            with pytest.raises(Forbidden):
                an_invite(session, acme, ben, offered)


def test_who_accepts_is_in_with_the_offered_role_and_all_hear_of_it(
    session: Session, acme: Workspace, maria: User
) -> None:
    invite, token = an_invite(session, acme, maria.id, "guest")
    ben = a_user(session)
    place = invites.accept_invite(session, ben.id, token)
    assert (place.workspace.id, place.member.role, acme.member_count, invite.uses) == (acme.id, "guest", 2, 1)
    (event,) = told(session, acme.id)
    assert outline([event]) == [("workspace.member_added", "workspace", ben.id)]
    assert event.says | {"user_id": ben.id, "role": "guest", "actor_id": ben.id} == event.says
    assert place.member.since == event.id
    change = session.scalars(select(UserChange).where(UserChange.user_id == ben.id)).one()
    assert change.kind == "workspace_joined"


def test_accepting_again_uses_nothing_up_not_even_when_nothing_is_left(
    session: Session, acme: Workspace, maria: User
) -> None:
    invite, token = an_invite(session, acme, maria.id, max_uses=1)
    ben = a_user(session)
    first = invites.accept_invite(session, ben.id, token)
    again = invites.accept_invite(session, ben.id, token)
    assert again.member.since == first.member.since
    assert (invite.uses, acme.member_count, len(told(session, acme.id))) == (1, 2, 1)


def test_whoever_is_in_keeps_its_role_whatever_an_invitation_offers(
    session: Session, acme: Workspace, maria: User
) -> None:
    invite, token = an_invite(session, acme, maria.id, "owner")
    ben = a_colleague(session, acme, "guest")
    assert invites.accept_invite(session, ben, token).member.role == "guest"
    assert invite.uses == 0


def test_an_invitation_is_used_up_after_its_number_of_uses(session: Session, acme: Workspace, maria: User) -> None:
    _, token = an_invite(session, acme, maria.id, max_uses=2)
    for _ in range(2):
        invites.accept_invite(session, a_user(session).id, token)
    with pytest.raises(NotFound):
        invites.accept_invite(session, a_user(session).id, token)
    assert list_invites(session, maria.id, acme.id) == []


def test_an_invitation_for_one_address_is_missing_for_every_other_account(
    session: Session, acme: Workspace, maria: User
) -> None:
    ben = a_user(session, "Ben")
    ben.email_key = f"ben@{ben.id}.example.org"
    session.flush()
    invite, token = an_invite(session, acme, maria.id, email=f"BEN@{ben.id}.example.org")
    with pytest.raises(NotFound):
        invites.accept_invite(session, a_user(session).id, token)
    assert invite.uses == 0
    assert invites.accept_invite(session, ben.id, token).workspace.id == acme.id


def test_an_unknown_expired_or_withdrawn_invitation_is_missing(session: Session, acme: Workspace, maria: User) -> None:
    expired, late = an_invite(session, acme, maria.id)
    expired.expires_at = datetime.now(UTC) - timedelta(seconds=1)
    withdrawn, gone = an_invite(session, acme, maria.id)
    session.flush()
    invites.withdraw_invite(session, maria.id, acme.id, withdrawn.id)
    for token in ("unknown", late, gone):
        with pytest.raises(NotFound):
            invites.accept_invite(session, a_user(session).id, token)
    assert list_invites(session, maria.id, acme.id) == []


def test_an_invitation_to_a_deleted_workspace_is_missing(session: Session, acme: Workspace, maria: User) -> None:
    _, token = an_invite(session, acme, maria.id)
    delete_workspace(session, maria.id, acme.id)
    for person in (a_user(session).id, maria.id):
        with pytest.raises(NotFound):
            invites.accept_invite(session, person, token)


def test_no_admin_who_was_removed_comes_back_by_a_link_of_its_own(
    session: Session, acme: Workspace, maria: User
) -> None:
    ben = a_colleague(session, acme, "admin")
    _, token = an_invite(session, acme, ben)
    remove_from_workspace(session, maria.id, acme.id, ben)
    with pytest.raises(NotFound):
        invites.accept_invite(session, ben, token)
    assert list_invites(session, maria.id, acme.id) == []


def test_an_invitation_is_void_while_its_maker_may_not_make_it(session: Session, acme: Workspace, maria: User) -> None:
    ben = a_colleague(session, acme, "admin")
    _, token = an_invite(session, acme, ben)
    change_workspace_role(session, maria.id, acme.id, ben, "member")
    with pytest.raises(NotFound):
        invites.accept_invite(session, a_user(session).id, token)
    change_workspace_role(session, maria.id, acme.id, ben, "admin")
    assert invites.accept_invite(session, a_user(session).id, token)


def test_who_is_in_a_hundred_workspaces_accepts_no_other_and_uses_nothing_up(
    session: Session, acme: Workspace, maria: User
) -> None:
    ben = a_user(session)
    for _ in range(100):
        join_workspace(session, a_workspace(session), ben)
    _, token = an_invite(session, acme, maria.id)
    with pytest.raises(Conflict) as refused:
        invites.accept_invite(session, ben.id, token)
    assert refused.value.code == "too_many_workspaces"
    assert session.get(WorkspaceMember, (acme.id, ben.id)) is None


def test_a_workspace_has_a_hundred_open_invitations_and_no_more(session: Session, acme: Workspace, maria: User) -> None:
    for _ in range(100):
        last, _ = an_invite(session, acme, maria.id)
    with pytest.raises(Conflict) as refused:
        an_invite(session, acme, maria.id)
    assert refused.value.code == "too_many_invites"
    invites.withdraw_invite(session, maria.id, acme.id, last.id)
    assert an_invite(session, acme, maria.id)


def test_rulers_see_and_withdraw_open_invitations_and_others_do_not(
    session: Session, acme: Workspace, maria: User
) -> None:
    invite, _ = an_invite(session, acme, maria.id, "admin", email="ben@example.org", max_uses=1)
    (shape,) = list_invites(session, a_colleague(session, acme, "admin"), acme.id)
    assert (shape["id"], shape["role"], shape["email"], shape["uses"]) == (invite.id, "admin", "ben@example.org", 0)
    for role in ("member", "guest"):
        ben = a_colleague(session, acme, role)
        with pytest.raises(Forbidden):
            list_invites(session, ben, acme.id)
        with pytest.raises(Forbidden):
            invites.withdraw_invite(session, ben, acme.id, invite.id)
    stranger = a_user(session).id
    with pytest.raises(NotFound):
        list_invites(session, stranger, acme.id)
    with pytest.raises(NotFound):
        invites.withdraw_invite(session, stranger, acme.id, invite.id)


def test_what_is_no_open_invitation_of_this_workspace_cannot_be_withdrawn(
    session: Session, acme: Workspace, maria: User
) -> None:
    foreign, _ = an_invite(session, a_workspace(session, maria), maria.id)
    own, _ = an_invite(session, acme, maria.id)
    invites.withdraw_invite(session, maria.id, acme.id, own.id)
    for invite_id in (own.id, foreign.id, 2**62):
        with pytest.raises(NotFound):
            invites.withdraw_invite(session, maria.id, acme.id, invite_id)
    assert foreign.withdrawn_at is None
