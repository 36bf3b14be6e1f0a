"""Maria owns the workspace Acme."""

import pytest
from sqlalchemy.orm import Session

from fechatter.models import User, Workspace
from tests.factories import a_user, a_workspace


@pytest.fixture
def maria(session: Session) -> User:
    return a_user(session, "maria")


@pytest.fixture
def acme(session: Session, maria: User) -> Workspace:
    return a_workspace(session, maria)
