"""People and chats that most tests of the product speak of."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from fechatter import models
from tests.factories import a_chat, a_user, a_workspace
from tests.fechatter.scene import Scene, a_scene


@pytest.fixture
def ann(session: Session) -> models.User:
    return a_user(session, "ann")


@pytest.fixture
def ben(session: Session) -> models.User:
    return a_user(session, "ben")


@pytest.fixture
def chat(session: Session, ann: models.User, ben: models.User) -> models.Chat:
    return a_chat(session, a_workspace(session), "group", with_members=[ann, ben])


@pytest.fixture
def channel(session: Session, ann: models.User, ben: models.User) -> models.Chat:
    return a_chat(session, a_workspace(session), "public_channel", with_members=[ann, ben])


@pytest.fixture
def scene(engine: Engine) -> Iterator[Scene]:
    with a_scene(engine) as scene:
        yield scene
