"""The tables as classes. Rows of `outbox`, `events` and `feeds` have no foreign keys and outlive their subjects."""

from sqlalchemy.orm import configure_mappers

from fechatter.models.account import MailedToken, RecoveryCode, Session, Ticket, User
from fechatter.models.chat import CHANNELS, Chat, ChatDeparture, ChatMember
from fechatter.models.feed import Event, Feed, Outbox, UserChange
from fechatter.models.mail import Mail
from fechatter.models.message import Message
from fechatter.models.moderation import AuditEntry, Block, Report, WorkspaceSuspension
from fechatter.models.push import Push, PushCursor, PushSubscription
from fechatter.models.table import Table
from fechatter.models.workspace import Invite, Workspace, WorkspaceDeparture, WorkspaceMember

__all__ = [
    "CHANNELS",
    "AuditEntry",
    "Block",
    "Chat",
    "ChatDeparture",
    "ChatMember",
    "Event",
    "Feed",
    "Invite",
    "Mail",
    "MailedToken",
    "Message",
    "Outbox",
    "Push",
    "PushCursor",
    "PushSubscription",
    "RecoveryCode",
    "Report",
    "Session",
    "Table",
    "Ticket",
    "User",
    "UserChange",
    "Workspace",
    "WorkspaceDeparture",
    "WorkspaceMember",
    "WorkspaceSuspension",
]

# Here and not with the first query of each process, which would copy what they share.
configure_mappers()
