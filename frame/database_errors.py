"""What PostgreSQL's refusals mean to a client: never a 500 for what it sent, never a hang for what is away."""

import psycopg2
from psycopg2 import errorcodes
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from fechatter.errors import ChatError, Conflict, Invalid, Unavailable

COLLISIONS = (errorcodes.DEADLOCK_DETECTED, errorcodes.SERIALIZATION_FAILURE)
BUSY = (errorcodes.LOCK_NOT_AVAILABLE, errorcodes.QUERY_CANCELED)
TAKEN = (errorcodes.UNIQUE_VIOLATION, errorcodes.FOREIGN_KEY_VIOLATION)


def _cause(error: Exception) -> BaseException | None:
    return error.orig if isinstance(error, DBAPIError) else error


def code_of(error: Exception) -> str | None:
    """PostgreSQL's five characters for it, if it came from there."""
    return getattr(_cause(error), "pgcode", None)


def is_collision(error: Exception) -> bool:
    """A deadlock or a serialization failure: the same again will most likely succeed."""
    return code_of(error) in COLLISIONS


def as_refusal(error: SQLAlchemyError | psycopg2.Error) -> ChatError | None:
    """What to tell the client; None for what only a bug of ours can cause."""
    cause, code = _cause(error), code_of(error)
    if code in COLLISIONS or code in BUSY:
        return Unavailable("busy", "Others are changing this right now; try again.")
    if isinstance(error, PoolTimeout) or isinstance(cause, (psycopg2.OperationalError, psycopg2.InterfaceError)):
        return Unavailable()
    # Validation should have kept these out; if a value slips through, it is still the client's.
    if isinstance(cause, psycopg2.DataError):
        return Invalid({"body": ["A value cannot be stored."]})
    if code in TAKEN:
        return Conflict()
    return None
