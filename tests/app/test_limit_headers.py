"""What the headers of an answer say of the limits that it counts against."""

import re

from fechatter import models
from fechatter.config import Config
from tests.app.authenticator import knock, turn_on
from tests.app.mails import MAIL
from tests.app.people import Person
from tests.app.signing import PASSWORD, an_email, sign_up
from tests.app.test_limited import address, an_address, limited_app, limits

__all__ = ["address", "limits"]


def test_headers_say_what_is_allowed_and_what_is_left_of_it(
    config: Config, limits: dict[str, str], ann: Person, chat: models.Chat
) -> None:
    limits["fetching"], limits["posting"] = "2/hour", "2/minute; 1/hour"
    ann = ann.through(limited_app(config))
    seen = [ann.get(f"/api/chats/{chat.id}") for _ in range(3)]
    assert [answer.status_code for answer in seen] == [200, 200, 429]
    assert {answer.headers["RateLimit-Policy"] for answer in seen} == {'"fetching";q=2;w=3600'}
    left = [re.fullmatch(r'"fetching";r=(\d+);t=(\d+)', answer.headers["RateLimit"]) for answer in seen]
    assert [found[1] for found in left if found] == ["1", "0", "0"]
    assert left[2]
    assert left[2][2] == seen[2].headers["Retry-After"]
    posts = [ann.post(f"/api/chats/{chat.id}/messages", {"content": "x"}) for _ in range(2)]
    assert [post.status_code for post in posts] == [201, 429]
    assert posts[1].headers["RateLimit-Policy"] == '"posting/minute";q=2;w=60, "posting/hour";q=1;w=3600'
    assert posts[1].headers["RateLimit"].startswith('"posting/minute";r=1;t=')


def test_headers_of_other_refusals_have_no_count_and_so_are_alike(
    config: Config, limits: dict[str, str], ann: Person
) -> None:
    ann = ann.through(limited_app(config))
    answers = [ann.get(f"/api/chats/{2**62}", headers={"X-Request-ID": "same"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].headers["RateLimit-Policy"]
    first, second = ({name: value for name, value in answer.headers if name != "Date"} for answer in answers)
    assert first == second
    assert "RateLimit" not in first


def test_guesses_show_in_the_headers_of_signing_in(config: Config, limits: dict[str, str], address: str) -> None:
    client = limited_app(config).test_client()
    ann = sign_up(client)
    body = {"email": ann.email, "password": PASSWORD}
    answer = client.post("/api/auth/signin", json=body, environ_overrides={"REMOTE_ADDR": address})
    assert names(answer.headers["RateLimit"]) == ["sign-in", "sign-in to one"]


def names(header: str) -> list[str]:
    return re.findall(r'"([^"]+)"', header)


def test_a_code_shows_in_the_headers_of_signing_in(config: Config, limits: dict[str, str]) -> None:
    limits["second factor"] = "1/5minute; 50/day"
    ann = sign_up(limited_app(config).test_client())
    authenticator = turn_on(ann)
    right, wrong = knock(ann, authenticator.code()), knock(ann, authenticator.wrong_code())
    of_code = '"second factor/5minute";q=1;w=300, "second factor/day";q=50;w=86400'
    assert right.headers["RateLimit-Policy"].endswith(of_code)
    assert wrong.status_code == 429
    assert wrong.headers["RateLimit-Policy"] == of_code
    assert wrong.headers["RateLimit"].startswith('"second factor/5minute";r=0;t=')


def test_how_many_mails_others_have_asked_for_is_in_no_header(config: Config, limits: dict[str, str]) -> None:
    limits["forgot for one from anywhere"] = "2/hour"
    client, email = limited_app(config, mail=MAIL).test_client(), an_email()
    seen = []
    for _ in range(3):
        at = {"REMOTE_ADDR": an_address()}
        seen.append(client.post("/api/auth/forgot", json={"email": email}, environ_overrides=at))
    assert [answer.status_code for answer in seen] == [204, 204, 429]
    assert names(seen[1].headers["RateLimit"]) == ["forgot", "forgot for one"]
    assert names(seen[2].headers["RateLimit"]) == ["forgot for one from anywhere"]
