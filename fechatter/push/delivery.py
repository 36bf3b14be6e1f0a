"""Hands one push over: encrypted for the browser alone (RFC 8291), signed with our key (RFC 8292). Import it only where
there is something to send: the library brings along megabytes."""

from base64 import urlsafe_b64encode
from time import time
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from py_vapid import Vapid02, VapidException
from pywebpush import WebPusher

from fechatter.push.addresses import Unsafe, read_endpoint
from fechatter.push.connection import PATIENCE, Answer, CheckedSession
from fechatter.push.due import Tellable
from fechatter.push.sending import Deliver

SIGNED_FOR = 12 * 3600
"""Seconds; push services take a day at most."""


def delivery(private_key: bytes, contact: str, session: CheckedSession) -> Deliver:
    vapid = Vapid02(derive_private_key(int.from_bytes(private_key), SECP256R1()))

    def deliver(told: Tellable, data: bytes, headers: dict[str, str]) -> Answer:
        origin = read_endpoint(told.endpoint, session.trusted).origin
        try:
            signed = vapid.sign({"aud": origin, "sub": contact, "exp": int(time()) + SIGNED_FOR})
        except VapidException as error:
            raise Unsafe("not an origin to sign for") from error
        pusher = WebPusher(_subscription(told), requests_session=session)
        answer: Answer = pusher.send(data, headers | signed, timeout=PATIENCE)
        return answer

    return deliver


def _subscription(told: Tellable) -> dict[str, Any]:
    """As browsers give it."""
    keys = {name: urlsafe_b64encode(key).decode() for name, key in (("p256dh", told.p256dh), ("auth", told.auth))}
    return {"endpoint": told.endpoint, "keys": keys}
