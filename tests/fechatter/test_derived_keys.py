"""One key for one purpose."""

import ast
from typing import get_args

from fechatter.derived_keys import PURPOSES, Purpose, derived_key
from fechatter.sealing import SecondFactorBox
from launcher.paths import PROJECT

SECRET = "a secret that is long enough for the tests"


def test_every_purpose_has_words_of_its_own_and_so_a_key_of_its_own() -> None:
    assert set(PURPOSES) == set(get_args(Purpose))
    keys = {derived_key(SECRET, purpose) for purpose in PURPOSES}
    assert len(set(PURPOSES.values())) == len(keys) == len(PURPOSES)
    assert SECRET.encode() not in keys
    assert keys.isdisjoint({derived_key(SECRET + "x", purpose) for purpose in PURPOSES})


def test_nothing_but_the_derivation_works_with_the_secret_key_itself() -> None:
    """Whoever is given it hands it on to that."""
    used = set()
    for part in ("app", "fechatter", "frame", "notify", "worker"):
        for path in (PROJECT / part).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                name = getattr(node, "attr", None) or getattr(node, "id", None)
                if isinstance(node, ast.Attribute | ast.Name) and name == "secret_key":
                    used.add(str(path.relative_to(PROJECT)))
    derive = {"fechatter/refresh_tokens.py", "fechatter/sealing.py"}
    assert used == {"fechatter/config.py", "app/services.py", "fechatter/derived_keys.py", *derive}
    for path in derive:
        assert (PROJECT / path).read_text().count("secret_key") == 2, path
        assert "derived_key(secret_key, " in (PROJECT / path).read_text()


def test_what_is_sealed_opens_for_its_person_alone() -> None:
    box = SecondFactorBox(SECRET)
    sealed = box.seal(b"a secret", 7)
    assert b"a secret" not in sealed
    assert sealed != box.seal(b"a secret", 7)
    assert box.open(sealed, 7) == b"a secret"
    assert box.open(sealed, 8) is None
    assert SecondFactorBox(SECRET + "x").open(sealed, 7) is None
    for broken in (b"", sealed[:5], sealed[:-1], sealed[:-1] + bytes([sealed[-1] ^ 1])):
        assert box.open(broken, 7) is None
