"""What the product refuses, as small exceptions with a stable `code`; each door turns them into answers."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar


class ChatError(Exception):
    """A refusal that a client can act on. `status` is HTTP's word for it; doors without HTTP ignore it."""

    status: ClassVar[int] = 400
    code: str = "bad_request"
    detail: str = "The request cannot be carried out."

    def __init__(self, code: str | None = None, detail: str | None = None) -> None:
        self.code = code or self.code
        self.detail = detail or self.detail
        super().__init__(self.detail)


class SignInNeeded(ChatError):
    status, code, detail = 401, "unauthorized", "Valid credentials are needed."


class SessionEnded(SignInNeeded):
    """The session that asks lives no more, or never did: its token is answered like one that nobody has signed."""

    code, detail = "bad_token", "This token is not, or no longer, valid."


class Forbidden(ChatError):
    status, code, detail = 403, "forbidden", "You may not do this."


class InsufficientScope(Forbidden):
    """A personal access token was not made for this."""

    code, detail = "insufficient_scope", "This personal access token was not made for this call."


class Blocked(Forbidden):
    """The same for both, whoever of them has blocked the other."""

    code, detail = "blocked", "One of you two has blocked the other."


class ReadOnly(Forbidden):
    code, detail = "read_only", "Only its owners and admins post in this channel."


class NotFound(ChatError):
    """It is not there, or the caller may not know that it is: one answer for both, so it takes no words."""

    status, code, detail = 404, "not_found", "There is nothing here that you may see."

    def __init__(self) -> None:
        super().__init__()


class Conflict(ChatError):
    status, code, detail = 409, "conflict", "This collides with what is there already."


class Invalid(ChatError):
    """Well-formed but wrong. `errors` maps dotted field names to reasons."""

    status, code, detail = 422, "invalid", "Some fields are not valid."

    def __init__(self, errors: Mapping[str, list[str]], code: str | None = None) -> None:
        super().__init__(code)
        self.errors = dict(errors)


class TooMany(ChatError):
    """A limit was reached; `retry_after` is in seconds, `standings` what `fechatter.limits` knows of it."""

    status, code, detail = 429, "too_many_requests", "Too many requests; wait before trying again."

    def __init__(
        self,
        retry_after: int,
        code: str | None = None,
        detail: str | None = None,
        standings: Sequence[Any] = (),
    ) -> None:
        super().__init__(code, detail)
        self.retry_after, self.standings = max(1, retry_after), standings


class Unavailable(ChatError):
    """Something we need is away or too busy right now; nothing was changed, trying again is safe."""

    status, code, detail = 503, "unavailable", "The service is not available right now; try again."
    retry_after: int = 1
