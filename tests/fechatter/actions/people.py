"""People of a workspace, and what the tables say of them."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from fechatter.models import Chat, ChatMember, User, Workspace
from tests.factories import a_user, join_workspace


def a_colleague(session: Session, workspace: Workspace, role: str = "member") -> int:
    """The id of somebody new in the workspace."""
    someone = a_user(session)
    join_workspace(session, workspace, someone, role)
    return someone.id


def roles_in(session: Session, chat: Chat) -> dict[int, str]:
    return {member.user_id: member.role for member in session.query(ChatMember).filter_by(chat_id=chat.id)}


def list_version(session: Session, user_id: int) -> int:
    return session.get(User, user_id, populate_existing=True).list_version


def put_into_chats(session: Session, workspace: Workspace, user_id: int, number: int) -> None:
    """As others of this workspace would, one after the other."""
    session.execute(
        text(
            "WITH made AS (INSERT INTO chats (workspace_id, type, created_by)"
            " SELECT :workspace, 'group', :person FROM generate_series(1, :number) RETURNING id)"
            " INSERT INTO chat_members (chat_id, user_id, role, since, last_read_seq)"
            " SELECT id, :person, 'member', 0, 0 FROM made"
        ),
        {"workspace": workspace.id, "person": user_id, "number": number},
    )
