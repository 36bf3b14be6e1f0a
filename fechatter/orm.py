"""Sessions of SQLAlchemy's ORM, for the doors that load objects: the others do without the megabytes of its import."""

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker


def make_sessions(engine: Engine) -> sessionmaker[Session]:
    """Sessions whose objects stay readable after the commit; nothing is flushed behind the back of a lock."""
    return sessionmaker(engine, expire_on_commit=False)
