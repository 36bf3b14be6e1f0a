"""The REST API over httpx: tokens that renew themselves, and sends that are safe to repeat."""

import threading
import time
from collections.abc import Callable, Collection, Iterator
from typing import Any

import httpx

from client.memory import Session

TRIES = 6
AGAIN = (429, 502, 503, 504)

REFRESH_SECONDS = 4
"""An answer that was lost is asked for again well within the 10 s in which the spent token still gets it."""

ENDINGS = {
    "signed_out": "it was signed out",
    "revoked": "it was ended from elsewhere",
    "expired": "it was not used for too long",
    "token_reused": "a copy of it was used elsewhere",
    "bad_token": "it was signed out, or ended from elsewhere",
}


class Refused(Exception):
    """The service said no; `code` is its word for programs, `fields` are those whose values it does not take."""

    def __init__(self, status: int, code: str, detail: str, fields: Collection[str] = ()) -> None:
        super().__init__(detail)
        self.status, self.code, self.fields = status, code, fields


class SessionOver(Exception):
    """Only signing in again helps."""

    def __init__(self, code: str) -> None:
        super().__init__(f"This session has ended: {ENDINGS.get(code, code)}.")


class Api:
    """`session` is where the refresh token is kept, which other terminals of the account use too."""

    session: Session

    def __init__(self, server: str, transport: httpx.BaseTransport | None = None) -> None:
        self.server = server
        agent = {"User-Agent": "fechatter bin/chat"}
        self.http = httpx.Client(base_url=server, timeout=10, headers=agent, transport=transport)
        self.access = self.refresh = ""
        self.filed: str | None = None
        self.lock = threading.Lock()

    def find_notify(self) -> str:
        """The address of notify. Raises Refused if what answers is not Fechatter's web."""
        try:
            return str(self._send("GET", "/api/config", tries=2)["notify_url"])
        except (Refused, TypeError, KeyError) as no:
            if isinstance(no, Refused) and no.status in AGAIN:
                raise
            words = f"What answers at {self.server} is not the web of a Fechatter. bin/dev prints the right address"
            raise Refused(404, "not_fechatter", f"{words} (Ready: …); --server or FECHATTER_URL names it.") from no

    def sign_in(self, email: str, password: str) -> None:
        self._begin(self._send("POST", "/api/auth/signin", {"email": email, "password": password}))

    def sign_up(self, email: str, password: str, name: str, workspace: str | None, invite: str | None = None) -> None:
        """Raises Refused, also where the account is made but its address has to be proved first."""
        more = {"workspace": workspace, "invite": invite}
        body = {"email": email, "password": password, "name": name} | {key: text for key, text in more.items() if text}
        made = self._send("POST", "/api/auth/signup", body)
        if "access_token" not in made:
            words = f"A mail is on its way to {email}: open the link in it, then sign in without --sign-up."
            raise Refused(202, "email_unverified", words)
        self._begin(made)

    def resume(self, session: Session) -> None:
        self.session = session
        self.renew("")

    def sign_out(self) -> None:
        self.call("POST", "/api/auth/signout")
        with self.session.locked():
            self.session.forget()

    def renew(self, stale: str) -> None:
        """A new access token, unless another thread has got one since `stale`. Raises SessionOver."""
        with self.lock:
            if self.access == stale:
                try:
                    _read(_insist(self._exchange))
                except Refused as no:
                    if no.status == 401:
                        raise SessionOver(no.code) from no
                    raise

    def call(self, method: str, path: str, body: Any = None, *, fresh: bool = False) -> Any:
        """The answer's JSON; `fresh` past any cache. Raises Refused, SessionOver, or httpx.HTTPError if web is away."""
        access = self.access
        try:
            return self._send(method, path, body, access, fresh=fresh)
        except Refused as no:
            if no.status != 401:
                raise
        self.renew(access)
        return self._send(method, path, body, self.access, fresh=fresh)

    def pages(self, path: str) -> Iterator[Any]:
        """The items of a list that pages, all of them."""
        cursor = ""
        while True:
            page = self.call("GET", f"{path}?limit=100{cursor}")
            yield from page["items"]
            if page["next_cursor"] is None:
                return
            cursor = f"&cursor={page['next_cursor']}"

    def post_message(self, chat_id: int, content: str, client_id: str) -> Any:
        """One message, however often it is sent: the service knows it again by its `client_id`."""
        return self.call("POST", f"/api/chats/{chat_id}/messages", {"content": content, "client_id": client_id})

    def _begin(self, pair: Any) -> None:
        self.session = Session(self.server, pair["user"]["email"])
        with self.session.locked():
            self._take(pair)

    def _exchange(self) -> httpx.Response:
        """One try to renew, alone with the file: another terminal may have spent our refresh token since."""
        with self.session.locked():
            found = self.session.token()
            if found and found != self.filed:
                self.refresh = self.filed = found
            body = {"refresh_token": self.refresh}
            answer = self.http.post("/api/auth/refresh", json=body, timeout=REFRESH_SECONDS)
            if answer.is_success:
                self._take(_read(answer))
            elif answer.status_code == 401 and found == self.refresh:
                self.session.forget()
            return answer

    def _take(self, pair: Any) -> None:
        # Before the file is written, which may fail: the one that was spent is worth nothing.
        self.access, self.refresh = pair["access_token"], pair["refresh_token"]
        self.session.keep(self.refresh)
        self.filed = self.refresh

    def _send(
        self, method: str, path: str, body: Any = None, access: str = "", *, fresh: bool = False, tries: int = TRIES
    ) -> Any:
        headers = {"Authorization": f"Bearer {access}"} if access else {}
        headers |= {"Cache-Control": "no-cache"} if fresh else {}
        safe = method == "GET" or (isinstance(body, dict) and "client_id" in body)
        ask = lambda: self.http.request(method, path, json=body, headers=headers)  # noqa: E731
        return _read(_insist(ask, safe, tries))


def _insist(ask: Callable[[], httpx.Response], safe: bool = True, tries: int = TRIES) -> httpx.Response:
    """Asks until there is an answer worth having. What is not `safe` to repeat is repeated only after a 429."""
    for tried in range(tries):
        last = tried == tries - 1
        try:
            answer = ask()
        except httpx.TransportError:
            if last or not safe:
                raise
            time.sleep(0.25 * 2**tried)
            continue
        if answer.status_code not in AGAIN or last or not (safe or answer.status_code == 429):
            return answer
        time.sleep(min(float(answer.headers.get("Retry-After", 1)), 10))
    raise AssertionError("unreachable")


def _read(answer: httpx.Response) -> Any:
    try:
        if answer.is_success:
            return answer.json() if answer.content else None
        problem = answer.json()
        errors = problem.get("errors", {})
        reasons = [f"{field}: {' '.join(why)}" for field, why in errors.items()]
        raise Refused(answer.status_code, problem["code"], " ".join([problem["detail"], *reasons]), list(errors))
    except (ValueError, KeyError, TypeError, AttributeError) as odd:
        words = f"The server answered {answer.status_code} in a form that is not Fechatter's."
        raise Refused(answer.status_code, "unreadable", words) from odd
