"""A real push service for tests: HTTPS on the loopback address, and browsers that read what it got."""

import ssl
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from secrets import token_bytes, token_urlsafe
from threading import Lock, Thread
from typing import Any

import http_ece
import jwt
import orjson
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.mail_server import a_certificate


def base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class Pushed:
    """One request, as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


class Browser:
    """The one that a push is for: its keys open what nobody else can read."""

    def __init__(self, origin: str) -> None:
        self.key, self.auth = generate_private_key(SECP256R1()), token_bytes(16)
        self.path = f"/send/{token_urlsafe(24)}"
        self.endpoint = f"{origin}{self.path}"
        self.p256dh = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def subscription(self) -> dict[str, Any]:
        """As `PushSubscription.toJSON()`."""
        keys = {"p256dh": base64url(self.p256dh), "auth": base64url(self.auth)}
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": keys}

    def read(self, pushed: Pushed) -> Any:
        assert pushed.headers["content-encoding"] == "aes128gcm"
        return orjson.loads(http_ece.decrypt(pushed.body, private_key=self.key, auth_secret=self.auth))


Answer = Callable[[BaseHTTPRequestHandler], object]


@dataclass
class PushService:
    """`answers` says by path what is answered in place of 201: each a status, or what to do with the request."""

    origin: str
    certificate: Path
    got: list[Pushed] = field(default_factory=list)
    answers: dict[str, int | Answer] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    connections: int = 0
    lock: Lock = field(default_factory=Lock)

    def browser(self) -> Browser:
        return Browser(self.origin)

    def to(self, browser: Browser) -> list[Pushed]:
        with self.lock:
            return [pushed for pushed in self.got if pushed.path == browser.path]

    def told(self, browser: Browser) -> list[Any]:
        """What the browser has read, in the order in which it came."""
        return [browser.read(pushed) for pushed in self.to(browser)]

    @property
    def tls(self) -> ssl.SSLContext:
        """Of a client that trusts its certificate."""
        return ssl.create_default_context(cafile=str(self.certificate))


def answered(request: BaseHTTPRequestHandler, status: int, headers: Mapping[str, str]) -> None:
    request.send_response(status)
    for name, value in headers.items():
        request.send_header(name, value)
    request.send_header("Content-Length", "0")
    request.end_headers()


def created(request: BaseHTTPRequestHandler) -> None:
    answered(request, 201, {})


def signer(pushed: Pushed) -> tuple[str, dict[str, Any]]:
    """The key in base64url and the claims of who has signed it."""
    scheme, _, words = pushed.headers["authorization"].partition(" ")
    assert scheme == "vapid"
    parts = dict(word.strip().split("=", 1) for word in words.split(","))
    point = urlsafe_b64decode(parts["k"] + "=" * (-len(parts["k"]) % 4))
    key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
    return parts["k"], jwt.decode(parts["t"], key, algorithms=["ES256"], options={"verify_aud": False})


@contextmanager
def a_push_service(folder: Path) -> Iterator[PushService]:
    context, certificate = a_certificate(folder)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            with service.lock:
                service.got.append(Pushed(self.path, headers, body))
            answer = service.answers.get(self.path, 201)
            if callable(answer):
                answer(self)
            else:
                answered(self, answer, service.headers)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def finish_request(self, request: Any, client_address: Any) -> None:
            # In the request's own thread, so that a client that says nothing holds up no other.
            with service.lock:
                service.connections += 1
            try:
                secured = context.wrap_socket(request, server_side=True)
            except OSError:
                return
            with secured:
                super().finish_request(secured, client_address)

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    service = PushService(f"https://127.0.0.1:{server.server_address[1]}", certificate)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
