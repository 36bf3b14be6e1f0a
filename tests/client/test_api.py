"""Tokens that renew themselves, also beside another terminal, and answers that are not Fechatter's."""

import threading

import httpx
import pytest

from client.api import Api, Refused, SessionOver
from client.memory import Session
from tests.client.conftest import SERVER
from tests.client.service import Service, problem

ANN = Session(SERVER, "ann@example.org")


def signed_in(service: Service) -> Api:
    api = Api(SERVER, service.transport)
    api.sign_in("ann@example.org", "correct horse")
    return api


def resumed(service: Service) -> Api:
    api = Api(SERVER, service.transport)
    api.resume(ANN)
    return api


def test_two_terminals_of_one_account_renew_in_turn_without_end(service: Service) -> None:
    one, two = signed_in(service), resumed(service)
    for _ in range(3):
        assert one.call("GET", "/api/users/me")["name"] == "Ann"
        assert two.call("GET", "/api/users/me")["name"] == "Ann"
    assert ANN.token() == f"refresh-{service.generation}"


def test_terminals_that_renew_at_the_same_moment_spend_each_token_once(service: Service) -> None:
    terminals = [signed_in(service), *(resumed(service) for _ in range(7))]
    threads = [threading.Thread(target=terminal.renew, args=(terminal.access,)) for terminal in terminals]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not service.over
    assert service.generation == 1 + 7 + 8


def test_a_session_that_has_ended_is_forgotten_and_said(service: Service) -> None:
    api = signed_in(service)
    service.over = True
    with pytest.raises(SessionOver, match="This session has ended"):
        api.call("GET", "/api/users/me")
    assert ANN.token() is None


def test_a_terminal_goes_on_with_the_session_that_another_one_has_begun(service: Service) -> None:
    old = signed_in(service)
    signed_in(service)
    assert old.call("GET", "/api/users/me")["name"] == "Ann"


def test_a_server_in_trouble_ends_no_session(service: Service) -> None:
    signed_in(service)
    service.answers["POST /api/auth/refresh"] = problem(503, "unavailable")
    with pytest.raises(Refused):
        resumed(service)
    assert ANN.token() == "refresh-1"


@pytest.mark.parametrize("lost", [httpx.ReadTimeout("lost"), httpx.ConnectError("away")])
def test_a_renewal_whose_answer_is_lost_is_asked_for_again(service: Service, lost: Exception) -> None:
    api, refresh, tries = signed_in(service), service.answers["POST /api/auth/refresh"], [lost]
    service.answers["POST /api/auth/refresh"] = lambda body: tries.pop() if tries else refresh(body)
    api.renew(api.access)
    assert ANN.token() == "refresh-2"
    assert service.last["POST /api/auth/refresh"].extensions["timeout"]["read"] < 5  # a spent token is good for 10 s


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text="<html>"),
        httpx.Response(404, text="Not Found"),
        problem(404, "not_found"),
        {"else": 1},
        ["list"],
    ],
)
def test_a_server_that_is_no_web_of_fechatter_is_told_from_one(service: Service, answer: object) -> None:
    service.answers["GET /api/config"] = answer
    with pytest.raises(Refused, match=r"is not the web of a Fechatter.*--server"):
        Api(SERVER, service.transport).find_notify()


def test_all_pages_of_a_list_are_read(service: Service) -> None:
    pages = [{"items": [1, 2], "next_cursor": "x"}, {"items": [3], "next_cursor": None}]
    service.answers["GET /api/things"] = lambda body: pages.pop(0)
    assert list(signed_in(service).pages("/api/things")) == [1, 2, 3]
