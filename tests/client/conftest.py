"""One person at one terminal, before a service of a few answers."""

from pathlib import Path

import pytest

from client import api as api_module
from client.api import Api
from client.chats import Chats
from client.commands import Commands
from client.live import Live
from client.messages import Messages
from client.talk import Talk
from tests.client.service import Paper, Service

SERVER = "http://fechatter.example"


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that keeps sessions; nothing is waited for, and no password asked for."""
    path = tmp_path / "state" / "chat.json"
    monkeypatch.setenv("FECHATTER_CHAT_STATE", str(path))
    monkeypatch.setenv("FECHATTER_PASSWORD", "correct horse")
    monkeypatch.setattr(api_module.time, "sleep", lambda seconds: None)
    return path


@pytest.fixture
def service() -> Service:
    return Service()


class Terminal:
    """All parts of one bin/chat, signed in."""

    def __init__(self, service: Service) -> None:
        self.api = Api(SERVER, service.transport)
        self.api.sign_in("ann@example.org", "correct horse")
        self.screen = Paper()
        self.chats = Chats(self.api)
        self.messages = Messages(self.api, self.chats, self.screen)
        self.commands = Commands(self.api, self.chats, self.messages, self.screen)
        self.live = Live(self.chats, self.messages, self.commands, self.screen)
        self.talk = Talk(self.api, self.chats, self.commands, self.screen, self.live)


@pytest.fixture
def terminal(service: Service) -> Terminal:
    return Terminal(service)
