"""A code beside the password: turned on in two steps, asked for at sign-in, good once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from fechatter.config import Config
from tests.app.authenticator import BASE, begin, knock, turn_on
from tests.app.signing import PASSWORD, Account, assert_problem, sign_in, sign_up
from tests.app.test_limited import an_address, limited_app, limits

__all__ = ["limits"]


@pytest.fixture
def ann(client: FlaskClient) -> Account:
    return sign_up(client)


def stored(engine: Engine, query: str, account: Account) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(text(query), {"id": account.id}))


def test_it_is_asked_for_once_it_is_confirmed(ann: Account) -> None:
    authenticator = begin(ann)
    assert ann.get(BASE).json == {"is_on": False, "recovery_codes_left": 0}
    assert knock(ann).status_code == 200
    assert_problem(ann.post(f"{BASE}/confirm", {"code": authenticator.wrong_code()}), 401, "bad_code")
    assert knock(ann).status_code == 200
    confirmed = ann.post(f"{BASE}/confirm", {"code": authenticator.code()})
    assert (confirmed.status_code, len(set(confirmed.json["recovery_codes"]))) == (200, 10)
    assert_problem(knock(ann), 401, "second_factor_needed")
    assert ann.get(BASE).json == {"is_on": True, "recovery_codes_left": 10}


def test_the_right_code_signs_in_and_is_good_once(ann: Account) -> None:
    authenticator = turn_on(ann)
    assert_problem(knock(ann, authenticator.wrong_code()), 401, "bad_code")
    code = authenticator.code()
    assert knock(ann, f" {code[:3]} {code[3:]}").status_code == 200
    assert_problem(knock(ann, code), 401, "bad_code")


def test_the_code_that_turned_it_on_signs_nobody_in(ann: Account) -> None:
    authenticator = begin(ann)
    code = authenticator.code()
    assert ann.post(f"{BASE}/confirm", {"code": code}).status_code == 200
    assert_problem(knock(ann, code), 401, "bad_code")


def test_of_many_who_come_with_one_code_one_gets_in(ann: Account) -> None:
    code = turn_on(ann).code()
    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(lambda _: knock(ann, code).status_code, range(6)))
    assert sorted(statuses) == [200] + [401] * 5


def test_who_does_not_know_the_password_learns_nothing_of_a_second_factor(ann: Account) -> None:
    authenticator = turn_on(ann)
    for code in (None, authenticator.code(), authenticator.recovery_codes[0]):
        assert_problem(knock(ann, code, password="a wrong guess"), 401, "bad_credentials")
    assert knock(ann, authenticator.recovery_codes[0]).status_code == 200


def test_a_recovery_code_stands_in_once(ann: Account) -> None:
    first, second, *_ = turn_on(ann).recovery_codes
    assert knock(ann, first.upper().replace("-", " ")).status_code == 200
    assert_problem(knock(ann, first), 401, "bad_code")
    assert knock(ann, second).status_code == 200
    assert ann.get(BASE).json["recovery_codes_left"] == 8


def test_anothers_recovery_code_is_none(ann: Account, client: FlaskClient) -> None:
    ben = sign_up(client)
    turn_on(ann)
    assert_problem(knock(ann, turn_on(ben).recovery_codes[0]), 401, "bad_code")


def test_new_recovery_codes_replace_the_old_and_take_password_and_code(ann: Account) -> None:
    authenticator = turn_on(ann)
    old = authenticator.recovery_codes
    at = f"{BASE}/recovery-codes"
    assert_problem(ann.post(at, {"password": "a wrong guess", "code": old[0]}), 401, "bad_credentials")
    assert_problem(ann.post(at, {"password": PASSWORD, "code": authenticator.wrong_code()}), 401, "bad_code")
    answer = ann.post(at, {"password": PASSWORD, "code": authenticator.code()})
    assert answer.status_code == 201
    assert set(answer.json["recovery_codes"]).isdisjoint(old)
    assert_problem(knock(ann, old[0]), 401, "bad_code")
    assert knock(ann, answer.json["recovery_codes"][0]).status_code == 200


def test_turning_it_off_takes_password_and_code(ann: Account, engine: Engine) -> None:
    authenticator = turn_on(ann)
    at = f"{BASE}/off"
    assert_problem(ann.post(at, {"password": "a wrong guess", "code": authenticator.code()}), 401, "bad_credentials")
    assert_problem(ann.post(at, {"password": PASSWORD, "code": authenticator.wrong_code()}), 401, "bad_code")
    assert_problem(ann.post(at, {"password": PASSWORD}), 422, "invalid")
    assert_problem(knock(ann), 401, "second_factor_needed")
    assert ann.post(at, {"password": PASSWORD, "code": authenticator.code()}).status_code == 204
    assert knock(ann).status_code == 200
    assert stored(engine, "SELECT totp_secret FROM users WHERE id = :id", ann) == [None]
    assert stored(engine, "SELECT hash FROM recovery_codes WHERE user_id = :id", ann) == []


def test_it_is_turned_on_once_and_off_once(ann: Account) -> None:
    assert_problem(ann.post(f"{BASE}/confirm", {"code": "123456"}), 409, "second_factor_off")
    for at in ("off", "recovery-codes"):
        answer = ann.post(f"{BASE}/{at}", {"password": PASSWORD, "code": "123456"})
        assert_problem(answer, 409, "second_factor_off")
    authenticator = turn_on(ann)
    assert_problem(ann.post(BASE, {"password": PASSWORD}), 409, "second_factor_on")
    assert_problem(ann.post(f"{BASE}/confirm", {"code": authenticator.code()}), 409, "second_factor_on")


def test_beginning_takes_the_password_and_again_makes_another_secret(ann: Account) -> None:
    assert_problem(ann.post(BASE, {"password": "a wrong guess"}), 401, "bad_credentials")
    first, second = begin(ann), begin(ann)
    assert first.secret != second.secret
    assert_problem(ann.post(f"{BASE}/confirm", {"code": first.code()}), 401, "bad_code")
    assert ann.post(f"{BASE}/confirm", {"code": second.code()}).status_code == 200


def test_turning_it_on_ends_whatever_was_opened_with_the_password_alone(ann: Account) -> None:
    elsewhere = sign_in(ann.client, ann.email)
    token = ann.post("/api/auth/tokens", {"name": "x", "scopes": ["read"]}).json["token"]
    turn_on(ann)
    assert not elsewhere.is_signed_in()
    assert_problem(ann.get("/api/users/me", token=token), 401, "bad_token")
    assert ann.is_signed_in()


def test_neither_secret_nor_codes_are_stored_as_they_are(ann: Account, engine: Engine) -> None:
    authenticator = turn_on(ann)
    (sealed,) = stored(engine, "SELECT totp_secret FROM users WHERE id = :id", ann)
    assert authenticator.secret not in bytes(sealed)
    everything = stored(engine, "SELECT r::text FROM recovery_codes r WHERE user_id = :id", ann)
    everything += stored(engine, "SELECT a::text FROM audit_log a WHERE actor_id = :id", ann)
    assert len(everything) >= 11
    assert not [row for row in everything for code in authenticator.recovery_codes if code in row]


def test_acts_are_in_the_audit_log(ann: Account, engine: Engine) -> None:
    authenticator = turn_on(ann)
    knock(ann, authenticator.recovery_codes[0])
    ann.post(f"{BASE}/recovery-codes", {"password": PASSWORD, "code": authenticator.code()})
    ann.post(f"{BASE}/off", {"password": PASSWORD, "code": authenticator.code()})
    acts = stored(engine, "SELECT action FROM audit_log WHERE actor_id = :id ORDER BY id", ann)
    assert [act for act in acts if act.startswith("second_factor.")] == [
        "second_factor.on",
        "second_factor.recovery_code_used",
        "second_factor.recovery_codes_made",
        "second_factor.off",
    ]


@pytest.mark.parametrize("code", ["", "12345", "x" * 41, "12345\0", "1234\ud8005", 123456, None, ["123456"]])
def test_what_is_no_code_names_its_field(ann: Account, code: object) -> None:
    answer = ann.client.post("/api/auth/signin", json={"email": ann.email, "password": PASSWORD, "code": code})
    assert_problem(answer, 422, "invalid")
    assert list(answer.json["errors"]) == ["code"]


@pytest.mark.parametrize("code", ["١٢٣٤٥٦", "１２３４５６", "+12345", "12345٠", "😀" * 6])
def test_digits_of_other_scripts_are_no_code(ann: Account, code: str) -> None:
    turn_on(ann)
    assert_problem(knock(ann, code), 401, "bad_code")


# --- guessing ---


@pytest.mark.parametrize("redis", ["up", "away"])
def test_codes_cannot_be_guessed_from_anywhere(config: Config, redis: str) -> None:
    """By who has the password: five in a few minutes over all addresses together, however many come at once."""
    client = limited_app(config, **({} if redis == "up" else {"redis_url": "redis://127.0.0.1:1/0"})).test_client()
    ann = sign_up(client)
    authenticator = turn_on(ann)
    wrong = authenticator.wrong_code()

    def guess(_: int) -> int:
        return knock(ann, wrong, environ_overrides={"REMOTE_ADDR": an_address()}).status_code

    with ThreadPoolExecutor(5) as pool:
        statuses = list(pool.map(guess, range(10)))
    assert sorted(statuses) == [401] * 5 + [429] * 5
    abroad = {"REMOTE_ADDR": an_address()}
    answer = knock(ann, authenticator.code(), environ_overrides=abroad)
    assert_problem(answer, 429, "too_many_requests")
    assert 1 <= int(answer.headers["Retry-After"]) <= 300
    assert knock(ann, authenticator.code()).status_code == 200, "the owner, at home"


def test_a_stranger_without_the_password_uses_up_none_of_the_tries(config: Config, limits: dict[str, str]) -> None:
    limits["second factor"] = "1/hour"
    client = limited_app(config).test_client()
    ann = sign_up(client)
    authenticator = turn_on(ann)
    for _ in range(5):
        assert knock(ann, "123456", "a wrong guess", environ_overrides={"REMOTE_ADDR": an_address()}).status_code == 401
    assert knock(ann, authenticator.code(), environ_overrides={"REMOTE_ADDR": an_address()}).status_code == 200


def test_codes_in_other_calls_count_as_well(config: Config, limits: dict[str, str]) -> None:
    limits["second factor"] = "2/hour"
    ann = sign_up(limited_app(config).test_client())
    wrong = turn_on(ann).wrong_code()
    body = {"password": PASSWORD, "code": wrong}
    statuses = [ann.post(f"{BASE}/{at}", body).status_code for at in ("off", "recovery-codes", "off")]
    assert statuses == [401, 401, 429]
    assert knock(ann, wrong).status_code == 429


def test_being_asked_for_a_code_is_no_wrong_guess_at_the_password(config: Config, limits: dict[str, str]) -> None:
    limits["sign-in to one from anywhere"] = "1/hour"
    ann = sign_up(limited_app(config).test_client())
    turn_on(ann)
    abroad = {"REMOTE_ADDR": an_address()}
    for _ in range(3):
        assert_problem(knock(ann, environ_overrides=abroad), 401, "second_factor_needed")


def test_who_was_only_asked_for_a_code_is_not_at_home_there(config: Config, limits: dict[str, str]) -> None:
    limits["second factor"] = "1/hour"
    ann = sign_up(limited_app(config).test_client())
    wrong = turn_on(ann).wrong_code()
    places = [{"REMOTE_ADDR": an_address()} for _ in range(2)]
    for place in places:
        assert knock(ann, environ_overrides=place).status_code == 401
    assert [knock(ann, wrong, environ_overrides=place).status_code for place in places] == [401, 429]


def test_without_a_second_factor_a_code_is_of_no_account(ann: Account) -> None:
    assert knock(ann, "123456").status_code == 200
