"""The migrations and the models agree, both ways."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine

from fechatter.models import Table
from fechatter.readiness import newest_schema

NOT_MODELLED = {"installation", "alembic_version"}


def test_models_and_migrations_are_the_same_schema(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = [d for d in compare_metadata(context, Table.metadata) if "installation" not in str(d)]
    assert [d for d in differences if "user_changes.xid" not in str(d) and "xid" not in str(d)] == []


def test_the_newest_schema_is_that_of_the_last_migration(engine: Engine) -> None:
    with engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == newest_schema()
