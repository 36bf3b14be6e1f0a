"""Signing up: an account, and perhaps a workspace that it owns or one that it is invited to, all or nothing."""

from typing import NamedTuple

from sqlalchemy.orm import Session

from fechatter.actions.accounts import create_account
from fechatter.actions.invites import use_invite
from fechatter.actions.workspace_members import enter_workspace
from fechatter.actions.workspaces import create_workspace
from fechatter.audit import record_act
from fechatter.emails import email_key
from fechatter.errors import NotFound
from fechatter.models import Invite, User, Workspace
from fechatter.outbox import record_mail
from fechatter.sign_up import SignUp, invite_needed


class Newcomer(NamedTuple):
    """`workspace` is the name of a new one, `invite` the token that lets into another."""

    email: str
    name: str
    password_hash: str
    workspace: str | None = None
    invite: str | None = None


def sign_up(session: Session, policy: SignUp, newcomer: Newcomer) -> User:
    """If `policy` checks addresses, nobody signs in to it before the link in the mail was opened.

    Raises Forbidden (invite_needed) or, where none is needed, NotFound for an invitation that does not stand, before
    anything is asked about the address; Conflict (email_taken).
    """
    key = email_key(newcomer.email)
    invited = _use(session, policy, newcomer.invite, key) if newcomer.invite else None
    user = create_account(session, newcomer.email, newcomer.name, newcomer.password_hash)
    if policy.checks_addresses:
        user.must_verify = True
        record_mail(session, "verify", key, user_id=user.id)
    session.flush()
    if invited:
        invite, workspace = invited
        enter_workspace(session, workspace, user.id, invite.role)
        record_act(session, "invite.accepted", user.id, workspace_id=workspace.id, target=("invite", invite.id))
    if newcomer.workspace:
        create_workspace(session, user.id, newcomer.workspace)
    return user


def _use(session: Session, policy: SignUp, token: str, key: str) -> tuple[Invite, Workspace]:
    try:
        return use_invite(session, token, key)
    except NotFound as no:
        raise (invite_needed() if policy.mode == "invited" else no) from no
