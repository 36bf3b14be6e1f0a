"""Access tokens that look like one of ours and must open nothing, at any door; and how they are put together."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fechatter.keys import key_id

Sign = Callable[[bytes], bytes]
CLAIMS = ("sub", "sid", "iat", "exp", "jti", "type", "iss", "aud")
NAMES = (
    "../../../../dev/null",
    "/proc/self/environ",
    "https://evil.example/key.pem",
    "' UNION SELECT 'x' --",
    "; true",
    "",
    "x" * 2000,
    "\u0000",
    7,
    None,
    ["x"],
    {"x": 1},
)
"""As `kid`: none is the name of a key, whatever else could be opened by it."""


def base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def compact(header: Mapping[str, Any], claims: Mapping[str, Any], sign: Sign) -> str:
    """A JWT by hand, since the libraries refuse to make what is wrong."""
    signed = ".".join(base64url(json.dumps(part).encode()) for part in (header, claims))
    return f"{signed}.{base64url(sign(signed.encode()))}"


def forgeries(claims: dict[str, Any], key: Ed25519PrivateKey) -> dict[str, str]:
    """`claims` are those of a token that is good, `key` is the one that signs."""
    public, foreign = key.public_key(), Ed25519PrivateKey.generate()
    ours = {"alg": "EdDSA", "typ": "JWT", "kid": key_id(public)}
    raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": base64url(foreign.public_key().public_bytes_raw())}
    forged = {
        "a foreign key under our name": compact(ours, claims, foreign.sign),
        "a foreign key under its own name": compact(ours | {"kid": key_id(foreign.public_key())}, claims, foreign.sign),
        "a foreign key without a name": compact({"alg": "EdDSA"}, claims, foreign.sign),
        "a foreign key that the token brings along": compact(ours | {"jwk": jwk}, claims, foreign.sign),
        "a refresh token": f"{claims['sid']}.1.{'A' * 43}",
        "a personal access token": f"fch_{'A' * 43}",
        "no signature": compact(ours, claims, lambda _: b""),
        "another's claims": _with_payload(compact(ours, claims, key.sign), claims | {"sub": f"1{claims['sub']}"}),
    }
    for word in ("none", "None", "NONE", "nOnE", ""):
        forged[f"alg {word!r}"] = compact(ours | {"alg": word}, claims, lambda _: b"")
        forged[f"alg {word!r}, signed all the same"] = compact(ours | {"alg": word}, claims, key.sign)
    for name, secret in {"raw": raw, "PEM": pem, "PEM, trimmed": pem.strip(), "its x": base64url(raw).encode()}.items():
        sign: Sign = lambda data, secret=secret: hmac.digest(secret, data, "sha256")  # type: ignore[misc] # noqa: E731
        forged[f"HS256 by the public key, {name}"] = compact(ours | {"alg": "HS256"}, claims, sign)
    for kid in NAMES:
        forged[f"kid {str(kid)[:30]!r}"] = compact(ours | {"kid": kid}, claims, key.sign)
    for claim in CLAIMS:
        without = {name: value for name, value in claims.items() if name != claim}
        forged[f"without {claim}"] = compact(ours, without, key.sign)
    for claim, value in (
        ("aud", "fechatter-mail"),
        ("iss", "another"),
        ("type", "refresh"),
        ("sub", "0"),
        ("sid", "1"),
    ):
        forged[f"{claim} {value}"] = compact(ours, claims | {claim: value}, key.sign)
    return forged


def huge(claims: dict[str, Any], key: Ed25519PrivateKey) -> str:
    """100 KB, and signed by us."""
    return compact({"alg": "EdDSA", "kid": key_id(key.public_key())}, claims | {"more": "x" * 75_000}, key.sign)


def _with_payload(token: str, claims: dict[str, Any]) -> str:
    head, _, signature = token.split(".")
    return f"{head}.{base64url(json.dumps(claims).encode())}.{signature}"
