"""No token opens anything at web that we have not signed whole, by a key that its name is the name of."""

from dataclasses import replace
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask.testing import FlaskClient

from app.create import create_app
from fechatter.config import BadConfig, Config, read_config
from fechatter.keys import key_id, make_keys
from tests.app.signing import Account, assert_problem, sign_up
from tests.forgeries import compact, forgeries, huge


@pytest.fixture(scope="module")
def ann(app: Any) -> Account:
    return sign_up(app.test_client())


def claims_of(account: Account) -> dict[str, Any]:
    return jwt.decode(account.access_token, options={"verify_signature": False})


def key_of(config: Config) -> Ed25519PrivateKey:
    assert config.private_key
    return config.private_key


def test_no_forgery_is_taken(ann: Account, config: Config) -> None:
    for what, token in forgeries(claims_of(ann), key_of(config)).items():
        answer = ann.get("/api/users/me", token=token)
        assert (answer.status_code, answer.json.get("code")) == (401, "bad_token"), what
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_what_the_forgeries_are_made_of_is_good(ann: Account, config: Config) -> None:
    """Or else they would be refused for what they have in common."""
    key = key_of(config)
    header = {"alg": "EdDSA", "typ": "JWT", "kid": key_id(key.public_key())}
    assert ann.get("/api/users/me", token=compact(header, claims_of(ann), key.sign)).status_code == 200


def test_a_token_of_a_hundred_kilobytes_is_refused(ann: Account, config: Config) -> None:
    token = huge(claims_of(ann), key_of(config))
    assert len(token) > 100_000
    assert_problem(ann.get("/api/users/me", token=token), 401, "bad_token")


@pytest.mark.parametrize("order", [1, -1])
def test_two_headers_are_refused_though_one_is_good(ann: Account, client: FlaskClient, order: int) -> None:
    headers = [("Authorization", f"Bearer {token}") for token in (ann.access_token, "x")][::order]
    assert client.get("/api/users/me", headers=headers).status_code == 401


def test_every_token_names_the_key_that_has_signed_it(ann: Account, config: Config) -> None:
    assert jwt.get_unverified_header(ann.access_token)["kid"] == key_id(key_of(config).public_key())
    assert list(config.public_keys) == [key_id(key_of(config).public_key())]


def test_a_keys_name_is_its_thumbprint() -> None:
    """The example of RFC 8037, appendix A.3."""
    private = Ed25519PrivateKey.from_private_bytes(
        bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    )
    assert key_id(private.public_key()) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


# --- one key follows another ---


def other_key() -> tuple[Ed25519PrivateKey, str]:
    key = Ed25519PrivateKey.generate()
    return key, key_id(key.public_key())


def test_while_keys_change_tokens_of_both_are_good_and_each_only_under_its_name(ann: Account, config: Config) -> None:
    new, name = other_key()
    old = key_of(config)
    old_name = key_id(old.public_key())
    both = config.public_keys | {name: new.public_key()}
    app = create_app(replace(config, private_key=new, public_keys=both))
    there = Account(app.test_client(), ann.email, ann.id, ann.access_token, ann.refresh_token)
    assert there.is_signed_in()
    newer = there.refresh().json["access_token"]
    assert jwt.get_unverified_header(newer)["kid"] == name
    assert there.get("/api/users/me", token=newer).status_code == 200
    claims = claims_of(ann)
    for signer, kid in ((old, name), (new, old_name)):
        swapped = compact({"alg": "EdDSA", "kid": kid}, claims, signer.sign)
        assert_problem(there.get("/api/users/me", token=swapped), 401, "bad_token")
    app.extensions["fechatter"].engine.dispose()


def test_a_token_without_a_name_is_tried_with_every_key(ann: Account, config: Config) -> None:
    new, name = other_key()
    both = {name: new.public_key()} | config.public_keys
    app = create_app(replace(config, public_keys=both))
    there = Account(app.test_client(), ann.email, ann.id, ann.access_token, ann.refresh_token)
    for signer, status in ((key_of(config), 200), (new, 200), (other_key()[0], 401)):
        nameless = compact({"alg": "EdDSA"}, claims_of(ann), signer.sign)
        assert there.get("/api/users/me", token=nameless).status_code == status
    app.extensions["fechatter"].engine.dispose()


def test_a_key_that_is_told_no_more_is_good_for_nothing(ann: Account, config: Config) -> None:
    new, name = other_key()
    app = create_app(replace(config, private_key=new, public_keys={name: new.public_key()}))
    there = Account(app.test_client(), ann.email, ann.id, ann.access_token, ann.refresh_token)
    assert_problem(there.get("/api/users/me"), 401, "bad_token")
    app.extensions["fechatter"].engine.dispose()


TOLD = {
    "FECHATTER_ENV": "development",
    "DATABASE_URL": "postgresql://h/db",
    "REDIS_URL": "redis://h",
    "PUBLIC_URL": "https://chat.example.org",
    "SECRET_KEY": "x" * 32,
}


def test_public_keys_stand_one_after_the_other_with_or_without_line_ends() -> None:
    one, two = make_keys(), make_keys()
    for between in ("", "\\n", "\n", " \n\n "):
        told = read_config(
            "notify", TOLD | {"JWT_PUBLIC_KEY": f"{one['JWT_PUBLIC_KEY']}{between}{two['JWT_PUBLIC_KEY']}"}
        )
        assert len(told.public_keys) == 2
    web = read_config("web", TOLD | one | {"JWT_PUBLIC_KEY": two["JWT_PUBLIC_KEY"] + one["JWT_PUBLIC_KEY"]} | SECRET)
    assert web.private_key
    assert key_id(web.private_key.public_key()) in web.public_keys


SECRET = {"SECRET_KEY": "x" * 32}


@pytest.mark.parametrize("spoil", ["garbage behind", "cut short", "another kind", "twice the private one", "not ours"])
def test_what_is_not_all_public_keys_is_named(spoil: str) -> None:
    mine, other = make_keys(), make_keys()
    public = {
        "garbage behind": mine["JWT_PUBLIC_KEY"] + "x",
        "cut short": mine["JWT_PUBLIC_KEY"] + other["JWT_PUBLIC_KEY"][:60],
        "another kind": mine["JWT_PUBLIC_KEY"] + other["JWT_PUBLIC_KEY"].replace("MC", "MD", 1),
        "twice the private one": mine["JWT_PRIVATE_KEY"] * 2,
        "not ours": other["JWT_PUBLIC_KEY"],
    }[spoil]
    with pytest.raises(BadConfig) as bad:
        read_config("web", TOLD | mine | {"JWT_PUBLIC_KEY": public} | SECRET)
    assert [line.split()[0] for line in bad.value.complaints] == ["JWT_PUBLIC_KEY"]
