"""Who is at the terminal."""

import getpass
from typing import Any

import httpx
import pytest

from client import main as main_module
from client.api import Api, Refused
from client.arguments import arguments
from client.main import main
from client.memory import remembered
from client.signing import Unclear, sign_out, signed_in
from tests.client.conftest import SERVER
from tests.client.service import Paper, Service, problem


def sign_in(service: Service, *given: str, typed: tuple[str, ...] = ()) -> Api:
    api = Api(SERVER, service.transport)
    signed_in(api, arguments(["--server", SERVER, *given]), Paper(*typed))
    return api


def test_the_only_remembered_session_needs_no_words(service: Service) -> None:
    sign_in(service, "--email", "Ann@example.org")
    assert sign_in(service).session.email == "ann@example.org"
    assert service.times("POST /api/auth/signin") == 1


def test_several_remembered_sessions_are_listed_to_choose_from(service: Service) -> None:
    sign_in(service, "--email", "ann@example.org")
    sign_in(service, "--email", "bob@example.org")
    with pytest.raises(Unclear, match=r"--email ann@example.org\n  --email bob@example.org"):
        sign_in(service)


def test_an_ended_session_is_said_and_the_same_person_signs_in(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    sign_in(service, "--email", "ann@example.org")
    service.over = True
    assert sign_in(service).session.email == "ann@example.org"
    assert "This session has ended" in capsys.readouterr().err


def test_signing_out_says_so_and_forgets_this_session_only(service: Service) -> None:
    sign_in(service, "--email", "bob@example.org")
    sign_in(service, "--email", "ann@example.org")
    service.answers["POST /api/auth/signout"] = None
    options = arguments(["--server", SERVER, "--sign-out", "--email", "ann@example.org"])
    assert sign_out(Api(SERVER, service.transport), options) == "ann@example.org is signed out."
    assert remembered(SERVER) == ["bob@example.org"]
    with pytest.raises(Unclear, match=r"No session of ann@example\.org"):
        sign_out(Api(SERVER, service.transport), options)


def test_signing_out_of_nothing_asks_for_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--server", SERVER, "--sign-out"]) == 1
    assert "No session at" in capsys.readouterr().err


@pytest.mark.parametrize(("key", "status"), [(EOFError, 1), (KeyboardInterrupt, 130)])
def test_leaving_at_the_password_is_a_clean_end(
    service: Service, monkeypatch: pytest.MonkeyPatch, key: type[BaseException], status: int
) -> None:
    def leave(prompt: str) -> str:
        raise key

    def api(server: str) -> Api:
        return Api(server, service.transport)

    service.answers["GET /api/config"] = {"notify_url": "http://notify.example"}
    monkeypatch.delenv("FECHATTER_PASSWORD")
    monkeypatch.setattr(getpass, "getpass", leave)
    monkeypatch.setattr(main_module, "Api", api)
    assert main(["--server", SERVER, "--email", "ann@example.org"]) == status


def test_leaving_at_the_email_asks_for_no_password(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(prompt: str) -> Any:
        raise AssertionError("asked for a password")

    monkeypatch.delenv("FECHATTER_PASSWORD")
    monkeypatch.setattr(getpass, "getpass", ask)
    with pytest.raises(EOFError):
        sign_in(service)


@pytest.mark.parametrize(
    ("is_terminal", "typed", "differed"),
    [
        (True, ["correct horse"] * 2, False),
        (True, ["correct horse", "corect horse", "", "battery staple", "battery staple", "battery staple"], True),
        (False, ["correct horse"], False),
    ],
)
def test_a_new_password_is_typed_twice_until_both_are_the_same_but_not_by_a_program(
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    is_terminal: bool,
    typed: list[str],
    differed: bool,
) -> None:
    def ask(prompt: str) -> str:
        prompts.append(prompt)
        return left.pop(0)

    service.answers["POST /api/auth/signup"] = service.answers["POST /api/auth/signin"]
    monkeypatch.delenv("FECHATTER_PASSWORD")
    monkeypatch.setattr(getpass, "getpass", ask)
    prompts, left, screen = list[str](), list(typed), Paper()
    screen.is_terminal = is_terminal
    options = arguments(["--server", SERVER, "--email", "ann@example.org", "--sign-up", "Ann"])
    signed_in(Api(SERVER, service.transport), options, screen)
    assert left == []
    assert service.asked[-1][1]["password"] == typed[-1]
    assert prompts[:2] == ["Password of ann@example.org: ", "The same password again: "][: len(typed)]
    assert ("two different passwords" in capsys.readouterr().err) == differed


def test_who_types_a_password_that_is_not_good_enough_is_asked_for_another(
    service: Service, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def answer(body: Any) -> Any:
        weak = {"status": 422, "code": "invalid", "detail": "No.", "errors": {"password": ["Too easily guessed."]}}
        return httpx.Response(422, json=weak) if body["password"] == "password" else good(body)

    good: Any = service.answers["POST /api/auth/signin"]
    service.answers["POST /api/auth/signup"] = answer
    monkeypatch.setenv("FECHATTER_PASSWORD", "password")
    options, screen = arguments(["--server", SERVER, "--email", "ann@example.org", "--sign-up", "Ann"]), Paper()
    screen.is_terminal = True
    with pytest.raises(Refused, match="Too easily"):
        signed_in(Api(SERVER, service.transport), options, screen)
    monkeypatch.delenv("FECHATTER_PASSWORD")
    typed = ["password", "password", "correct horse", "correct horse"]
    monkeypatch.setattr(getpass, "getpass", lambda prompt: typed.pop(0))
    signed_in(Api(SERVER, service.transport), options, screen)
    assert typed == []
    assert "Too easily guessed." in capsys.readouterr().err


def test_an_old_password_is_typed_once(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(prompt: str) -> str:
        prompts.append(prompt)
        return "correct horse"

    prompts = list[str]()
    monkeypatch.delenv("FECHATTER_PASSWORD")
    monkeypatch.setattr(getpass, "getpass", ask)
    screen = Paper()
    screen.is_terminal = True
    signed_in(Api(SERVER, service.transport), arguments(["--server", SERVER, "--email", "ann@example.org"]), screen)
    assert prompts == ["Password of ann@example.org: "]


def test_an_empty_line_is_no_email(service: Service) -> None:
    assert sign_in(service, typed=("", " ", " ann@example.org ")).session.email == "ann@example.org"


def test_an_invitation_is_shown_when_signing_up_however_it_was_copied(service: Service) -> None:
    service.answers["POST /api/auth/signup"] = service.answers["POST /api/auth/signin"]
    for given in ("https://chat.example.org/invite/the-token", "the-token", "chat.example.org/invite/the-token/"):
        sign_in(service, "--email", "ann@example.org", "--sign-up", "Ann", "--invite", given)
        assert service.asked[-1][1]["invite"] == "the-token"


def test_who_has_to_prove_the_address_first_is_told_so(service: Service) -> None:
    answer = httpx.Response(202, json={"user": {"email": "ann@example.org"}})
    service.answers["POST /api/auth/signup"] = answer
    with pytest.raises(Refused, match="open the link in it") as told:
        sign_in(service, "--email", "ann@example.org", "--sign-up", "Ann")
    assert told.value.code == "email_unverified"


@pytest.mark.parametrize(
    ("code", "given", "hint"),
    [("bad_credentials", [], "--sign-up NAME makes"), ("email_taken", ["--sign-up", "Ann"], "Without --sign-up")],
)
def test_a_refusal_says_what_helps(service: Service, code: str, given: list[str], hint: str) -> None:
    for call in ("signin", "signup"):
        service.answers[f"POST /api/auth/{call}"] = problem(409, code, "No.")
    with pytest.raises(Refused, match=hint):
        sign_in(service, "--email", "ann@example.org", *given)
