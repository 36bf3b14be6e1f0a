"""What bin/chat keeps from one run to the next."""

import json
import stat
import threading
from pathlib import Path

import pytest

from client.memory import Session, remembered

ANN, BOB = Session("http://a", "ann@example.org"), Session("http://a", "bob@example.org")


def keep(session: Session, token: str) -> None:
    with session.locked():
        session.keep(token)


def test_each_person_at_each_server_has_a_session_of_its_own() -> None:
    keep(ANN, "anns")
    keep(BOB, "bobs")
    keep(Session("http://b", "ann@example.org"), "elsewhere")
    assert remembered("http://a") == ["ann@example.org", "bob@example.org"]
    assert (ANN.token(), BOB.token()) == ("anns", "bobs")
    with ANN.locked():
        ANN.forget()
    assert (ANN.token(), BOB.token()) == (None, "bobs")


def test_an_address_has_no_case() -> None:
    shouting = Session("http://a", "Ann@Example.org")
    keep(shouting, "anns")
    assert ANN.token() == shouting.token() == "anns"


def test_only_this_person_may_read_it(state: Path) -> None:
    keep(ANN, "anns")
    assert [stat.S_IMODE(path.stat().st_mode) for path in state.parent.iterdir()] == [0o600, 0o600]


def test_a_file_of_the_old_form_is_still_read(state: Path) -> None:
    state.parent.mkdir()
    state.write_text(json.dumps({"http://a": {"email": "Ann@example.org", "refresh_token": "old"}}))
    assert ANN.token() == "old"
    keep(BOB, "bobs")
    assert (ANN.token(), BOB.token()) == ("old", "bobs")


@pytest.mark.parametrize("text", ["[]", "{", '{"http://a": 5}', '{"http://a": {"ann@example.org": 5}}'])
def test_a_broken_memory_is_an_empty_one(state: Path, text: str) -> None:
    state.parent.mkdir()
    state.write_text(text)
    assert ANN.token() is None
    keep(ANN, "anns")
    assert ANN.token() == "anns"


def test_many_terminals_at_once_lose_no_session_of_each_other() -> None:
    sessions = [Session("http://a", f"person-{number}@example.org") for number in range(20)]
    threads = [threading.Thread(target=keep, args=(session, "token")) for session in sessions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(remembered("http://a")) == 20
