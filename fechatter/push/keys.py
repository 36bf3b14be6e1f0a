"""By which key push services know us: that of the environment, else one that the database keeps beside the
subscriptions that were made for it."""

from base64 import urlsafe_b64encode

from sqlalchemy import Connection, text

from fechatter.errors import Unavailable
from fechatter.push.settings import PushSettings

KEPT = text("SELECT vapid_private_key FROM installation")
# Of two that make one at once, the second waits for the row and finds the first one's.
KEEP = text(
    "UPDATE installation SET vapid_private_key = coalesce(vapid_private_key, :made) RETURNING vapid_private_key"
)


def private_key(connection: Connection, settings: PushSettings) -> bytes:
    """Its 32 bytes; made with the first call where neither has one."""
    if settings.private_key:
        return settings.private_key
    kept: bytes | None = connection.scalar(KEPT) or connection.scalar(KEEP, {"made": _make()})
    if kept is None:  # the release step has not come to its end
        raise Unavailable
    return bytes(kept)


def _make() -> bytes:
    # Here and below: not every process that imports this has a use for the library.
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

    return generate_private_key(SECP256R1()).private_numbers().private_value.to_bytes(32)


def public_key(private: bytes) -> str:
    """As browsers want it: the uncompressed point in base64url."""
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = derive_private_key(int.from_bytes(private), SECP256R1()).public_key()
    return base64url(key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def is_public_key(point: bytes) -> bool:
    """Whether this is an uncompressed point of the curve, to which can be encrypted."""
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

    if len(point) != 65:
        return False
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
    except ValueError:
        return False
    return True


def base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
